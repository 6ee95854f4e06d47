import type { NewWorkItem } from './questions/work.ts';

/** What a partner's server is to be told. Ids and no more: the rest is read when it leaves, so that no link and no name lies in the work. */
export type Notification = NotificationDetails & { readonly nowMs: number };

type NotificationDetails = {
  readonly applicationId: string;
  /** The session that it is about. */
  readonly sessionId: string;
  readonly approvalId: string;
} & (
  | { readonly type: 'pending_admin_approval' }
  | { readonly type: 'admin_approval_decided'; readonly decision: 'approved' | 'declined' | 'withdrawn' }
);

/** A {@link Notification} as it lies in its work item. */
export type NotificationPayload = NotificationDetails & { readonly occurredAt: string };

/** The kind of work that tells a partner's server something. */
export const NOTIFY = 'notify';

/** The work item that tells it: one lane for each application, so that its server hears things in their order and holds up no other's. */
export function notificationWork({ nowMs, ...details }: Notification): NewWorkItem {
  const payload: NotificationPayload = { ...details, occurredAt: new Date(nowMs).toISOString() };
  return { laneId: `notifications:${details.applicationId}`, kind: NOTIFY, payload, nowMs, dueAtMs: nowMs };
}
