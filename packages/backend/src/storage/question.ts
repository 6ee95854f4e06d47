import { type Compilable, CompiledQuery } from 'kysely';
import { StorageError } from './storage-error.ts';

/**
 * A question to the database: yields compiled statements and is sent back the rows of each. It never awaits, so that SQLite can run
 * many of them inside one transaction. An engine may run it again from its beginning, so it changes nothing outside the database.
 */
export type Question<T> = Generator<CompiledQuery, T, readonly unknown[]>;

/**
 * Answers with all rows of a statement.
 *
 * @example
 * ```ts
 * function* codesOf(db: QueryCreator<Schema>, profileId: string) {
 *   return yield* rows(db.selectFrom('codes').selectAll().where('profile_id', '=', profileId));
 * }
 * ```
 */
export function* rows<R>(query: Compilable<R>): Question<R[]> {
  // Here and below it is named what comes back: Kysely knows the row from the statement, the driver cannot.
  return (yield query.compile()) as R[];
}

/** Answers with the first row of a statement, or `undefined` where there is none. */
export function* maybeOne<R>(query: Compilable<R>): Question<R | undefined> {
  return ((yield query.compile()) as R[])[0];
}

/**
 * Answers with the first row of a statement.
 *
 * @throws StorageError `not_found` where there is none.
 */
export function* one<R>(query: Compilable<R>): Question<R> {
  const [row] = (yield query.compile()) as R[];
  if (row === undefined) throw new StorageError('not_found', 'The statement was to find a row and found none.');
  return row;
}

/** Runs a statement whose rows do not matter. A statement that must tell what it changed says so with `returning` and {@link rows}. */
export function* run(query: Compilable): Question<void> {
  yield query.compile();
}

const turn: unique symbol = Symbol('turn');

/**
 * Comes first in a question that decides by there being no row where no unique index forbids a second one: of those with one key, each begins
 * after the one before has ended. On PostgreSQL two at once could otherwise both find nothing and both make something. SQLite runs one
 * question after the other anyway.
 *
 * @param key What they have in common. It is compared by a hash, so it may be long, and two that share nothing may meet.
 */
export function* inTurn(key: string): Question<void> {
  const lock: CompiledQuery & { [turn]: true } = {
    ...CompiledQuery.raw('select pg_advisory_lock(hashtextextended($1, 0))', [key]),
    [turn]: true,
  };
  yield lock;
}

/** Tells whether a statement is that of {@link inTurn}. */
export function takesTurn(query: CompiledQuery): boolean {
  return turn in query;
}
