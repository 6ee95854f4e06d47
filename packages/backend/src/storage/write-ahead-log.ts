import { closeSync, fdatasync, openSync } from 'node:fs';
import { StorageError } from './storage-error.ts';

/** The write-ahead log of a SQLite file, as far as making it durable goes. */
export interface WriteAheadLog {
  /** Resolves when all that was committed before the call lies on the disk. @throws StorageError `io_error` */
  sync(): Promise<void>;
  close(): void;
}

/** Opens the log beside a database file. It is the same file for as long as a connection to the database is open. */
export function openWriteAheadLog(databaseFile: string): WriteAheadLog {
  let log: number | undefined;
  return {
    sync: () =>
      new Promise((resolve, reject) => {
        try {
          log ??= openSync(`${databaseFile}-wal`, 'r+');
        } catch (error) {
          reject(notDurable(error));
          return;
        }
        fdatasync(log, (error) => (error === null ? resolve() : reject(notDurable(error))));
      }),
    close: () => {
      if (log !== undefined) closeSync(log);
      log = undefined;
    },
  };
}

function notDurable(cause: unknown): StorageError {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
  return new StorageError(
    'io_error',
    `The write-ahead log could not be brought to the disk: ${reason}. Restart, and look after the disk.`,
    {
      cause,
    },
  );
}
