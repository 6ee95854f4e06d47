import { PostgresAdapter, PostgresQueryCompiler, type QueryCreator } from 'kysely';
import { createQueryCompiler } from './query-compiler.ts';

/** Compiles statements for PostgreSQL. */
export function createPostgresCompiler<S>(): QueryCreator<S> {
  return createQueryCompiler(new PostgresQueryCompiler(), new PostgresAdapter());
}
