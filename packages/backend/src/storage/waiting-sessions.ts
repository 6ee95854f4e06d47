import type { QueryCreator } from 'kysely';
import type { AdminApproval } from './admin-approval-row.ts';
import type { Notification } from './notification-work.ts';
import { type Question, rows } from './question.ts';
import type { Schema } from './schema.ts';
import { WAITING_STATES } from './session-row.ts';

/** Whoever polls the sessions that wait for these approvals looks again. */
export function* touchSessions(db: QueryCreator<Schema>, approvalIds: readonly string[]): Question<readonly string[]> {
  const touched = yield* rows(
    db
      .updateTable('sessions')
      .set((eb) => ({ version: eb('version', '+', 1) }))
      .where('admin_approval_id', 'in', approvalIds)
      .where('state', 'in', WAITING_STATES)
      .returning('id'),
  );
  return touched.map(({ id }) => id);
}

/** What every notification of an approval names. */
export function aboutOf(
  approval: AdminApproval,
  sessionId: string,
  nowMs: number,
): Pick<Notification, 'applicationId' | 'sessionId' | 'approvalId' | 'nowMs'> {
  return { applicationId: approval.applicationId, sessionId, approvalId: approval.id, nowMs };
}
