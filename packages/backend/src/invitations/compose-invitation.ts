import type { Mail } from '../mail/mailer.ts';
import { invitationMail, type InvitationMail } from './invitation-mail.ts';
import { methodOf } from './invited-event.ts';

/** An invitation, whom it is for, and as which of all mails it is sent. */
export interface InvitationToSend extends InvitationMail {
  /** One of the guests: one address, without a name. */
  readonly to: string;
  /** As {@link Mail.item}: the same for this version, this guest and this kind however often it has to be tried. */
  readonly item: string;
  /** As {@link Mail.thread}: the item of the first mail to this guest about this event. */
  readonly thread?: string | undefined;
}

/**
 * Writes the whole mail of an invitation: what the person reads, and what their calendar reads. It shows the application's name as its sender,
 * and answers go to the organizer.
 *
 * @throws RangeError as `writeInvitation` does
 */
export async function composeInvitation({ to, item, thread, ...invitation }: InvitationToSend): Promise<Mail> {
  const { kind, event, application } = invitation;
  const { writeInvitation } = await import('./invitation.ts');
  const method = methodOf(kind);
  const content = writeInvitation(method, event, { takesPlace: kind === 'uninvited' });
  const { organizer } = event;
  return {
    ...(await invitationMail(invitation)),
    to,
    item,
    ...(thread !== undefined && { thread }),
    from: { name: application },
    replyTo: { name: organizer.name, address: organizer.email },
    calendar: { method, content },
  };
}
