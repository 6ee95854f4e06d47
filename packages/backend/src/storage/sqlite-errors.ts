import { StorageError, type StorageErrorCode } from './storage-error.ts';

/** SQLite's primary result codes that have a meaning of their own. @see [Result codes](https://www.sqlite.org/rescode.html) */
const primaryCodes: Readonly<Record<number, StorageErrorCode>> = {
  5: 'busy',
  6: 'busy',
  8: 'read_only',
  10: 'io_error',
  11: 'corrupt',
  13: 'full',
  14: 'cannot_open',
  19: 'constraint_violation',
  26: 'corrupt',
};

/** SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE and SQLITE_CONSTRAINT_ROWID. */
const uniqueViolations: readonly number[] = [1555, 2067, 2579];

/** After these SQLite may already have rolled the whole transaction back, so no savepoint of it can be trusted. */
const batchBreakers: readonly StorageErrorCode[] = ['full', 'io_error', 'corrupt', 'busy', 'read_only', 'cannot_open'];

/**
 * Gives an error of `node:sqlite` its stable code. SQLite's own messages name tables and columns, never values, so they are kept.
 * Anything else comes back as it is.
 */
export function toStorageError(error: unknown): unknown {
  if (error instanceof StorageError || !(error instanceof Error)) return error;
  if (!('errcode' in error) || typeof error.errcode !== 'number') return error;
  return new StorageError(storageErrorCode(error.errcode), `SQLite: ${error.message} (${error.errcode}).`, { cause: error });
}

function storageErrorCode(resultCode: number): StorageErrorCode {
  if (uniqueViolations.includes(resultCode)) return 'unique_violation';
  return primaryCodes[resultCode & 0xff] ?? 'failed';
}

/** Tells whether an error ends the whole transaction and not only the question it happened to. */
export function breaksBatch(error: unknown): boolean {
  return error instanceof StorageError && batchBreakers.includes(error.code);
}
