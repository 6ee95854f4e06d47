import { type QueryCreator, SqliteAdapter, SqliteQueryCompiler } from 'kysely';
import { createQueryCompiler } from './query-compiler.ts';

/** Compiles statements for SQLite. */
export function createSqliteCompiler<S>(): QueryCreator<S> {
  return createQueryCompiler(new SqliteQueryCompiler(), new SqliteAdapter());
}
