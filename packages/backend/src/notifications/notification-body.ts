import { createHash } from 'node:crypto';
import type { AccessMode, NotificationBody } from '@calendar-connect/protocol';
import type { NotificationPayload } from '../storage/notification-work.ts';

/** What an administrator was asked, as a partner is told of it. */
export interface NotifiedApproval {
  readonly provider: string;
  readonly accessMode: AccessMode;
  /** The partner's own id of the person who waits. */
  readonly endUser: string | undefined;
  /** The organisation's domain. */
  readonly organisation: string | undefined;
  /** The administrator's page. Whoever has the address can open it. */
  readonly url: string;
}

/** The body of a notification. What is personal in it is what the partner said itself, and the domain of an organisation. */
export function notificationBody(payload: NotificationPayload, approval: NotifiedApproval): NotificationBody {
  const about = {
    id: idOf(payload),
    occurred_at: payload.occurredAt,
    session_id: payload.sessionId,
    ...(approval.endUser === undefined ? {} : { end_user: approval.endUser }),
    provider: approval.provider,
    access_mode: approval.accessMode,
    ...(approval.organisation === undefined ? {} : { organisation: approval.organisation }),
  };
  return payload.type === 'pending_admin_approval'
    ? { notification: { type: payload.type, ...about, approval_url: approval.url } }
    : { notification: { type: payload.type, ...about, decision: payload.decision } };
}

/** The same for every delivery of one notification, and of none other: made of what it tells. */
function idOf(payload: NotificationPayload): string {
  const decision = payload.type === 'admin_approval_decided' ? payload.decision : '';
  const told = [payload.type, payload.sessionId, payload.approvalId, payload.occurredAt, decision];
  return `ntf_${createHash('sha256').update(told.join('\n')).digest('hex').slice(0, 24)}`;
}
