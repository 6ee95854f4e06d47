import type { FailureReason, SessionState } from '@calendar-connect/protocol';
import { ENDED_STATES } from '@calendar-connect/protocol';
import type { Insertable, QueryCreator } from 'kysely';
import { writeList } from '../json-list.ts';
import { maybeOne, type Question, rows, run } from '../question.ts';
import { hasPendingConnection, selectSessions, type SessionRow } from '../redeemed-session.ts';
import type { Schema, SessionsTable } from '../schema.ts';
import { rowToSession, type Session } from '../session-row.ts';
import { giveBackLane } from '../give-back-work.ts';
import { eraseAddressCheck } from './address-checks.ts';
import { closeApproval } from './admin-approvals.ts';
import { hastenWork } from './work.ts';

/** What a session is made of; everything else comes to it later. */
export type NewSession = Pick<
  Session,
  | 'id'
  | 'applicationId'
  | 'door'
  | 'secretHash'
  | 'claimHash'
  | 'endUser'
  | 'endUserName'
  | 'origin'
  | 'redirectUri'
  | 'partnerState'
  | 'codeChallenge'
  | 'scope'
  | 'providers'
  | 'accessModes'
  | 'locale'
  | 'browserHash'
  | 'ticketHash'
  | 'createdAtMs'
  | 'expiresAtMs'
  | 'retryUntilMs'
  | 'purpose'
  | 'forAccount'
  | 'forProfile'
  | 'changesProfile'
>;

/** The columns that a session has only later. */
const EMPTY = {
  failure_reason: null,
  failure_code: null,
  missing_scopes_json: null,
  provider: null,
  access_mode: null,
  provider_client_id: null,
  provider_state_hash: null,
  provider_state_sealed: null,
  provider_nonce: null,
  provider_verifier_sealed: null,
  account_id: null,
  profile_id: null,
  code_given_at: null,
  retried_by: null,
  arrived_at: null,
  admin_approval_id: null,
  departed_at: null,
  trip_interaction: null,
} satisfies Partial<Insertable<SessionsTable>>;

/** Stores a new session, and lets it take the place of the ended one that it tries again. */
export function* insertSession(db: QueryCreator<Schema>, session: NewSession, retryOf?: string): Question<void> {
  if (retryOf !== undefined) yield* run(db.updateTable('sessions').set({ retried_by: session.id }).where('id', '=', retryOf));
  yield* run(
    db.insertInto('sessions').values({
      ...EMPTY,
      id: session.id,
      application_id: session.applicationId,
      door: session.door,
      state: 'created' satisfies SessionState,
      version: 1,
      secret_hash: session.secretHash ?? null,
      claim_hash: session.claimHash ?? null,
      end_user: session.endUser ?? null,
      end_user_name: session.endUserName ?? null,
      origin: session.origin ?? null,
      redirect_uri: session.redirectUri ?? null,
      partner_state: session.partnerState ?? null,
      code_challenge: session.codeChallenge ?? null,
      scope: session.scope,
      providers_json: writeList(session.providers),
      access_modes_json: writeList(session.accessModes),
      locale: session.locale ?? null,
      browser_hash: session.browserHash ?? null,
      ticket_hash: session.ticketHash ?? null,
      created_at: session.createdAtMs,
      expires_at: session.expiresAtMs,
      retry_until: session.retryUntilMs,
      purpose: session.purpose,
      for_account: session.forAccount ?? null,
      for_profile: session.forProfile ?? null,
      changes_profile: session.changesProfile ?? null,
    }),
  );
}

export function* findSession(db: QueryCreator<Schema>, id: string): Question<Session | undefined> {
  const row = yield* maybeOne(selectSessions(db).where('id', '=', id));
  return row && rowToSession(row);
}

/** The versions of sessions, as far as there are any of these ids: what tells whether another process has changed one. */
export function* sessionVersions(db: QueryCreator<Schema>, ids: readonly string[]): Question<ReadonlyMap<string, number>> {
  const found = yield* rows(db.selectFrom('sessions').select(['id', 'version']).where('id', 'in', ids));
  return new Map(found.map((row) => [row.id, row.version]));
}

/** The session that stands at the end of the tries that began with this one: what a partner's server asks about is the attempt, not the try. */
export function* findLastTry(db: QueryCreator<Schema>, id: string): Question<Session | undefined> {
  let row = yield* maybeOne(selectSessions(db).where('id', '=', id));
  while (row !== undefined && row.retried_by !== null && !rowToSession(row).isRedeemed) {
    const next: SessionRow | undefined = yield* maybeOne(selectSessions(db).where('id', '=', row.retried_by));
    if (next === undefined) break;
    row = next;
  }
  return row && rowToSession(row);
}

/** What a page brings that takes over the session a partner's server minted. */
export interface Claim {
  readonly id: string;
  readonly claimHash: string;
  readonly secretHash: string;
  readonly codeChallenge: string;
  readonly origin: string;
  readonly locale: string | undefined;
}

/** Gives a minted session to the page that claims it first; answers with it, or `undefined` where somebody else was first. */
export function* claimSession(db: QueryCreator<Schema>, claim: Claim): Question<Session | undefined> {
  const row = yield* maybeOne(
    db
      .updateTable('sessions')
      .set({
        secret_hash: claim.secretHash,
        code_challenge: claim.codeChallenge,
        origin: claim.origin,
        ...(claim.locale === undefined ? {} : { locale: claim.locale }),
      })
      .where('id', '=', claim.id)
      .where('claim_hash', '=', claim.claimHash)
      .where('secret_hash', 'is', null)
      .where('state', '=', 'created')
      .returningAll(),
  );
  return row && rowToSession(row);
}

/** How a session ended without a connection. */
export interface SessionEnd {
  readonly id: string;
  readonly state: 'declined' | 'cancelled' | 'failed' | 'expired';
  readonly reason?: FailureReason;
  /** The provider's own code of it. */
  readonly code?: string;
  readonly missingScopes?: readonly string[];
  readonly nowMs: number;
}

/**
 * Ends a session, unless it has ended already. Cancelling also takes back a connection that nobody has redeemed: it expires at once and
 * is given back to the provider.
 */
export function* endSession(db: QueryCreator<Schema>, end: SessionEnd): Question<Session | undefined> {
  const ended = yield* rows(
    db
      .updateTable('sessions')
      .set((eb) => ({
        state: end.state,
        version: eb('version', '+', 1),
        ticket_hash: null,
        provider_state_hash: null,
        provider_nonce: null,
        provider_state_sealed: null,
        provider_verifier_sealed: null,
        failure_reason: end.reason ?? null,
        failure_code: end.code ?? null,
        missing_scopes_json: end.missingScopes ? writeList(end.missingScopes) : null,
      }))
      .where('id', '=', end.id)
      .where((eb) => {
        const goesOn = eb('state', 'not in', ENDED_STATES);
        return end.state === 'cancelled' ? eb.or([goesOn, eb.and([eb('state', '=', 'connected'), hasPendingConnection(eb)])]) : goesOn;
      })
      .returning(['admin_approval_id', 'end_user', 'access_mode']),
  );
  if (ended.length > 0) {
    yield* run(db.updateTable('pending_connections').set({ expires_at: 0 }).where('session_id', '=', end.id));
    for (const { admin_approval_id: id, end_user: endUser, access_mode: accessMode } of ended) {
      if (accessMode === 'no_access') yield* eraseAddressCheck(db, end.id);
      // Somebody who is known comes back with a new session, and still waits then.
      const goesOn = end.state === 'failed' && endUser !== null;
      if (id !== null && !goesOn) yield* closeApproval(db, { id, nowMs: end.nowMs, withdrawnBy: end.id });
    }
    yield* hastenWork(db, { id: giveBackLane({ from: 'pending', sessionId: end.id }), dueAtMs: end.nowMs });
  }
  return yield* findSession(db, end.id);
}
