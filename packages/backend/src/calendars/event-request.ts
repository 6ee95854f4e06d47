import type { EventDraft, TimeSpan } from '../providers/calendar-reader.ts';

/** Somebody who is to be at an event. */
export interface Guest {
  /** One address, without a name. */
  readonly email: string;
  readonly name?: string | undefined;
}

/** Guests of one event, however many requests invite them: each is mailed the names of all. */
export const MAX_GUESTS = 200;

/** Where the people of an event are to meet, as a partner asks for it. */
export type AskedConferencing =
  | { readonly kind: 'none' }
  /** The calendar's own. */
  | { readonly kind: 'integrated' }
  /** The account's own service where one is connected, else the calendar's own where it has one, else none. */
  | { readonly kind: 'default' }
  /** A conferencing profile of the account. */
  | { readonly kind: 'profile'; readonly profileId: string }
  /** A meeting that the partner made. */
  | { readonly kind: 'explicit'; readonly description: string; readonly joinUrl: string };

/** An event as a partner writes it. Of what is absent stays what the event had; what is `null` is taken away. */
export interface EventRequest {
  /** The application's own id of it: the same one again is a change of the same event. */
  readonly eventId: string;
  readonly title: string;
  readonly time: TimeSpan;
  readonly timeZone: string | undefined;
  readonly description: string | null | undefined;
  readonly location: string | null | undefined;
  /** A page about it. */
  readonly url: string | null | undefined;
  readonly showAs: EventDraft['showAs'];
  readonly isPrivate: boolean | undefined;
  readonly reminderMinutes: readonly number[] | undefined;
  /** Reminders are for a new event only: those of one that exists stay, which its owner may have changed. */
  readonly remindersCreateOnly: boolean;
  readonly invite: readonly Guest[];
  /** Addresses. */
  readonly remove: readonly string[];
  readonly conferencing: AskedConferencing | undefined;
  /** The language of what is mailed, a BCP 47 tag. */
  readonly locale: string | undefined;
}
