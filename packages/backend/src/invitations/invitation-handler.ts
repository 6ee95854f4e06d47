import type { Backend } from '../backend.ts';
import type { Mail } from '../mail/mailer.ts';
import { type InvitationPayload, invitationPlace } from '../storage/invitation-work.ts';
import type { WaitingInvitation } from '../storage/questions/managed-events.ts';
import type { WorkPayload } from '../storage/questions/work.ts';
import type { WorkHandler, WorkOutcome } from '../work/work.ts';
import { composeInvitation } from './compose-invitation.ts';
import type { InvitationKind, InvitedEvent } from './invited-event.ts';

const DAY_MS = 24 * 3600_000;

/** What one person is told of one revision of an event: whole, so that what is changed meanwhile is told after it and not in its place. */
export interface InvitationSnapshot {
  readonly kind: InvitationKind;
  /** One address, without a name. */
  readonly to: string;
  /** The id of the first invitation to this person for this event. */
  readonly thread: string;
  readonly event: InvitedEvent;
  /** The application's name, as shown to people. */
  readonly application: string;
  /** A BCP 47 tag. */
  readonly locale: string | undefined;
  /** Where answers go, where that is not the organizer. */
  readonly replyTo: string | undefined;
}

type Deps = Pick<Backend, 'store' | 'vault' | 'mailer' | 'log' | 'now'>;

/** The work of mailing invitations: each leaves once, and what a mail server does not take now it gets later, in order. */
export function invitationHandler(deps: Deps): WorkHandler {
  return {
    // Only storage/invitation-work.ts writes such items.
    handle: (payload) => deliver(deps, payload as InvitationPayload),
    giveUp: async (payload: WorkPayload) => {
      await deps.store.eraseInvitation((payload as InvitationPayload).invitationId);
      return payload;
    },
  };
}

async function deliver(deps: Deps, { invitationId }: InvitationPayload): Promise<WorkOutcome> {
  const invitation = await deps.store.findInvitation(invitationId);
  // Its event was erased together with the profile.
  if (invitation === undefined) return { outcome: 'done' };
  const about = { invitation: invitationId, event_id: invitation.managedEventId };
  if (deps.mailer === undefined) return { outcome: 'later', reason: 'there is no mail server: SMTP_URL is not set' };
  const mail = await compose(deps, invitation);
  const nowMs = deps.now();
  // Claimed before and settled after: one that died in between is sent again, with the same Message-ID.
  const claim = { subjects: [`invitation:${invitationId}`], item: mail.item, nowMs, forgetBeforeMs: nowMs - DAY_MS };
  if (await deps.store.claimMail(claim)) {
    const sent = await deps.mailer.send(mail);
    if (sent.outcome === 'later') return sent;
    await deps.store.settleMail({ item: mail.item, nowMs: deps.now() });
    if (sent.outcome === 'sent') deps.log({ level: 'info', event: 'invitation_sent', ...about });
    else deps.log({ level: 'warn', event: 'invitation_refused', ...about, hint: sent.reason });
  }
  await deps.store.eraseInvitation(invitationId);
  return { outcome: 'done' };
}

async function compose({ vault }: Deps, invitation: WaitingInvitation): Promise<Mail> {
  const opened = vault.open(invitation.dataKey, invitationPlace(invitation), invitation.sealed);
  // Only calendars/ writes them, and the vault has just proven that nobody else did.
  const { replyTo, ...snapshot } = JSON.parse(opened) as InvitationSnapshot;
  const mail = await composeInvitation({ ...snapshot, locale: snapshot.locale, item: invitation.id });
  return replyTo === undefined ? mail : { ...mail, replyTo: { name: snapshot.event.organizer.name, address: replyTo } };
}
