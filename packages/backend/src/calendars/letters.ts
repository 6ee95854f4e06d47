import type { InvitationSnapshot } from '../invitations/invitation-handler.ts';
import type { InvitationKind, InvitedEvent } from '../invitations/invited-event.ts';
import { isMailAddress } from '../mail/mail-address.ts';
import { invitationPlace } from '../storage/invitation-work.ts';
import type { NewInvitation } from '../storage/questions/managed-events.ts';
import { ID_PREFIX } from '../vault/issued-token.ts';
import { newId } from '../vault/secrets.ts';
import { invalidField } from './calendar-refusal.ts';
import type { Guest } from './event-request.ts';
import type { EventContent, InvitedGuest, ManagedContent } from './managed-content.ts';
import type { StoredEvent } from './stored-event.ts';
import type { WriteDeps, WriteTarget } from './write-deps.ts';

/** By whom people are invited, and as what. */
export interface Sender {
  /** The application's name, as shown to people. */
  readonly application: string;
  readonly mailed: Pick<NonNullable<ManagedContent['mailed']>, 'organizer' | 'replyTo'>;
  readonly locale: string;
}

/**
 * By whom the people of an event are invited: by whom they were before, or else as the application says, or by the operator's address under the
 * application's name.
 *
 * @throws CalendarRefusal where no mail can be sent
 */
export async function senderOf(deps: WriteDeps, target: WriteTarget, { event, mailed }: ManagedContent): Promise<Sender> {
  const application = await deps.store.findApplication(target.account.applicationId);
  if (deps.mailer === undefined || application === undefined) {
    throw invalidField(
      'calendar_id',
      'invitations_not_available',
      'events of this calendar go out as invitations by mail, and the backend has no mail server: its operator sets SMTP_URL and MAIL_FROM',
    );
  }
  const { organizerName, organizerEmail, replyTo } = application.invitations;
  const organizer = { name: organizerName ?? application.name, email: organizerEmail ?? deps.mailer.from.address };
  return {
    application: application.name,
    mailed: mailed ?? { organizer, replyTo },
    locale: event?.locale ?? (await deps.store.localeOfAccount(target.account.accountId)) ?? 'en',
  };
}

/** The address of the calendar's person. @throws CalendarRefusal where none is known */
export function ownAddress({ profile, account }: WriteTarget): string {
  const address = [profile.name, account.email].find((each) => each !== undefined && isMailAddress(each));
  if (address !== undefined) return address;
  throw invalidField(
    'calendar_id',
    'invitations_not_available',
    'no mail address of the calendar’s person is known: they have to connect again',
  );
}

/** What is to be told to some people. */
export interface Letters {
  readonly kind: InvitationKind;
  readonly people: readonly InvitedGuest[];
  /** All that the invitation names; by default each person alone. */
  readonly attendees?: readonly Guest[];
}

/** A revision of an event. */
export interface Revision {
  readonly stored: StoredEvent;
  readonly event: EventContent;
  readonly uid: string;
  readonly sequence: number;
}

/** Seals one letter for each person. */
export function sealLetters(
  deps: WriteDeps,
  { target, sender, revision }: { readonly target: WriteTarget; readonly sender: Sender; readonly revision: Revision },
  letters: readonly Letters[],
): readonly NewInvitation[] {
  return letters.flatMap(({ kind, people, attendees }) =>
    people.map((person) => {
      // Who is told of an event for the first time begins the conversation.
      const id = kind === 'invited' ? person.thread : newInvitationId(deps);
      const snapshot: InvitationSnapshot = {
        kind,
        to: person.email,
        thread: person.thread,
        event: invitedEvent(deps, { sender, revision }, attendees ?? [person]),
        application: sender.application,
        locale: sender.locale,
        replyTo: sender.mailed.replyTo,
      };
      const place = invitationPlace({ id, applicationId: target.account.applicationId });
      return { id, to: person.email, sealed: deps.vault.seal(target.account.dataKey, place, JSON.stringify(snapshot)) };
    }),
  );
}

/** Somebody who is about to be told of an event, with the conversation that they know it by. */
export function invitedGuest(deps: WriteDeps, guest: Guest, known: InvitedGuest | undefined): InvitedGuest {
  return { email: known?.email ?? guest.email, name: guest.name, thread: known?.thread ?? newInvitationId(deps) };
}

function newInvitationId({ now }: WriteDeps): string {
  return newId(ID_PREFIX.invitation, now());
}

function invitedEvent(
  deps: WriteDeps,
  { sender, revision: { event, stored, uid, sequence } }: { readonly sender: Sender; readonly revision: Revision },
  attendees: readonly Guest[],
): InvitedEvent {
  const { title, time, timeZone, description, location, url, showAs, isPrivate, meeting } = event;
  return {
    uid,
    sequence,
    title,
    time,
    timeZone,
    description,
    location,
    url,
    showAs,
    isPrivate,
    organizer: sender.mailed.organizer,
    attendees: attendees.map(({ email, name }) => ({ email, name })),
    conferencing: typeof meeting === 'object' ? meeting : undefined,
    createdMs: stored.row.createdAtMs,
    stampMs: deps.now(),
  };
}
