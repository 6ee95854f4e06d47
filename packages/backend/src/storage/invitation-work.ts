import { createHash } from 'node:crypto';
import type { NewWorkItem } from './questions/work.ts';

/** Which invitation is to be mailed. An id and no more: address and text are read, and unsealed, when it leaves. */
export type InvitationPayload = { readonly invitationId: string };

/** The kind of work that mails an invitation. */
export const INVITE = 'invite';

/** An invitation that is to be mailed. */
export interface InvitationToMail {
  readonly id: string;
  readonly managedEventId: string;
  /** The address that it goes to. */
  readonly to: string;
}

/**
 * The work item that mails it. A lane for each recipient of an event: what one is told comes in its order, and a mailbox that is full holds up
 * nobody else's. Of the address only a hash is in the lane's name.
 */
export function invitationWork({ id, managedEventId, to }: InvitationToMail, nowMs: number): NewWorkItem {
  const payload: InvitationPayload = { invitationId: id };
  const recipient = createHash('sha256').update(`${managedEventId}\n${to.toLowerCase()}`).digest('base64url').slice(0, 22);
  return { laneId: `event:${managedEventId}:${recipient}`, kind: INVITE, payload, nowMs, dueAtMs: nowMs };
}

/** Where an invitation is sealed for: whoever writes it and whoever mails it know nothing else of each other. */
export function invitationPlace(invitation: { readonly id: string; readonly applicationId: string }): {
  readonly purpose: 'invitation/1';
  readonly rowId: string;
  readonly applicationId: string;
} {
  return { purpose: 'invitation/1', rowId: invitation.id, applicationId: invitation.applicationId };
}
