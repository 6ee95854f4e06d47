import type { CompiledQuery, Kysely } from 'kysely';
import { type Question, takesTurn } from './question.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import type { Durability } from './sqlite-durability.ts';
import { breaksBatch } from './sqlite-errors.ts';

/** A question that waits for its turn, with the two ends of its promise. */
export interface Asked<S> {
  readonly question: (db: Kysely<S>) => Question<unknown>;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** What a batch is answered with. */
export interface Answering<S> {
  readonly connection: SqliteConnection;
  readonly db: Kysely<S>;
  readonly durability: Durability;
}

/**
 * Answers a batch of questions inside the transaction that the caller has begun, and ends that transaction. Promises settle when it is
 * durable; a COMMIT that fails, or a failure that may have undone the whole transaction, rejects all of them.
 */
export function answerBatch<S>({ connection, db, durability }: Answering<S>, batch: readonly Asked<S>[]): void {
  const refuse = (error: unknown): void => {
    for (const asked of batch) asked.reject(error);
  };
  try {
    const answers = batch.map((asked) => answer(connection, db, asked));
    connection.command('COMMIT');
    durability.settleWhenDurable({
      settle: () => {
        for (const each of answers) each.settle();
      },
      refuse,
      hasChanged: answers.some((each) => each.hasChanged),
    });
  } catch (thrown) {
    rollBack(connection);
    refuse(thrown instanceof BrokenBatch ? thrown.cause : thrown);
  }
}

/** How a question was answered, and what tells its asker. */
interface Answer {
  readonly settle: () => void;
  readonly hasChanged: boolean;
}

/** A statement failed in a way after which the transaction cannot be trusted, whatever the question makes of it. */
class BrokenBatch extends Error {}

function answer<S>(connection: SqliteConnection, db: Kysely<S>, asked: Asked<S>): Answer {
  const savepoint = createSavepoint(connection);
  try {
    const value = drive(asked.question(db), (query) => {
      if (takesTurn(query)) return [];
      if (query.query.kind !== 'SelectQueryNode') savepoint.open();
      return connection.execute(query);
    });
    return { settle: () => asked.resolve(value), hasChanged: savepoint.release() };
  } catch (error) {
    if (error instanceof BrokenBatch) throw error;
    savepoint.rollBack();
    return { settle: () => asked.reject(error), hasChanged: false };
  }
}

/** A savepoint that is opened before the first statement that may change something: a question that only reads pays nothing. */
function createSavepoint(connection: SqliteConnection): { open(): void; release(): boolean; rollBack(): void } {
  let isOpen = false;
  return {
    open() {
      if (!isOpen) connection.command('SAVEPOINT question');
      isOpen = true;
    },
    release() {
      if (isOpen) connection.command('RELEASE question');
      return isOpen;
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
