import type { AccessMode } from '@calendar-connect/protocol';
import type { Credential, Unavailable } from './provider.ts';

/** One calendar of a connected login, reduced at ingestion to what its access mode may hold. */
export interface ProviderCalendar {
  /** The provider's own id. Often an e-mail address: sealed wherever it is stored. */
  readonly providerCalendarId: string;
  /** Absent where the mode may not hold titles. */
  readonly name: string | undefined;
  readonly primary: boolean;
  readonly readonly: boolean;
  /** Whether events there can get the provider's own conferencing. */
  readonly integratedConferencing: boolean;
}

/** How a call to a provider's calendar API ended. */
export type CalendarOutcome<T> =
  | { readonly outcome: 'ok'; readonly value: T }
  /** The access token was not accepted: refresh once and ask again. */
  | { readonly outcome: 'unauthorized' }
  /** The grant does not allow this; the person has to connect again. */
  | { readonly outcome: 'forbidden'; readonly operatorHint: string }
  /** The login is good and has no calendar here: its mailbox is on a server of the organisation's own, or there is none. */
  | { readonly outcome: 'no_mailbox'; readonly operatorHint: string }
  | Unavailable;

/** How reading one calendar ended, where {@link CalendarOutcome} does not say enough. */
export type CalendarAccessOutcome<T> =
  | CalendarOutcome<T>
  /** There is no such calendar or event, or none that this login may know of. */
  | { readonly outcome: 'not_found'; readonly operatorHint: string }
  /** The grant is good, and this calendar or event is not open to it: read-only, or somebody else's. To connect again changes nothing. */
  | { readonly outcome: 'denied'; readonly operatorHint: string };

/** How changing an event ended. */
export type EventChangeOutcome<T> =
  | CalendarAccessOutcome<T>
  /** Somebody changed the event since the etag was read; or the idempotency key made another event, or one that is deleted. */
  | { readonly outcome: 'conflict'; readonly operatorHint: string }
  /** The provider does not take what was asked for. */
  | { readonly outcome: 'invalid'; readonly operatorHint: string };

/** When something is, its end excluded. Whole days are dates: they are the same days wherever the person travels. */
export type TimeSpan =
  /** Milliseconds since 1970. */
  | { readonly allDay: false; readonly startMs: number; readonly endMs: number }
  /** `2026-11-19`; `endDate` is the day after the last. */
  | { readonly allDay: true; readonly startDate: string; readonly endDate: string };

/**
 * What a span of time says of somebody's availability. Where nothing is said, they are free; `unknown` is never to be read so.
 *
 * Partners know no finer ones ([free_busy_status](https://docs.cronofy.com/developers/api/events/free-busy/)), and what nobody asks for is
 * not kept: out of office is `busy`, and working elsewhere is `free`, as providers count it.
 */
export type FreeBusyStatus = 'busy' | 'tentative' | 'free' | 'unknown';

/** What is known of one calendar for one span of time, and nothing of why. */
export interface FreeBusySpan {
  /** As it was asked for; the provider's own name of the primary calendar where none was. */
  readonly providerCalendarId: string;
  readonly status: FreeBusyStatus;
  readonly time: TimeSpan;
}

/** A range of time. Milliseconds since 1970, `toMs` excluded. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What to tell the availability of. */
export interface FreeBusyQuery extends TimeRange {
  readonly mode: AccessMode;
  /** Default: the primary calendar alone. */
  readonly calendarIds?: readonly string[] | undefined;
}

/** How an event shows to those who ask when its owner is free. */
export type ShowAs = 'busy' | 'tentative' | 'out_of_office' | 'working_elsewhere' | 'free' | 'unknown';

/** Who of those that may see a calendar may see what an event is about. */
export type Sensitivity = 'normal' | 'personal' | 'private' | 'confidential';

/** What somebody answered to an invitation. */
export type ParticipationStatus = 'needs_action' | 'accepted' | 'declined' | 'tentative' | 'unknown';

/** Somebody at an event. */
export interface EventPerson {
  readonly email: string | undefined;
  readonly name: string | undefined;
}

/** One event, or one occurrence of a series, of a login in full mode. */
export interface ProviderEvent {
  readonly providerEventId: string;
  readonly providerCalendarId: string;
  /** The iCalendar UID. Google's is one for all occurrences of a series, Microsoft's one for each. */
  readonly uid: string | undefined;
  /** The event that this is an occurrence of. */
  readonly seriesId: string | undefined;
  /** Changes with every change; for {@link EventToChange.etag}. */
  readonly etag: string | undefined;
  readonly title: string | undefined;
  /** Plain text at Microsoft; Google gives what was typed, which may be HTML. */
  readonly description: string | undefined;
  readonly location: string | undefined;
  readonly time: TimeSpan;
  /** The IANA zone in which the event was made, where the provider says one that can be named. */
  readonly timeZone: string | undefined;
  readonly showAs: ShowAs;
  readonly sensitivity: Sensitivity;
  readonly cancelled: boolean;
  readonly organizer: EventPerson | undefined;
  readonly attendees: readonly (EventPerson & { readonly status: ParticipationStatus })[];
  /** What the owner of the calendar answered; `accepted` for one's own events. */
  readonly participation: ParticipationStatus;
  /** Where the meeting is online. */
  readonly meetingUrl: string | undefined;
  /** Integrated conferencing that was asked for and is not there (yet): `pending` may come later, `failed` never will. Absent where there is none to wait for. */
  readonly conferencingState?: 'pending' | 'failed' | undefined;
  /** Milliseconds since 1970. */
  readonly createdMs: number | undefined;
  readonly updatedMs: number | undefined;
}

/**
 * Where the people of an event meet. `integrated`: the calendar's own conferencing (Google Meet, Microsoft Teams), made with the event. An
 * object: a meeting that was made elsewhere. `none`: nowhere; what the event had before goes.
 */
export type EventConferencing =
  | 'integrated'
  | 'none'
  | {
      /** How people know the service, such as `Zoom`. */
      readonly description: string;
      readonly joinUrl: string;
    };

/** What an event is to say. */
export interface EventDraft {
  readonly title: string;
  readonly time: TimeSpan;
  /** The IANA zone to show it in; it never moves the event. Default: UTC. */
  readonly timeZone?: string | undefined;
  /** Plain text. */
  readonly description?: string | undefined;
  readonly location?: string | undefined;
  /** They are invited by the provider, by mail. */
  readonly attendees?: readonly { readonly email: string; readonly name?: string | undefined }[] | undefined;
  /** Default `busy`. Where a provider does not have one of them, the nearest that does not say more time is free. */
  readonly showAs?: Exclude<ShowAs, 'unknown'> | undefined;
  /** Default `normal`. */
  readonly sensitivity?: Sensitivity | undefined;
  /** Absent: nothing is made, and what is there stays. */
  readonly conferencing?: EventConferencing | undefined;
  /** Minutes before the start at which the owner is reminded, at most five, in place of the calendar's own. Absent: the calendar's own. */
  readonly reminderMinutes?: readonly number[] | undefined;
}

/** An event to be made. */
export interface EventToCreate {
  readonly calendarId: string;
  /** Made once however often it is asked for with this key, which the caller keeps: 1 to 200 characters. A key is not used again for another event. */
  readonly idempotencyKey: string;
  readonly event: EventDraft;
}

/** Which event to change or delete. */
export interface EventToChange {
  readonly calendarId: string;
  readonly eventId: string;
  /** Where it is given, an event that was changed since is a `conflict`. */
  readonly etag?: string | undefined;
}

/**
 * The part of a provider that reads and changes calendars. Loaded when first used.
 *
 * Answers are whole or errors: pages are followed to the end, one after the other, and half a list is never given. Nothing is refreshed
 * and nothing repeated: that is the caller's, who knows the lease on the credential.
 *
 * @throws RangeError where the end of a range is not after its start
 */
export interface CalendarReader {
  listCalendars(credential: Credential, mode: AccessMode): Promise<CalendarOutcome<readonly ProviderCalendar[]>>;
  /** Tells when somebody is free, cut to the range; spans of one calendar and status neither overlap nor touch. Whole days are given whole. */
  freeBusy(credential: Credential, query: FreeBusyQuery): Promise<CalendarAccessOutcome<readonly FreeBusySpan[]>>;
  /** Lists the events that are at least in part in the range, each occurrence of a series by itself. For full mode only. */
  listEvents(
    credential: Credential,
    query: TimeRange & { readonly calendarId: string },
  ): Promise<CalendarAccessOutcome<readonly ProviderEvent[]>>;
  createEvent(credential: Credential, request: EventToCreate): Promise<EventChangeOutcome<ProviderEvent>>;
  /** Changes what is named; what is absent stays. */
  updateEvent(
    credential: Credential,
    request: EventToChange & { readonly changes: Partial<EventDraft> },
  ): Promise<EventChangeOutcome<ProviderEvent>>;
  /** What is gone already is deleted. */
  deleteEvent(credential: Credential, request: EventToChange): Promise<EventChangeOutcome<undefined>>;
}
