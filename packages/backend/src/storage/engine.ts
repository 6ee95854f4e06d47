import type { QueryCreator } from 'kysely';
import type { Question } from './question.ts';
import type { Schema } from './schema.ts';

/** The databases there are engines for. */
export const dialects = ['sqlite', 'postgres'] as const;

/** One of {@link dialects}. */
export type Dialect = (typeof dialects)[number];

/** What puts questions to a database. Everything but this folder uses the named questions and never an engine. */
export interface Engine<S = Schema> {
  readonly dialect: Dialect;

  /**
   * Asks one question as one transaction. The `db` it is given compiles statements and cannot run them.
   *
   * The promise settles only when the outcome is durable: it resolves after COMMIT. Whatever a question throws undoes all that it did,
   * and only that. After a statement has failed, a question may throw a better error but can no longer answer.
   *
   * @throws StorageError Rejects with it where the database refused.
   */
  ask<T>(question: (db: QueryCreator<S>) => Question<T>): Promise<T>;

  /**
   * Runs work that must have the database to itself among all processes that ask for that, such as migrating, with an engine for it.
   * Absent where each question has the database to itself anyway.
   *
   * @throws StorageError Rejects with it where the database refused, and with whatever the work rejects with.
   */
  readonly exclusively?: <T>(work: (engine: Engine<S>) => Promise<T>) => Promise<T>;

  /** Answers what was already asked, then lets the database go. Later questions are refused with `closed`. */
  close(): Promise<void>;
}
