import { CompiledQuery, type QueryCreator } from 'kysely';
import type { PostgresConnection } from './postgres-connection.ts';
import { type FailureKind, kindOf, toStorageError } from './postgres-errors.ts';
import { type Question, takesTurn } from './question.ts';
import { StorageError } from './storage-error.ts';

const BEGIN = 'BEGIN ISOLATION LEVEL REPEATABLE READ';

/** First statements remembered as being followed by another. */
const maxFollowed = 1024;

/** A question that the database could not answer this time. Its `cause` is what the asker is told where it is not run again. */
export class Unanswered extends Error {
  readonly kind: FailureKind;
  /** Whether the connection is in a state that nobody knows. */
  readonly leavesBroken: boolean;

  constructor(kind: FailureKind, told: unknown, leavesBroken: boolean = kind === 'lost') {
    super('The database could not answer.', { cause: told });
    this.kind = kind;
    this.leavesBroken = leavesBroken;
  }
}

/** A question, what compiles its statements, and the texts of first statements that were followed by others before. */
interface Run<T, S> {
  readonly db: QueryCreator<S>;
  readonly ask: (db: QueryCreator<S>) => Question<T>;
  readonly followed: Set<string>;
}

/**
 * Runs a question once from its beginning to its end: in a transaction, unless it is a single statement that only reads.
 *
 * @throws Unanswered where the database failed; whatever the question throws otherwise
 */
export async function runOnce<T, S>(connection: PostgresConnection, run: Run<T, S>): Promise<T> {
  const question = run.ask(run.db);
  const step = question.next();
  if (step.done) return step.value;
  if (takesTurn(step.value)) return inItsTurn(connection, question, step.value);
  const mayBeAlone = onlyReads(step.value) && !run.followed.has(step.value.sql);
  if (!mayBeAlone) return inTransaction(connection, question, step.value);
  const rows = await execute(connection, question, step.value);
  const next = question.next(rows);
  if (next.done) return next.value;
  // What it read may be old by now, so it is asked anew, from a snapshot that lasts.
  endEarly(question);
  if (run.followed.size < maxFollowed) run.followed.add(step.value.sql);
  const again = run.ask(run.db);
  const first = again.next();
  return first.done ? first.value : inTransaction(connection, again, first.value);
}

/** Tells whether a statement changes nothing. */
function onlyReads({ query }: CompiledQuery): boolean {
  return query.kind === 'SelectQueryNode' && query.with === undefined;
}

/** The lock comes before the transaction: its snapshot would otherwise be taken before the wait, and not show what the one before has made. */
async function inItsTurn<T>(connection: PostgresConnection, question: Question<T>, lock: CompiledQuery): Promise<T> {
  await execute(connection, question, lock);
  try {
    const step = question.next([]);
    return step.done ? step.value : await inTransaction(connection, question, step.value);
  } finally {
    // Where this fails, the connection is lost, and its locks with it.
    await connection
      .execute(CompiledQuery.raw('select pg_advisory_unlock(hashtextextended($1, 0))', [...lock.parameters]))
      .catch(() => undefined);
  }
}

async function inTransaction<T>(connection: PostgresConnection, question: Question<T>, first: CompiledQuery): Promise<T> {
  // Sent together with the first statement. Where it fails, that one does too, or COMMIT says so.
  connection.command(BEGIN).catch(() => undefined);
  let hasWritten = false;
  let answer: T;
  try {
    let step: IteratorResult<CompiledQuery, T> = { done: false, value: first };
    while (!step.done) {
      hasWritten ||= !onlyReads(step.value);
      step = question.next(await execute(connection, question, step.value));
    }
    answer = step.value;
  } catch (error) {
    await connection.command('ROLLBACK').catch(() => undefined);
    throw error;
  }
  await commit(connection, hasWritten);
  return answer;
}

async function execute(connection: PostgresConnection, question: Question<unknown>, query: CompiledQuery): Promise<readonly unknown[]> {
  try {
    return await connection.execute(query);
  } catch (error) {
    throw new Unanswered(kindOf(toStorageError(error)), tell(question, error));
  }
}

/** Tells a question that its statement failed, and answers with what the asker gets: the question's own error where it throws one. */
function tell(question: Question<unknown>, error: unknown): unknown {
  try {
    if (!question.throw(error).done) endEarly(question);
  } catch (thrown) {
    return thrown;
  }
  // Its transaction is over: it cannot answer any more.
  return error;
}

function endEarly(question: Question<unknown>): void {
  question.return(undefined);
}

async function commit(connection: PostgresConnection, hasWritten: boolean): Promise<void> {
  const done = await connection.command('COMMIT').catch((error: unknown) => {
    const kind = kindOf(toStorageError(error));
    if (kind === 'lost' && hasWritten) throw new Unanswered('final', unknownOutcome(error), true);
    throw new Unanswered(kind, error);
  });
  // What the server answers where no transaction was open, or one in which a statement had failed.
  if (done !== 'COMMIT') throw new Unanswered('final', new StorageError('failed', `PostgreSQL answered COMMIT with ${done}.`), true);
}

/** Running such a question again could do everything twice, and a code that it redeemed would look like one that was stolen. */
function unknownOutcome(cause: unknown): StorageError {
  return new StorageError(
    'outcome_unknown',
    'PostgreSQL: the connection was lost during COMMIT, so the change was made wholly or not at all. Look before trying again.',
    { cause },
  );
}
