import { accessSync, closeSync, constants, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { CompiledQuery } from 'kysely';
import { toStorageError } from './sqlite-errors.ts';
import { type PreparedStatement, prepareStatement } from './sqlite-statement.ts';
import { toSqliteValues } from './sqlite-values.ts';
import { StorageError } from './storage-error.ts';

/** Longest wait, while opening, for a lock that another process holds. */
const openBusyTimeoutMs = 5000;

/** Prepared statements kept. The questions have a few hundred texts; lists of varying length (`in (?, ?)`) must not grow this for ever. */
const maxPreparedStatements = 512;

/** An open SQLite file: prepares, binds and runs one statement at a time, blocking. */
export interface SqliteConnection {
  /** Runs a compiled statement and answers with its rows. @throws StorageError */
  execute(query: CompiledQuery): readonly unknown[];
  /** Runs a statement without parameters, such as COMMIT. @throws StorageError */
  command(sql: string): void;
  close(): void;
}

/**
 * Opens a file, creating it readable by its owner only, with the settings every connection has.
 *
 * @throws StorageError
 */
export function connectSqlite(file: string): SqliteConnection {
  const database = translated(() => openFile(file));
  const statements = new Map<string, PreparedStatement>();

  function prepare(sql: string): PreparedStatement {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const statement = prepareStatement(database, sql);
    statements.set(sql, statement);
    // The oldest goes, used or not: to prepare one again now and then costs less than keeping account of every use.
    if (statements.size > maxPreparedStatements) statements.delete(statements.keys().next().value ?? sql);
    return statement;
  }

  return {
    execute: (query) => translated(() => prepare(query.sql).rows(toSqliteValues(query.parameters))),
    command: (sql) => translated(() => prepare(sql).run()),
    close() {
      statements.clear();
      database.close();
    },
  };
}

function openFile(file: string): DatabaseSync {
  // SQLite would create it with the umask's mode; the -wal and -shm files take theirs from it.
  if (file !== ':memory:') createPrivately(file);
  const database = new DatabaseSync(file, { timeout: openBusyTimeoutMs, enableForeignKeyConstraints: true });
  try {
    useWriteAheadLog(database, file);
    database.exec('PRAGMA synchronous = FULL');
    // A log of 32 MB is taken over into the file by whoever fills it, who waits 25 ms: only where sqlite-checkpointer.ts has not done it before.
    database.exec('PRAGMA wal_autocheckpoint = 8000');
    // Deleted contents are overwritten: what was erased must not be found in the file's free pages.
    database.exec('PRAGMA secure_delete = ON');
    database.exec('PRAGMA temp_store = MEMORY');
    database.exec('PRAGMA trusted_schema = OFF');
    // From here on a lock is waited for without blocking the event loop: see sqlite.ts.
    database.exec('PRAGMA busy_timeout = 0');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function createPrivately(file: string): void {
  try {
    closeSync(openSync(file, 'ax', 0o600));
  } catch (error) {
    // It is there. Opened and closed besides SQLite it would lose the locks that this process has on it.
    if (systemReason(error) === 'EEXIST') return requireAccess(file);
    throw cannotOpen(file, error);
  }
}

function requireAccess(file: string): void {
  try {
    accessSync(file, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw cannotOpen(file, error);
  }
}

function cannotOpen(file: string, error: unknown): StorageError {
  return new StorageError('cannot_open', `The database file ${file} cannot be opened for writing: ${systemReason(error)}.`, {
    cause: error,
  });
}

function systemReason(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
}

/** Changing the journal mode takes a lock that SQLite's own busy timeout does not always wait for. */
function useWriteAheadLog(database: DatabaseSync, file: string): void {
  const deadline = Date.now() + openBusyTimeoutMs;
  for (;;) {
    try {
      const mode = database.prepare('PRAGMA journal_mode = WAL').get()?.['journal_mode'];
      if (mode === 'wal' || mode === 'memory') return;
      throw new StorageError(
        'cannot_open',
        `The file system of ${file} cannot hold a write-ahead log, which network file systems often cannot.`,
      );
    } catch (error) {
      const reason = toStorageError(error);
      if (!(reason instanceof StorageError && reason.code === 'busy') || Date.now() > deadline) throw reason;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

function translated<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw toStorageError(error);
  }
}
