import type { StoredConference } from './conferences.ts';

/** When an event starts or ends, as Google writes it: a `date` for a whole day, a `dateTime` otherwise. */
export interface EventTime {
  readonly date?: string;
  readonly dateTime?: string;
  readonly timeZone?: string;
}

/** Somebody invited. */
export interface EventAttendee {
  readonly email: string;
  readonly displayName?: string;
  readonly responseStatus?: 'needsAction' | 'declined' | 'tentative' | 'accepted';
  readonly optional?: boolean;
  readonly resource?: boolean;
}

/** Properties that an app keeps with an event. */
export interface ExtendedProperties {
  readonly private?: Readonly<Record<string, string>>;
  readonly shared?: Readonly<Record<string, string>>;
}

/** What a client may say about an event, in Google's names. @see {@link https://developers.google.com/workspace/calendar/api/v3/reference/events} */
export interface EventFields {
  readonly summary?: string;
  readonly description?: string;
  readonly location?: string;
  readonly colorId?: string;
  readonly status?: 'confirmed' | 'tentative' | 'cancelled';
  readonly transparency?: 'opaque' | 'transparent';
  readonly visibility?: 'default' | 'public' | 'private' | 'confidential';
  readonly eventType?: string;
  readonly start: EventTime;
  readonly end: EventTime;
  readonly attendees?: readonly EventAttendee[];
  /** `RRULE` and `EXDATE` lines. */
  readonly recurrence?: readonly string[];
  readonly extendedProperties?: ExtendedProperties;
  readonly reminders?: unknown;
  readonly source?: unknown;
  readonly guestsCanInviteOthers?: boolean;
  readonly guestsCanModify?: boolean;
  readonly guestsCanSeeOtherGuests?: boolean;
}

/** An event to start with; an id makes it addressable from a test. */
export interface EventSeed extends EventFields {
  readonly id?: string;
}

/** An event as the emulator keeps it. */
export interface StoredEvent {
  readonly id: string;
  readonly fields: EventFields;
  readonly startMs: number;
  readonly endMs: number;
  readonly creatorEmail: string;
  readonly iCalUid: string;
  readonly sequence: number;
  readonly createdMs: number;
  readonly updatedMs: number;
  /** Grows with every change in the calendar; the etag is made of it. */
  readonly version: number;
  readonly conference?: StoredConference;
  /** For one instance of a series. */
  readonly instanceOf?: { readonly eventId: string; readonly originalStart: EventTime };
}

/** Says whether the event takes whole days. */
export function isAllDay(fields: EventFields): boolean {
  return fields.start.date !== undefined;
}
