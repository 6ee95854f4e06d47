import type { AccessMode, SessionState } from '@calendar-connect/protocol';
import type { QueryCreator, Selectable } from 'kysely';
import { type AdminApproval, rowToAdminApproval } from '../admin-approval-row.ts';
import { maybeOne, one, type Question, rows, run } from '../question.ts';
import type { Schema, SessionsTable } from '../schema.ts';
import { rowToSession, type Session, TRIP_STATES, WAITING_STATES } from '../session-row.ts';
import { aboutOf, touchSessions } from '../waiting-sessions.ts';
import { addNotifications } from './notifications.ts';

/** A session that was turned away, and what is needed to wait. */
export interface TurnedAway {
  readonly sessionId: string;
  /** Used only where the session does not wait already. */
  readonly candidate: { readonly id: string; readonly linkHash: string; readonly linkSealed: string };
  readonly nowMs: number;
  readonly expiresAtMs: number;
  /** When it may be tried again without anybody asking. */
  readonly probeNotBeforeMs: number;
}

/** A waiting session with what it waits for. */
export interface Waiting {
  readonly session: Session;
  readonly approval: AdminApproval;
  /** Whether it began to wait just now. */
  readonly isNew: boolean;
}

/**
 * Lets a session wait for an administrator, or go on waiting where it was turned away once more. `undefined`: it ended meanwhile, or never
 * chose a provider.
 */
export function* waitForAdmin(db: QueryCreator<Schema>, turnedAway: TurnedAway): Question<Waiting | undefined> {
  const overtaken = yield* approvedMeanwhile(db, turnedAway.sessionId);
  if (overtaken !== undefined) return overtaken;
  const row = yield* maybeOne(
    db
      .updateTable('sessions')
      .set((eb) => ({
        state: 'waiting_for_admin' satisfies SessionState,
        // Whoever polls need not hear that a session that waits still waits.
        version: eb
          .case()
          .when('state', '=', 'waiting_for_admin')
          .then(eb.ref('version'))
          .else(eb('version', '+', 1))
          .end(),
        admin_approval_id: eb.fn.coalesce('admin_approval_id', eb.val(turnedAway.candidate.id)),
        expires_at: turnedAway.expiresAtMs,
        arrived_at: null,
      }))
      .where('id', '=', turnedAway.sessionId)
      .where('state', 'in', TRIP_STATES)
      .where('provider_client_id', 'is not', null)
      .returningAll(),
  );
  if (row === undefined) return undefined;
  const session = rowToSession(row);
  const standing = yield* waitOn(db, session.adminApprovalId ?? '', turnedAway);
  if (standing !== undefined) return { session, approval: standing, isNew: false };
  const approval = yield* insertApproval(db, row, turnedAway);
  yield* addNotifications(db, [{ ...aboutOf(approval, session.id, turnedAway.nowMs), type: 'pending_admin_approval' }]);
  return { session, approval, isNew: true };
}

/** A session that set out before its approval was given, and so was turned away by what held then: it stays approved. */
function* approvedMeanwhile(db: QueryCreator<Schema>, sessionId: string): Question<Waiting | undefined> {
  const row = yield* maybeOne(db.selectFrom('sessions').selectAll().where('id', '=', sessionId).where('state', '=', 'approved'));
  const approval = row === undefined ? undefined : yield* findAdminApproval(db, row.admin_approval_id ?? '');
  if (row === undefined || approval?.decidedAtMs === undefined || (row.departed_at ?? 0) >= approval.decidedAtMs) return undefined;
  return { session: rowToSession(row), approval, isNew: false };
}

/** What is waited for already. An approval that the provider knows nothing of is waited for again; a no stays one. */
function* waitOn(db: QueryCreator<Schema>, id: string, turnedAway: TurnedAway): Question<AdminApproval | undefined> {
  const row = yield* maybeOne(
    db
      .updateTable('admin_approvals')
      .set((eb) => ({
        state: eb.case().when('state', '=', 'declined').then('declined').else('waiting').end(),
        // What was put off further stays so.
        probe_not_before: eb
          .case()
          .when('probe_not_before', '>', turnedAway.probeNotBeforeMs)
          .then(eb.ref('probe_not_before'))
          .else(turnedAway.probeNotBeforeMs)
          .end(),
      }))
      .where('id', '=', id)
      .returningAll(),
  );
  return row && rowToAdminApproval(row);
}

function* insertApproval(db: QueryCreator<Schema>, session: Selectable<SessionsTable>, turnedAway: TurnedAway): Question<AdminApproval> {
  const row = yield* one(
    db
      .insertInto('admin_approvals')
      .values({
        id: turnedAway.candidate.id,
        application_id: session.application_id,
        provider: session.provider ?? '',
        provider_client_id: session.provider_client_id ?? '',
        access_mode: session.access_mode ?? '',
        end_user: session.end_user,
        email: null,
        organisation: null,
        state: 'waiting',
        link_hash: turnedAway.candidate.linkHash,
        link_sealed: turnedAway.candidate.linkSealed,
        admin_browser_hash: null,
        admin_state_hash: null,
        admin_nonce: null,
        admin_verifier_sealed: null,
        probes: 0,
        probe_not_before: turnedAway.probeNotBeforeMs,
        created_at: turnedAway.nowMs,
        decided_at: null,
        closed_at: null,
      })
      .returningAll(),
  );
  return rowToAdminApproval(row);
}

export function* findAdminApproval(db: QueryCreator<Schema>, id: string): Question<AdminApproval | undefined> {
  const row = yield* maybeOne(db.selectFrom('admin_approvals').selectAll().where('id', '=', id));
  return row && rowToAdminApproval(row);
}

/** Notes which organisation it is and who waits, as they say it; whoever polls its sessions hears of it, and so does the partner's server. */
export function* nameOrganisation(
  db: QueryCreator<Schema>,
  named: { id: string; email: string; organisation: string; nowMs: number },
): Question<AdminApproval | undefined> {
  const waiting = yield* touchSessions(db, [named.id]);
  const row = yield* maybeOne(
    db
      .updateTable('admin_approvals')
      .set((eb) => ({
        email: named.email,
        organisation: named.organisation,
        // A no is one of the organisation that was named before.
        state: eb.case().when('organisation', '=', named.organisation).then(eb.ref('state')).else('waiting').end(),
      }))
      .where('id', '=', named.id)
      .where('state', 'in', ['waiting', 'declined'])
      .returningAll(),
  );
  if (row === undefined) return undefined;
  const approval = rowToAdminApproval(row);
  yield* addNotifications(
    db,
    waiting.map((sessionId) => ({ ...aboutOf(approval, sessionId, named.nowMs), type: 'pending_admin_approval' })),
  );
  return approval;
}

/** Takes the next try that nobody asked for, where it is due: one page of the person's makes it, and the next is later. */
export function* takeProbe(db: QueryCreator<Schema>, probe: { id: string; nowMs: number; nextNotBeforeMs: number }): Question<boolean> {
  const taken = yield* maybeOne(
    db
      .updateTable('admin_approvals')
      .set((eb) => ({ probes: eb('probes', '+', 1), probe_not_before: probe.nextNotBeforeMs }))
      .where('id', '=', probe.id)
      .where('state', 'in', ['waiting', 'declined'])
      .where('closed_at', 'is', null)
      .where('probe_not_before', '<=', probe.nowMs)
      .returning('id'),
  );
  return taken !== undefined;
}

/** Sets when it may be tried again without anybody asking. */
export function* scheduleProbe(db: QueryCreator<Schema>, probe: { id: string; notBeforeMs: number }): Question<void> {
  yield* run(db.updateTable('admin_approvals').set({ probe_not_before: probe.notBeforeMs }).where('id', '=', probe.id));
}

/** A session of a person who waits since an earlier one. */
export interface Resumption {
  readonly sessionId: string;
  readonly applicationId: string;
  readonly endUser: string;
  /** What the new session offers: an approval for something else is none for it. */
  readonly offered: readonly { readonly provider: string; readonly accessMode: AccessMode }[];
  readonly providerClientIds: readonly string[];
  readonly sinceMs: number;
  readonly expiresAtMs: number;
}

/** Lets a new session of a person go on with what they already wait for; `undefined` where they wait for nothing. */
export function* resumeWaiting(db: QueryCreator<Schema>, resumption: Resumption): Question<Session | undefined> {
  const found = yield* rows(
    db
      .selectFrom('admin_approvals')
      .selectAll()
      .where('application_id', '=', resumption.applicationId)
      .where('end_user', '=', resumption.endUser)
      .where('closed_at', 'is', null)
      .where('created_at', '>', resumption.sinceMs)
      .orderBy('id', 'desc'),
  );
  const approval = found
    .map(rowToAdminApproval)
    .find(
      ({ provider, accessMode, providerClientId }) =>
        resumption.providerClientIds.includes(providerClientId) &&
        resumption.offered.some((each) => each.provider === provider && each.accessMode === accessMode),
    );
  if (approval === undefined) return undefined;
  const row = yield* maybeOne(
    db
      .updateTable('sessions')
      .set((eb) => ({
        state: (approval.state === 'approved' ? 'approved' : 'waiting_for_admin') satisfies SessionState,
        version: eb('version', '+', 1),
        provider: approval.provider,
        access_mode: approval.accessMode,
        provider_client_id: approval.providerClientId,
        admin_approval_id: approval.id,
        expires_at: resumption.expiresAtMs,
      }))
      .where('id', '=', resumption.sessionId)
      .where('state', '=', 'created')
      .returningAll(),
  );
  return row && rowToSession(row);
}

/** Ends the waiting: the person is connected, or has given up in the session that withdrew it. Where they wait in other windows, that ends too. */
export function* closeApproval(
  db: QueryCreator<Schema>,
  closing: { readonly id: string; readonly nowMs: number; readonly withdrawnBy?: string },
): Question<void> {
  yield* run(
    db
      .updateTable('sessions')
      .set((eb) => ({ state: 'cancelled' satisfies SessionState, version: eb('version', '+', 1), provider_state_hash: null }))
      .where('admin_approval_id', '=', closing.id)
      .where('state', 'in', WAITING_STATES),
  );
  const approval = yield* findAdminApproval(db, closing.id);
  if (approval === undefined) return;
  if (closing.withdrawnBy !== undefined) {
    const about = aboutOf(approval, closing.withdrawnBy, closing.nowMs);
    yield* addNotifications(db, [{ ...about, type: 'admin_approval_decided', decision: 'withdrawn' }]);
  }
  yield* run(
    db
      .updateTable('admin_approvals')
      .set({
        closed_at: closing.nowMs,
        // The organisation is still told to whoever has the link; who it was need not be known any longer.
        email: approval.email?.slice(approval.email.lastIndexOf('@') + 1) ?? null,
        admin_state_hash: null,
        admin_nonce: null,
        admin_verifier_sealed: null,
      })
      .where('id', '=', closing.id),
  );
}
