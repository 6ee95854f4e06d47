import type { FailureReason, SessionState } from '@calendar-connect/protocol';
import type { QueryCreator } from 'kysely';
import { maybeOne, type Question, run } from '../question.ts';
import type { Schema } from '../schema.ts';

/** The state of a session whose person signs in on our own page. */
const SIGNING_IN: SessionState = 'needs_credentials';

/** How far somebody is who signs in on our own page. */
export interface SignInProgress {
  readonly sessionId: string;
  readonly stateSealed: string;
  readonly nowMs: number;
}

/** Remembers how far somebody is, in the place of what was remembered before. */
export function* storeSignIn(db: QueryCreator<Schema>, { sessionId, stateSealed, nowMs }: SignInProgress): Question<void> {
  const row = { state_sealed: stateSealed, updated_at: nowMs };
  yield* run(
    db
      .insertInto('password_sign_ins')
      .values({ session_id: sessionId, ...row })
      .onConflict((conflict) => conflict.column('session_id').doUpdateSet(row)),
  );
}

/** What was remembered last, sealed. */
export function* findSignIn(db: QueryCreator<Schema>, sessionId: string): Question<string | undefined> {
  const row = yield* maybeOne(db.selectFrom('password_sign_ins').select('state_sealed').where('session_id', '=', sessionId));
  return row?.state_sealed;
}

/** Erases what was remembered: they are through, or do not want to go on. */
export function* eraseSignIn(db: QueryCreator<Schema>, sessionId: string): Question<void> {
  yield* run(db.deleteFrom('password_sign_ins').where('session_id', '=', sessionId));
}

/** Why somebody cannot sign in as yet; without a reason, what was said before holds no longer. */
export interface SignInProblem {
  readonly sessionId: string;
  readonly reason?: FailureReason | undefined;
  readonly code?: string | undefined;
}

/** Tells the session's page and the partner's server why a try has failed, while the person may still mend it. */
export function* noteSignInProblem(db: QueryCreator<Schema>, { sessionId, reason, code }: SignInProblem): Question<void> {
  yield* run(
    db
      .updateTable('sessions')
      .set((eb) => ({ version: eb('version', '+', 1), failure_reason: reason ?? null, failure_code: code ?? null }))
      .where('id', '=', sessionId)
      .where('state', '=', SIGNING_IN),
  );
}

/** Erases what is remembered of people whose session is over, or goes on elsewhere, without anybody having ended it. */
export function* forgetSignIns(db: QueryCreator<Schema>, { nowMs }: { readonly nowMs: number }): Question<void> {
  yield* run(
    db.deleteFrom('password_sign_ins').where('session_id', 'in', (eb) =>
      eb
        .selectFrom('sessions')
        .innerJoin('password_sign_ins as signing', 'signing.session_id', 'sessions.id')
        .select('sessions.id')
        .where((session) => session.or([session('sessions.expires_at', '<=', nowMs), session('sessions.state', '!=', SIGNING_IN)])),
    ),
  );
}
