import { type AccessMode, ENDED_STATES, type SessionState } from '@calendar-connect/protocol';
import type { QueryCreator } from 'kysely';
import { maybeOne, type Question, run } from '../question.ts';
import type { Schema } from '../schema.ts';
import { rowToSession, type Session, TRIP_STATES, type TripInteraction, WAITING_STATES } from '../session-row.ts';

/** The page shown in the person's browser before the provider: its cookie, its one-time ticket, and what was chosen so far. */
export interface ShownPage {
  readonly id: string;
  readonly browserHash: string;
  readonly ticketHash: string;
  readonly provider?: string;
  readonly accessMode?: AccessMode;
}

/** Remembers the page. A trip to the provider begun before it can no longer come back: the choice may be another one now. */
export function* rememberPage(db: QueryCreator<Schema>, page: ShownPage): Question<void> {
  yield* run(
    db
      .updateTable('sessions')
      .set({
        browser_hash: page.browserHash,
        ticket_hash: page.ticketHash,
        provider_state_hash: null,
        provider: page.provider ?? null,
        access_mode: page.accessMode ?? null,
      })
      .where('id', '=', page.id)
      .where('state', 'not in', ENDED_STATES),
  );
}

/** Ties a session that waits to the browser that they are about to wait in. Their trip to the provider, if they are on one, goes on. */
export function* tieWaiting(db: QueryCreator<Schema>, session: { readonly id: string; readonly browserHash: string }): Question<void> {
  yield* run(
    db.updateTable('sessions').set({ browser_hash: session.browserHash }).where('id', '=', session.id).where('state', 'in', WAITING_STATES),
  );
}

/** Takes the ticket of the page shown last: a form that is sent twice counts once. */
export function* takeTicket(db: QueryCreator<Schema>, ticket: { id: string; ticketHash: string }): Question<Session | undefined> {
  const row = yield* maybeOne(
    db
      .updateTable('sessions')
      .set({ ticket_hash: null })
      .where('id', '=', ticket.id)
      .where('ticket_hash', '=', ticket.ticketHash)
      .where('state', 'not in', ENDED_STATES)
      .returningAll(),
  );
  return row && rowToSession(row);
}

/** What binds a trip to the provider to its session and its browser. */
export interface Departure {
  readonly id: string;
  readonly provider: string;
  readonly accessMode: AccessMode;
  readonly providerClientId: string;
  readonly browserHash: string;
  readonly providerStateHash: string;
  readonly providerStateSealed: string;
  readonly providerNonce: string;
  readonly providerVerifierSealed: string;
  /** It waits for an administrator and tries the very same again: it goes on waiting meanwhile. */
  readonly keepsWaiting?: boolean;
  readonly interaction: TripInteraction;
  readonly nowMs: number;
}

/** Sends a session to the provider; a trip begun earlier can no longer come back. Answers whether the session was still alive. */
export function* departToProvider(db: QueryCreator<Schema>, departure: Departure): Question<boolean> {
  const row = yield* maybeOne(
    db
      .updateTable('sessions')
      .set((eb) => ({
        ...(departure.keepsWaiting
          ? {}
          : { state: 'at_provider' satisfies SessionState, version: eb('version', '+', 1), admin_approval_id: null }),
        ticket_hash: null,
        failure_reason: null,
        failure_code: null,
        provider: departure.provider,
        access_mode: departure.accessMode,
        provider_client_id: departure.providerClientId,
        browser_hash: departure.browserHash,
        provider_state_hash: departure.providerStateHash,
        provider_state_sealed: departure.providerStateSealed,
        provider_nonce: departure.providerNonce,
        provider_verifier_sealed: departure.providerVerifierSealed,
        arrived_at: null,
        departed_at: departure.nowMs,
        trip_interaction: departure.interaction,
      }))
      .where('id', '=', departure.id)
      .where('state', departure.keepsWaiting ? 'in' : 'not in', departure.keepsWaiting ? WAITING_STATES : ENDED_STATES)
      .returning('id'),
  );
  return row !== undefined;
}

/** A session whose person is to prove on our own page who they are. */
export interface CredentialsAwaited {
  readonly id: string;
  readonly browserHash: string;
  readonly provider: string;
  readonly accessMode: AccessMode;
}

/** Lets a session wait for what the person types on our own page; a trip to a provider begun earlier can no longer come back. Answers whether it was still alive. */
export function* awaitCredentials(db: QueryCreator<Schema>, awaited: CredentialsAwaited): Question<boolean> {
  const row = yield* maybeOne(
    db
      .updateTable('sessions')
      .set((eb) => ({
        state: 'needs_credentials' satisfies SessionState,
        version: eb('version', '+', 1),
        ticket_hash: null,
        failure_reason: null,
        failure_code: null,
        provider: awaited.provider,
        access_mode: awaited.accessMode,
        provider_client_id: null,
        browser_hash: awaited.browserHash,
        provider_state_hash: null,
      }))
      .where('id', '=', awaited.id)
      .where('state', 'not in', ENDED_STATES)
      .returning('id'),
  );
  return row !== undefined;
}

/** Goes on with a trip that is under way, in the browser that was proven last. Answers whether it still was. */
export function* rejoinTrip(db: QueryCreator<Schema>, trip: { id: string; stateHash: string; browserHash: string }): Question<boolean> {
  const row = yield* maybeOne(
    db
      .updateTable('sessions')
      .set({ browser_hash: trip.browserHash })
      .where('id', '=', trip.id)
      .where('provider_state_hash', '=', trip.stateHash)
      .where('state', 'in', TRIP_STATES)
      .returning('id'),
  );
  return row !== undefined;
}

/** Takes the single-use `state` of a trip; answers with the session as it was, or `undefined` where it was taken before or comes too late. */
export function* takeProviderState(
  db: QueryCreator<Schema>,
  trip: { id: string; stateHash: string; nowMs: number },
): Question<Session | undefined> {
  const row = yield* maybeOne(
    db
      .updateTable('sessions')
      .set({ provider_state_hash: null, arrived_at: trip.nowMs })
      .where('id', '=', trip.id)
      .where('provider_state_hash', '=', trip.stateHash)
      .where('state', 'in', TRIP_STATES)
      .where('expires_at', '>', trip.nowMs)
      .returningAll(),
  );
  return row && rowToSession(row);
}
