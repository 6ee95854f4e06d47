import type { CompiledQuery, Kysely } from 'kysely';
import { type Question, takesTurn } from './question.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { breaksBatch } from './sqlite-errors.ts';

/** A question that waits for its turn, with the two ends of its promise. */
export interface Asked<S> {
  readonly question: (db: Kysely<S>) => Question<unknown>;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Answers a batch of questions inside the transaction that the caller has begun, and ends that transaction. Promises settle after COMMIT;
 * a COMMIT that fails, or a failure that may have undone the whole transaction, rejects all of them.
 */
export function answerBatch<S>(connection: SqliteConnection, db: Kysely<S>, batch: readonly Asked<S>[]): void {
  try {
    const settle = batch.map((asked) => answer(connection, db, asked));
    connection.command('COMMIT');
    for (const settleOne of settle) settleOne();
  } catch (thrown) {
    rollBack(connection);
    const error = thrown instanceof BrokenBatch ? thrown.cause : thrown;
    for (const asked of batch) asked.reject(error);
  }
}

/** A statement failed in a way after which the transaction cannot be trusted, whatever the question makes of it. */
class BrokenBatch extends Error {}

function answer<S>(connection: SqliteConnection, db: Kysely<S>, asked: Asked<S>): () => void {
  const savepoint = createSavepoint(connection);
  try {
    const value = drive(asked.question(db), (query) => {
      if (takesTurn(query)) return [];
      if (query.query.kind !== 'SelectQueryNode') savepoint.open();
      return connection.execute(query);
    });
    savepoint.release();
    return () => asked.resolve(value);
  } catch (error) {
    if (error instanceof BrokenBatch) throw error;
    savepoint.rollBack();
    return () => asked.reject(error);
  }
}

/** A savepoint that is opened before the first statement that may change something: a question that only reads pays nothing. */
function createSavepoint(connection: SqliteConnection): { open(): void; release(): void; rollBack(): void } {
  let isOpen = false;
  return {
    open() {
      if (!isOpen) connection.command('SAVEPOINT question');
      isOpen = true;
    },
    release() {
      if (isOpen) connection.command('RELEASE question');
    },
    rollBack() {
      if (!isOpen) return;
      connection.command('ROLLBACK TO question');
      connection.command('RELEASE question');
    },
  };
}

/** Runs a question to its end. */
function drive<T>(question: Question<T>, execute: (query: CompiledQuery) => readonly unknown[]): T {
  let step = question.next();
  while (!step.done) {
    let answered: readonly unknown[];
    try {
      answered = execute(step.value);
    } catch (error) {
      throw failureOf(question, error);
    }
    step = question.next(answered);
  }
  return step.value;
}

/**
 * Tells a question that its statement failed and answers with what the asker gets: the question's own error where it throws one.
 * It cannot answer any more: PostgreSQL would have ended its transaction, and both databases are to behave alike.
 */
function failureOf(question: Question<unknown>, error: unknown): unknown {
  try {
    const step = question.throw(error);
    if (!step.done) question.return(undefined);
  } catch (thrown) {
    return breaksBatch(error) ? new BrokenBatch('The transaction broke.', { cause: error }) : thrown;
  }
  return breaksBatch(error) ? new BrokenBatch('The transaction broke.', { cause: error }) : error;
}

/** Ends a transaction without its changes, if there is one. */
export function rollBack(connection: SqliteConnection): void {
  try {
    connection.command('ROLLBACK');
  } catch {
    // SQLite has already rolled back by itself: there is no transaction left to end.
  }
}
