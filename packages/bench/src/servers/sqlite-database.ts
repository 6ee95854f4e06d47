import { DatabaseSync } from 'node:sqlite';
import { settle } from '../seed/settle.ts';

/** A SQLite file with the settings that ours has: write-ahead log, and every commit on disk before it is answered. */
export function openDatabase(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  database.exec('PRAGMA temp_store = MEMORY');
  return database;
}

/** Runs what makes codes and tokens in transactions of a thousand: one each would wait for the disk thousands of times. */
export async function seedMany<T>(database: DatabaseSync, count: number, make: () => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  while (made.length < count) {
    database.exec('BEGIN');
    for (const end = Math.min(count, made.length + 1000); made.length < end;) made.push(await make());
    database.exec('COMMIT');
  }
  settle(database);
  return made;
}
