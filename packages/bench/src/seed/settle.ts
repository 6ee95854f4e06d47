import type { DatabaseSync } from 'node:sqlite';

/**
 * Writes what was just seeded from the log into the database file, for every candidate alike: otherwise the first commits that are measured
 * do it, which a few seconds of a measurement cannot make up for.
 */
export function settle(database: DatabaseSync): void {
  database.exec('PRAGMA busy_timeout = 5000');
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
}
