import type { AccessMode, SessionState } from '@calendar-connect/protocol';
import type { Expression, ExpressionBuilder, QueryCreator, SqlBool } from 'kysely';
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
  /** What the second half of the way has besides, on which they prove who they are; absent on the first, on which they approve. */
  readonly proof?: { readonly nonce: string; readonly verifierSealed: string };
}

/** Sends an administrator to the provider; a trip begun before can no longer come back. */
export function* departAdmin(db: QueryCreator<Schema>, trip: AdminTrip): Question<void> {
  yield* run(
    db
      .updateTable('admin_approvals')
      .set({
        admin_browser_hash: trip.browserHash,
        admin_state_hash: trip.stateHash,
        admin_nonce: trip.proof?.nonce ?? null,
        admin_verifier_sealed: trip.proof?.verifierSealed ?? null,
      })
      .where('id', '=', trip.id),
  );
}

/** Takes the single-use state of an administrator's trip; answers with the row as it is, whose nonce and verifier belong to it. */
export function* takeAdminState(db: QueryCreator<Schema>, trip: { id: string; stateHash: string }): Question<AdminApproval | undefined> {
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
export function* declineApproval(db: QueryCreator<Schema>, declined: { id: string; nowMs: number }): Question<readonly string[]> {
  const row = yield* maybeOne(
    db
      .selectFrom('admin_approvals')
      .selectAll()
      .where('id', '=', declined.id)
      .where('state', '=', 'waiting')
      .where('closed_at', 'is', null),
  );
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
  db: QueryCreator<Schema>,
  approved: Approved,
): Question<{ readonly approvals: readonly AdminApproval[]; readonly sessionIds: readonly string[] }> {
  // The sessions first: see the LOCK ORDER in schema.ts.
  const sessions = yield* rows(
    db
      .updateTable('sessions')
      .set((eb) => ({ state: 'approved' satisfies SessionState, version: eb('version', '+', 1) }))
      .where('admin_approval_id', 'in', (eb) => eb.selectFrom('admin_approvals').select('id').where(isDecidedBy(approved)))
      .where('state', '=', 'waiting_for_admin')
      .returning(['id', 'admin_approval_id']),
  );
  const decided = yield* rows(
    db
      .updateTable('admin_approvals')
      // Where the provider takes its time to know, who is turned away once more is tried again soon.
      .set({ state: 'approved', organisation: approved.organisation, decided_at: approved.nowMs, probes: 0, probe_not_before: 0 })
      .where(isDecidedBy(approved))
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

/** What one approval decides: the one that it came by, and all of the organisation that somebody waits for. */
function isDecidedBy(approved: Approved) {
  return (eb: ExpressionBuilder<Schema, 'admin_approvals'>): Expression<SqlBool> =>
    eb.and([
      eb('provider_client_id', '=', approved.providerClientId),
      eb('access_mode', '=', approved.accessMode),
      eb('state', 'in', ['waiting', 'declined']),
      eb.or([eb('id', '=', approved.id), eb.and([eb('organisation', '=', approved.organisation), eb('closed_at', 'is', null)])]),
    ]);
}

/** How many people of its application can go on since this was approved, and have not yet. */
export function* countAllowed(db: QueryCreator<Schema>, approval: AdminApproval): Question<number> {
  const allowed = yield* rows(
    db
      .selectFrom('sessions')
      .innerJoin('admin_approvals', 'admin_approvals.id', 'sessions.admin_approval_id')
      .select('admin_approvals.id')
      .distinct()
      .where('admin_approvals.application_id', '=', approval.applicationId)
      .where('admin_approvals.provider_client_id', '=', approval.providerClientId)
      .where('admin_approvals.organisation', '=', approval.organisation ?? '')
      .where('admin_approvals.access_mode', '=', approval.accessMode)
      .where('sessions.state', '=', 'approved'),
  );
  return allowed.length;
}
