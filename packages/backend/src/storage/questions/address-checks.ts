import type { SessionState } from '@calendar-connect/protocol';
import type { QueryCreator, Selectable } from 'kysely';
import { addressCodeMailWork, nameOfCode } from '../mail-work.ts';
import { inTurn, maybeOne, type Question, rows, run } from '../question.ts';
import type { Schema } from '../schema.ts';
import type { AddressChecksTable } from '../sign-in-tables.ts';
import { addWork } from './work.ts';

/** The state of a session whose person proves an address. */
const PROVING: SessionState = 'needs_credentials';

/** An address that somebody is about to prove as theirs, and the code that was mailed to it. */
export interface AddressCheck {
  readonly sessionId: string;
  readonly emailSealed: string;
  readonly codeSealed: string;
  /** Tries so far. */
  readonly attempts: number;
  readonly createdAtMs: number;
  /** When the code is worth nothing any longer. */
  readonly expiresAtMs: number;
}

function rowToAddressCheck(row: Selectable<AddressChecksTable>): AddressCheck {
  return {
    sessionId: row.session_id,
    emailSealed: row.email_sealed,
    codeSealed: row.code_sealed,
    attempts: row.attempts,
    createdAtMs: row.created_at,
    expiresAtMs: row.expires_at,
  };
}

/** A code that is to be mailed. */
export interface NewAddressCheck extends Omit<AddressCheck, 'attempts'> {
  /** What names the mailbox where codes are counted, such as a hash: an address in clear stands nowhere. */
  readonly mailbox: string;
  /** How many codes one mailbox gets within that time, whoever asks for them. */
  readonly limit: { readonly codes: number; readonly withinMs: number };
}

/** What came of a {@link NewAddressCheck}. */
export type AddressCheckOutcome =
  | { readonly outcome: 'stored' }
  /** The mailbox got too many; the next one may be asked for at this time. */
  | { readonly outcome: 'too_many'; readonly retryAtMs: number }
  /** No address is being proven in this session, or not any longer. */
  | { readonly outcome: 'session_ended' };

/**
 * Stores an address with its code, in the place of the former one, and notes in the same transaction that the code is to be mailed. Every
 * code counts for its mailbox, in the database, so that neither a second process nor a restart gives more of them.
 */
export function* storeAddressCheck(db: QueryCreator<Schema>, check: NewAddressCheck): Question<AddressCheckOutcome> {
  yield* inTurn(`address_code:${check.mailbox}`);
  const session = yield* maybeOne(
    db
      .selectFrom('sessions')
      .select('id')
      .where('id', '=', check.sessionId)
      .where('state', '=', PROVING)
      .where('expires_at', '>', check.createdAtMs),
  );
  if (session === undefined) return { outcome: 'session_ended' };
  const retryAtMs = yield* countCode(db, check);
  if (retryAtMs !== undefined) return { outcome: 'too_many', retryAtMs };
  const row = {
    email_sealed: check.emailSealed,
    code_sealed: check.codeSealed,
    attempts: 0,
    created_at: check.createdAtMs,
    expires_at: check.expiresAtMs,
  };
  yield* run(
    db
      .insertInto('address_checks')
      .values({ session_id: check.sessionId, ...row })
      .onConflict((conflict) => conflict.column('session_id').doUpdateSet(row)),
  );
  yield* addWork(db, addressCodeMailWork(check, check.createdAtMs));
  return { outcome: 'stored' };
}

/** Takes one of the places that a mailbox has for codes; answers when the next one is free where there is none. */
function* countCode(db: QueryCreator<Schema>, { mailbox, limit, codeSealed, createdAtMs }: NewAddressCheck): Question<number | undefined> {
  const places = Array.from({ length: limit.codes }, (_, n) => `address_code_to:${mailbox}:${n}`);
  const taken = yield* rows(
    db
      .selectFrom('mail_claims')
      .select(['subject', 'claimed_at'])
      .where('subject', 'in', places)
      .where('claimed_at', '>', createdAtMs - limit.withinMs),
  );
  const free = places.find((place) => taken.every(({ subject }) => subject !== place));
  if (free === undefined) return Math.min(...taken.map(({ claimed_at: at }) => at)) + limit.withinMs;
  const claim = { item: nameOfCode(codeSealed), claimed_at: createdAtMs, settled_at: createdAtMs };
  yield* run(
    db
      .insertInto('mail_claims')
      .values({ subject: free, ...claim })
      .onConflict((conflict) => conflict.column('subject').doUpdateSet(claim)),
  );
  return undefined;
}

export function* findAddressCheck(db: QueryCreator<Schema>, sessionId: string): Question<AddressCheck | undefined> {
  const row = yield* maybeOne(db.selectFrom('address_checks').selectAll().where('session_id', '=', sessionId));
  return row && rowToAddressCheck(row);
}

/** Somebody who typed a code. */
export interface CodeTry {
  readonly sessionId: string;
  readonly maxAttempts: number;
  readonly nowMs: number;
}

/**
 * Counts a try and answers with the code to compare it with, the try counted: only who got it may compare, so that any number of guesses at
 * once are no more than `maxAttempts`. `undefined`: there is no code, it has expired, or no try is left.
 */
export function* takeCodeTry(db: QueryCreator<Schema>, { sessionId, maxAttempts, nowMs }: CodeTry): Question<AddressCheck | undefined> {
  yield* inTurn(`address_check:${sessionId}`);
  const row = yield* maybeOne(
    db
      .updateTable('address_checks')
      .set((eb) => ({ attempts: eb('attempts', '+', 1) }))
      .where('session_id', '=', sessionId)
      .where('attempts', '<', maxAttempts)
      .where('expires_at', '>', nowMs)
      .returningAll(),
  );
  return row && rowToAddressCheck(row);
}

/**
 * Remembers the one-time ticket of the page that is shown now; a page that was shown before can no longer be sent. Does nothing where the person
 * goes on in another browser meanwhile.
 */
export function* rememberProofPage(
  db: QueryCreator<Schema>,
  page: { readonly sessionId: string; readonly browserHash: string; readonly ticketHash: string },
): Question<void> {
  yield* run(
    db
      .updateTable('sessions')
      .set({ ticket_hash: page.ticketHash })
      .where('id', '=', page.sessionId)
      .where('browser_hash', '=', page.browserHash)
      .where('state', '=', PROVING),
  );
}

/** Erases an address and its code: it was proven, or nobody wants to prove it any longer. */
export function* eraseAddressCheck(db: QueryCreator<Schema>, sessionId: string): Question<void> {
  yield* run(db.deleteFrom('address_checks').where('session_id', '=', sessionId));
}

/** Erases addresses whose session is over without anybody having ended it. Codes that have expired are worth nothing before that. */
export function* forgetAddressChecks(db: QueryCreator<Schema>, { nowMs }: { readonly nowMs: number }): Question<void> {
  yield* run(
    db.deleteFrom('address_checks').where('session_id', 'in', (eb) =>
      eb
        .selectFrom('sessions')
        .innerJoin('address_checks as checks', 'checks.session_id', 'sessions.id')
        .select('sessions.id')
        .where((session) => session.or([session('sessions.expires_at', '<=', nowMs), session('sessions.state', '!=', PROVING)])),
    ),
  );
}
