import type { QueryCreator } from 'kysely';
import type { Engine } from './engine.ts';
import { createPostgresCompiler } from './postgres-compiler.ts';
import { connectPostgres, type PostgresConnection, type PostgresConnections } from './postgres-connection.ts';
import type { FailureKind } from './postgres-errors.ts';
import { runOnce, Unanswered } from './postgres-transaction.ts';
import { parsePostgresUrl } from './postgres-url.ts';
import type { Question } from './question.ts';
import type { Schema } from './schema.ts';
import { StorageError } from './storage-error.ts';

/** Where the data lies, and what a backend may ask of the server. */
export interface PostgresOptions {
  /**
   * `postgres://user:password@host:5432/database?sslmode=…`; user, password and database percent-encoded. What it leaves out is taken from
   * libpq's environment variables (`PGUSER`, `PGPASSWORD` …).
   *
   * `sslmode`: `verify-full` (the default, and what `require` means here too) checks the server's certificate and name; `verify-ca`
   * the certificate only, and needs `sslrootcert=FILE`; `no-verify` takes any certificate, so that whoever is in between reads along;
   * `disable` uses no TLS, which is the default on this computer only (loopback, or a socket with `?host=/folder`) where no certificate is
   * named. `sslrootcert=FILE` names the authority to trust instead of the well-known ones, `sslcert` and `sslkey` a client certificate.
   *
   * @see [Connection URIs](https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS)
   */
  readonly url: string;
  /** Connections at most, opened when they are needed. Default 10; every backend on the database has its own. */
  readonly poolSize?: number;
  /** How long a statement may take on the server, and a transaction may wait for its backend. Default 10,000 milliseconds. */
  readonly statementTimeoutMs?: number;
  /** How long to wait for a connection, new or from the pool. Default 5000 milliseconds. */
  readonly connectTimeoutMs?: number;
  /** After how long without use a connection is closed. Default 30,000 milliseconds. */
  readonly idleTimeoutMs?: number;
  /** How long a question that others keep getting in the way of is run again before it is refused as `busy`. Default 5000 milliseconds. */
  readonly busyLimitMs?: number;
}

const DEFAULTS = {
  poolSize: 10,
  statementTimeoutMs: 10_000,
  connectTimeoutMs: 5000,
  idleTimeoutMs: 30_000,
  busyLimitMs: 5000,
} as const satisfies Omit<PostgresOptions, 'url'>;

/** How often a question is run that failed in this way; conflicts are limited by time instead. */
const MAX_RUNS: Readonly<Record<FailureKind, number>> = { conflict: Infinity, maybe_conflict: 3, stale_plan: 3, lost: 2, final: 1 };

/** Longest pause before a question is run again. */
const MAX_PAUSE_MS = 50;

/** The lock that {@link Engine.exclusively} holds: "cc" and a number. Any other program on the same database is unlikely to use it. */
const EXCLUSIVE_LOCK = 0x6363_0001;

/**
 * Opens a PostgreSQL database that any number of backends may share. Connects when it is first asked something.
 *
 * Each question is one transaction at REPEATABLE READ: it sees one moment, and where another has since changed a row that it changes too,
 * it is run again from its beginning. A row that it only reads may be changed meanwhile, so a question changes a row that it decides by (see
 * `widenGrant`), or begins with `inTurn` where it decides by there being none. SERIALIZABLE for all would need neither and was
 * measured: ids begin with their time, so all that is new lies on the same index pages, where neighbours count as conflicts. With 16
 * askers on two cores it redeemed 497 codes/s, each run twice on average, against 1,124/s with no conflict (READ COMMITTED: 1,179/s). A
 * question of one `select` has no transaction around it (13,000/s).
 *
 * @throws StorageError `cannot_open` where the address or an option is not usable. When asked: `unavailable` where the server cannot be
 * reached, `outcome_unknown` where the connection was lost during COMMIT, `busy` …
 */
export function openPostgres<S = Schema>(options: PostgresOptions): Engine<S> {
  const limits = { ...DEFAULTS, ...validNumbers(options) };
  const connections = connectPostgres(parsePostgresUrl(options.url), limits);
  return createPostgresEngine<S>(connections, limits.busyLimitMs);
}

function validNumbers(options: PostgresOptions): Omit<PostgresOptions, 'url'> {
  const { url, ...numbers } = options;
  if (typeof url !== 'string') throw new StorageError('cannot_open', `openPostgres: url: expected an address, received ${typeof url}.`);
  for (const [name, value] of Object.entries(numbers)) {
    if (Number.isSafeInteger(value) && value >= 1) continue;
    throw new StorageError('cannot_open', `openPostgres: ${name}: expected a whole number from 1 on, received ${String(value)}.`);
  }
  return numbers;
}

function createPostgresEngine<S>(connections: PostgresConnections, busyLimitMs: number): Engine<S> {
  const db = createPostgresCompiler<S>();
  const underWay = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;

  function guarded<T>(work: () => Promise<T>): Promise<T> {
    if (closing !== undefined) return Promise.reject(new StorageError('closed', 'The database was closed.'));
    const working = work();
    underWay.add(working);
    return working.finally(() => underWay.delete(working));
  }

  const asker = createAsker(db, { connections, busyLimitMs });
  return {
    dialect: 'postgres',
    ask: (question) => guarded(() => asker(() => connections.borrow(), question)),
    exclusively: (work) =>
      guarded(async () => {
        const connection = await connections.open();
        try {
          await connection.command(`SELECT pg_advisory_lock(${EXCLUSIVE_LOCK})`);
          // The same connection, so that the lock ends with the work whatever becomes of it, and nothing waits for a place in the pool.
          const kept = { ...connection, release: () => undefined };
          return await work({ dialect: 'postgres', ask: (question) => asker(async () => kept, question), close: async () => undefined });
        } finally {
          connection.release();
        }
      }),
    close: () => (closing ??= Promise.allSettled(underWay).then(() => connections.close())),
  };
}

type Asker<S> = <T>(borrow: () => Promise<PostgresConnection>, question: (db: QueryCreator<S>) => Question<T>) => Promise<T>;

function createAsker<S>(db: QueryCreator<S>, engine: { connections: PostgresConnections; busyLimitMs: number }): Asker<S> {
  // First statements that turned out to be followed by another, so that the next time a transaction begins at once.
  const followed = new Set<string>();

  async function runOn<T>(borrow: () => Promise<PostgresConnection>, ask: (db: QueryCreator<S>) => Question<T>): Promise<T> {
    const connection = await borrow();
    let isBroken = false;
    try {
      return await runOnce(connection, { db, ask, followed });
    } catch (error) {
      isBroken = error instanceof Unanswered && error.leavesBroken;
      throw error;
    } finally {
      connection.release(isBroken);
    }
  }

  return async function ask(borrow, question) {
    const since = performance.now();
    // Of each kind for itself: what never runs twice must not look as if it had, because of conflicts before it.
    const runs = new Map<FailureKind, number>();
    for (let run = 1; ; run += 1) {
      try {
        return await runOn(borrow, question);
      } catch (error) {
        if (!(error instanceof Unanswered)) throw error;
        const ofThisKind = (runs.get(error.kind) ?? 0) + 1;
        runs.set(error.kind, ofThisKind);
        if (ofThisKind >= MAX_RUNS[error.kind] || performance.now() - since > engine.busyLimitMs) throw error.cause;
        if (error.kind === 'stale_plan') engine.connections.forgetPrepared();
      }
      await pause(run);
    }
  };
}

/** At random, so that those who met do not meet again. */
function pause(run: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(MAX_PAUSE_MS, 2 ** run)));
}
