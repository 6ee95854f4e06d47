import type { DatabaseError } from 'pg';
import { StorageError, type StorageErrorCode } from './storage-error.ts';

/** SQLSTATEs that have a meaning of their own. @see [Error codes](https://www.postgresql.org/docs/current/errcodes-appendix.html) */
const codes: Readonly<Record<string, StorageErrorCode>> = {
  '23505': 'unique_violation',
  '25006': 'read_only',
  '40001': 'busy',
  '40P01': 'busy',
  '53100': 'full',
  '53300': 'unavailable',
  '55P03': 'busy',
  '57014': 'busy',
  '25P03': 'unavailable',
  '25P04': 'busy',
};

/** The same by class: the first two characters. */
const classes: Readonly<Record<string, StorageErrorCode>> = {
  '08': 'unavailable',
  '22': 'unsupported_value',
  '23': 'constraint_violation',
  '28': 'cannot_open',
  '3D': 'cannot_open',
  '53': 'full',
  '57': 'unavailable',
  '58': 'io_error',
  XX: 'corrupt',
};

/** What may be done after a failure. */
export type FailureKind =
  /** Another transaction was in the way: this one was undone, and will find another world when it is run again. */
  | 'conflict'
  /** It looks like a fault of the question, and is one unless it was a row that the question could not see yet, or no longer. */
  | 'maybe_conflict'
  /** The connection is of no use any more; whatever it had begun is undone. */
  | 'lost'
  /** The tables were changed under a prepared statement: preparing it again helps. */
  | 'stale_plan'
  | 'final';

const kinds: Readonly<Record<string, FailureKind>> = {
  '40001': 'conflict',
  '40P01': 'conflict',
  '23503': 'maybe_conflict',
  '23505': 'maybe_conflict',
  '0A000': 'stale_plan',
  '26000': 'stale_plan',
  // A standby: after a failover another connection may find the new primary.
  '25006': 'lost',
  '25P03': 'lost',
  '57P01': 'lost',
  '57P02': 'lost',
  '57P03': 'lost',
  '57P05': 'lost',
};

/** These classes' messages name tables, columns and constraints. The others' may quote a value. */
const namesOnly: readonly string[] = ['0A', '23', '25', '3D', '3F', '40', '42', '53', '55', '57', '58'];

/** Gives an error of the driver, thrown while a statement ran, its stable code. What may hold a value that was stored or bound is left out. */
export function toStorageError(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const state = sqlState(error);
  if (state === undefined)
    return new StorageError('unavailable', `PostgreSQL: the connection was lost (${reasonOf(error)}).`, { cause: error });
  const group = state.slice(0, 2);
  const what = namesOnly.includes(group) && error instanceof Error ? error.message : 'a statement was refused';
  return new StorageError(codes[state] ?? classes[group] ?? 'failed', `PostgreSQL: ${what} (${state}).`, { cause: namesOf(error, what) });
}

/** Tells what may be done after a failure that {@link toStorageError} translated. */
export function kindOf(error: StorageError): FailureKind {
  const state = sqlState(error.cause);
  if (state === undefined) return error.code === 'unavailable' ? 'lost' : 'final';
  return kinds[state] ?? (state.startsWith('08') ? 'lost' : 'final');
}

/** Gives an error of the driver, thrown while connecting, its stable code. */
export function toConnectError(error: unknown, inWords: string): StorageError {
  const state = sqlState(error);
  if (state !== undefined) {
    const refused = state.startsWith('28') || state.startsWith('3D') || state.startsWith('42');
    const reason = error instanceof Error ? error.message : 'refused';
    return new StorageError(refused ? 'cannot_open' : 'unavailable', `${inWords}: ${reason} (${state}).`, { cause: error });
  }
  const message = error instanceof Error ? error.message : '';
  if (message.startsWith('timeout exceeded')) {
    return new StorageError('busy', `${inWords}: every connection of the pool stayed in use.`, { cause: error });
  }
  const [code, reason] = connectReason(error, message);
  return new StorageError(code, `${inWords}: ${reason}`, { cause: error });
}

function connectReason(error: unknown, message: string): [StorageErrorCode, string] {
  if (message.includes('does not support SSL')) {
    return [
      'cannot_open',
      'the server offers no TLS. Switch it on there, or, where the way to it is safe, add ?sslmode=disable, and name no certificate.',
    ];
  }
  if (message.includes('password must be')) {
    return ['cannot_open', 'the server asks for a password and was given none. Put it into the address, or into PGPASSWORD.'];
  }
  if (systemCode(error) === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return [
      'cannot_open',
      'the server’s certificate is for another name. Use the name that it is for, or ?sslmode=verify-ca&sslrootcert=FILE, which takes any name from that authority.',
    ];
  }
  if (/CERT|SIGNED|ISSUER|VERIFY|ERR_TLS|ERR_SSL/.test(systemCode(error) ?? '')) {
    const todo = 'Give its authority with ?sslrootcert=FILE; ?sslmode=no-verify would take any certificate, also a forged one.';
    return ['cannot_open', `the server's certificate is not to be trusted (${systemCode(error)}). ${todo}`];
  }
  return ['unavailable', `the server cannot be reached (${reasonOf(error)}).`];
}

/** The driver's errors of its own, and the system's, hold an address at most. */
function reasonOf(error: unknown): string {
  return systemCode(error) ?? (error instanceof Error ? error.message.toLowerCase() : 'unknown reason');
}

function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.cause === undefined ? undefined : systemCode(error.cause);
}

/** Five characters of a server's error; the system's codes, such as EPIPE, look alike. */
function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('severity' in error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** What is kept of a server's error. Its `detail` and `where`, and some messages, quote rows and parameters, and whoever shows an error shows its cause. */
function namesOf(error: unknown, message: string): Error {
  const { severity, code, table, column, constraint, routine } = error as DatabaseError;
  return Object.assign(new Error(message), { severity, code, table, column, constraint, routine });
}
