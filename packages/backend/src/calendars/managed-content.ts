import { createHash } from 'node:crypto';
import type { EventDraft, TimeSpan } from '../providers/calendar-reader.ts';
import type { SealContext } from '../vault/vault.ts';
import type { StandingMeeting } from './arrange-meeting.ts';
import { invalidField } from './calendar-refusal.ts';
import { type AskedConferencing, type EventRequest, type Guest, MAX_GUESTS } from './event-request.ts';

/** Where people meet: the calendar's own conferencing, or a meeting that was made elsewhere. */
export type EventMeeting = 'integrated' | { readonly description: string; readonly joinUrl: string } | StandingMeeting;

/** An event that an application wrote, as it is to be. */
export interface EventContent {
  readonly eventId: string;
  readonly title: string;
  readonly time: TimeSpan;
  readonly timeZone?: string | undefined;
  readonly description?: string | undefined;
  readonly location?: string | undefined;
  readonly url?: string | undefined;
  readonly showAs?: EventDraft['showAs'];
  readonly isPrivate?: boolean | undefined;
  readonly reminderMinutes?: readonly number[] | undefined;
  /** Those whom the application invited; never the person of the calendar. */
  readonly guests: readonly Guest[];
  /** What was asked for, so that a change of time changes the meeting too. */
  readonly conferencing?: AskedConferencing | undefined;
  readonly meeting?: EventMeeting | undefined;
  readonly locale?: string | undefined;
}

/** Somebody who was sent an invitation. */
export interface InvitedGuest extends Guest {
  /** Names the first mail to them about this event. */
  readonly thread: string;
}

/** What is kept of a managed event, sealed under the account's data key. */
export interface ManagedContent {
  /** Absent where it was deleted. */
  readonly event?: EventContent | undefined;
  /** At the provider. */
  readonly remote?: {
    /** Grows whenever another event is to be made there: an idempotency key makes one event, and never another. */
    readonly generation: number;
    /** It was begun to make it, and nobody knows yet what came of it. */
    readonly isBegun?: true;
    /** The provider's id of it. */
    readonly eventId?: string | undefined;
  };
  /** Who was told of it by mail, and by whom: updates and cancellations come from the same organizer to the same people. */
  readonly mailed?: {
    readonly organizer: { readonly name: string; readonly email: string };
    readonly replyTo?: string | undefined;
    readonly people: readonly InvitedGuest[];
  };
}

/** Where it is sealed for. */
export function managedContentPlace(event: { id: string; applicationId: string }): SealContext {
  return { purpose: 'managed_event.content/1', rowId: event.id, applicationId: event.applicationId };
}

/** As the text that is sealed. */
export function writeManagedContent(content: ManagedContent): string {
  return JSON.stringify(content);
}

/** Reads what {@link writeManagedContent} wrote; the vault has just proven that nobody else did. */
export function readManagedContent(text: string): ManagedContent {
  return JSON.parse(text) as ManagedContent;
}

/** What an application's own id of an event is looked up by. */
export function eventHash(eventId: string): string {
  return createHash('sha256').update(eventId).digest('base64url');
}

/** Addresses of one mailbox are one guest, whatever their letters' size. */
export function sameAddress(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** The event as it is to be after a request; `own` is the address of the calendar's person, who is no guest. @throws CalendarRefusal for too many guests */
export function mergeEvent(known: EventContent | undefined, request: EventRequest, own: string | undefined): EventContent {
  const { eventId, title, time } = request;
  const kept = <T>(asked: T | null | undefined, before: T | undefined): T | undefined =>
    asked === undefined ? before : (asked ?? undefined);
  const guests = mergeGuests(known?.guests ?? [], request).filter(({ email }) => own === undefined || !sameAddress(email, own));
  if (guests.length > MAX_GUESTS) throw invalidField('attendees.invite', 'too_many', `an event has at most ${MAX_GUESTS} attendees`);
  const keepsReminders = known !== undefined && request.remindersCreateOnly;
  return {
    eventId,
    title,
    time,
    timeZone: request.timeZone ?? known?.timeZone,
    description: kept(request.description, known?.description),
    location: kept(request.location, known?.location),
    url: kept(request.url, known?.url),
    showAs: kept(request.showAs, known?.showAs),
    isPrivate: kept(request.isPrivate, known?.isPrivate),
    reminderMinutes: keepsReminders ? known.reminderMinutes : kept(request.reminderMinutes, known?.reminderMinutes),
    guests,
    conferencing: request.conferencing ?? known?.conferencing,
    meeting: known?.meeting,
    locale: request.locale ?? known?.locale,
  };
}

/** Guests after a request: who is invited again is there once, by the newer name. */
export function mergeGuests(known: readonly Guest[], { invite, remove }: Pick<EventRequest, 'invite' | 'remove'>): readonly Guest[] {
  const guests = new Map(known.map((guest) => [guest.email.toLowerCase(), guest]));
  for (const email of remove) guests.delete(email.toLowerCase());
  for (const guest of invite) {
    const before = guests.get(guest.email.toLowerCase());
    guests.set(guest.email.toLowerCase(), { email: before?.email ?? guest.email, name: guest.name ?? before?.name });
  }
  return [...guests.values()];
}

/** Whether two say the same to everybody who is told of them. */
export function isSameEvent(a: EventContent, b: EventContent): boolean {
  const told = ({ reminderMinutes: _own, locale: _language, conferencing: _asked, ...event }: EventContent): string =>
    JSON.stringify(sorted(event));
  return told(a) === told(b);
}

/** Objects with their names in one order: those that were stored and those that were just made have theirs in different ones. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, each]) => [name, sorted(each)]));
}
