import type { AccessMode, SessionState } from '@calendar-connect/protocol';
import type { Kysely } from 'kysely';
import { type AdminApproval, rowToAdminApproval } from '../admin-approval-row.ts';
import { maybeOne, type Question, rows, run } from '../question.ts';
import type { Schema } from '../schema.ts';
import { aboutOf, touchSessions } from '../waiting-sessions.ts';
import { addApprovalMails } from './mail.ts';
import { addNotifications } from './notifications.ts';

/** The administrator's own trip to the provider, bound to their browser. */
export interface AdminTrip {
  readonly id: string;
  readonly browserHash: string;
  readonly stateHash: string;
  readonly nonce: string;
  readonly verifierSealed: string;
}

/** Sends an administrator to prove who they are; a trip begun before can no longer come back. */
export function* departAdmin(db: Kysely<Schema>, trip: AdminTrip): Question<void> {
  yield* run(
    db
      .updateTable('admin_approvals')
      .set({
        admin_browser_hash: trip.browserHash,
        admin_state_hash: trip.stateHash,
        admin_nonce: trip.nonce,
        admin_verifier_sealed: trip.verifierSealed,
      })
      .where('id', '=', trip.id),
  );
}

/** Takes the single-use state of an administrator's trip; answers with the row as it is, whose nonce and verifier belong to it. */
export function* takeAdminState(db: Kysely<Schema>, trip: { id: string; stateHash: string }): Question<AdminApproval | undefined> {
  const row = yield* maybeOne(
    db
      .updateTable('admin_approvals')
      .set({ admin_state_hash: null })
      .where('id', '=', trip.id)
      .where('admin_state_hash', '=', trip.stateHash)
      .returningAll(),
  );
  return row && rowToAdminApproval(row);
}

/** Notes that an administrator said no: their page says so, and nobody proved it, so that another may still say yes. */
export function* declineApproval(db: Kysely<Schema>, declined: { id: string; nowMs: number }): Question<readonly string[]> {
  const row = yield* maybeOne(db.selectFrom('admin_approvals').selectAll().where('id', '=', declined.id).where('state', '=', 'waiting'));
  if (row === undefined) return [];
  const waiting = rowToAdminApproval(row);
  const touched = yield* touchSessions(db, [waiting.id]);
  yield* run(
    db
      .updateTable('admin_approvals')
      .set({ state: 'declined', decided_at: declined.nowMs })
      .where('id', '=', waiting.id)
      .where('state', '=', 'waiting'),
  );
  const told = touched.map((sessionId) => aboutOf(waiting, sessionId, declined.nowMs));
  yield* addNotifications(
    db,
    told.map((about) => ({ ...about, type: 'admin_approval_decided', decision: 'declined' })),
  );
  return touched;
}

/** What an administrator has allowed, proven by who they are. */
export interface Approved {
  /** The approval that they came by. */
  readonly id: string;
  readonly providerClientId: string;
  /** The organisation of the administrator's own id token. */
  readonly organisation: string;
  readonly accessMode: AccessMode;
  readonly nowMs: number;
}

/**
 * Lets everybody of the organisation go on who waits for the same: of this application and of others, since the provider's consent is
 * to the operator's client. Answers with the approvals that this decided, and with the sessions that can go on.
 */
export function* approveOrganisation(
  db: Kysely<Schema>,
  approved: Approved,
): Question<{ readonly approvals: readonly AdminApproval[]; readonly sessionIds: readonly string[] }> {
  const waiting = yield* rows(
    db
      .selectFrom('admin_approvals')
      .select('id')
      .where('provider_client_id', '=', approved.providerClientId)
      .where('access_mode', '=', approved.accessMode)
      .where((eb) => eb.or([eb('id', '=', approved.id), eb('organisation', '=', approved.organisation)]))
      .where('state', 'in', ['waiting', 'declined']),
  );
  const ids = waiting.map(({ id }) => id);
  if (ids.length === 0) return { approvals: [], sessionIds: [] };
  // The sessions first: see the LOCK ORDER in schema.ts.
  const sessions = yield* rows(
    db
      .updateTable('sessions')
      .set((eb) => ({ state: 'approved' satisfies SessionState, version: eb('version', '+', 1) }))
      .where('admin_approval_id', 'in', ids)
      .where('state', '=', 'waiting_for_admin')
      .returning(['id', 'admin_approval_id']),
  );
  const decided = yield* rows(
    db
      .updateTable('admin_approvals')
      .set({ state: 'approved', organisation: approved.organisation, decided_at: approved.nowMs })
      .where('id', 'in', ids)
      .returningAll(),
  );
  const approvals = decided.map(rowToAdminApproval);
  const told = sessions.flatMap(({ id, admin_approval_id }) => {
    const approval = approvals.find((each) => each.id === admin_approval_id);
    return approval === undefined ? [] : [aboutOf(approval, id, approved.nowMs)];
  });
  yield* addNotifications(
    db,
    told.map((about) => ({ ...about, type: 'admin_approval_decided', decision: 'approved' })),
  );
  yield* addApprovalMails(db, approvals, approved.nowMs);
  return { approvals, sessionIds: sessions.map(({ id }) => id) };
}

/** How many people can go on since this was approved, and have not yet. */
export function* countAllowed(db: Kysely<Schema>, approval: AdminApproval): Question<number> {
  const allowed = yield* rows(
    db
      .selectFrom('sessions')
      .innerJoin('admin_approvals', 'admin_approvals.id', 'sessions.admin_approval_id')
      .select('admin_approvals.id')
      .distinct()
      .where('admin_approvals.provider_client_id', '=', approval.providerClientId)
      .where('admin_approvals.organisation', '=', approval.organisation ?? '')
      .where('admin_approvals.access_mode', '=', approval.accessMode)
      .where('sessions.state', '=', 'approved'),
  );
  return allowed.length;
}
