import type { OnlineMeetingInfo, OnlineMeetingProvider } from './online-meeting.ts';

/** A wall-clock time and its zone, by a Windows or IANA name. @see {@link https://learn.microsoft.com/graph/api/resources/datetimetimezone} */
export interface DateTimeTimeZone {
  readonly dateTime: string;
  readonly timeZone: string;
}

/** How an event shows in free/busy. */
export const SHOW_AS = ['free', 'tentative', 'busy', 'oof', 'workingElsewhere', 'unknown'] as const;

/** One of {@link SHOW_AS}. */
export type ShowAs = (typeof SHOW_AS)[number];

/** Who may see what an event is about. */
export const SENSITIVITIES = ['normal', 'personal', 'private', 'confidential'] as const;

/** When a series recurs. @see {@link https://learn.microsoft.com/graph/api/resources/patternedrecurrence} */
export interface PatternedRecurrence {
  readonly pattern: {
    readonly type: 'daily' | 'weekly' | 'absoluteMonthly';
    readonly interval: number;
    /** Of weekly series: `monday` and so on. */
    readonly daysOfWeek?: readonly string[];
    readonly dayOfMonth?: number;
  };
  readonly range: {
    readonly type: 'noEnd' | 'endDate' | 'numbered';
    readonly startDate: string;
    readonly endDate?: string;
    readonly numberOfOccurrences?: number;
  };
}

/** Somebody invited. */
export interface Attendee {
  readonly type?: 'required' | 'optional' | 'resource';
  readonly emailAddress: { readonly name?: string; readonly address: string };
  readonly status?: { readonly response: string; readonly time: string };
}

/** What a client may say about an event, in Graph's names. @see {@link https://learn.microsoft.com/graph/api/resources/event} */
export interface EventFields {
  readonly subject?: string;
  readonly body?: { readonly contentType: 'text' | 'html'; readonly content: string };
  readonly start: DateTimeTimeZone;
  readonly end: DateTimeTimeZone;
  readonly isAllDay?: boolean;
  readonly showAs?: ShowAs;
  readonly sensitivity?: (typeof SENSITIVITIES)[number];
  readonly location?: { readonly displayName: string };
  readonly attendees?: readonly Attendee[];
  readonly categories?: readonly string[];
  readonly recurrence?: PatternedRecurrence;
  readonly isCancelled?: boolean;
  readonly isReminderOn?: boolean;
  readonly reminderMinutesBeforeStart?: number;
  readonly transactionId?: string;
  /** Asks for a meeting; heeded once. */
  readonly isOnlineMeeting?: boolean;
  /** The default is the calendar's own. */
  readonly onlineMeetingProvider?: OnlineMeetingProvider;
}

/** An event to start with; an id makes it addressable from a test. */
export interface EventSeed extends EventFields {
  readonly id?: string;
}

/** A calendar besides the default one, to start with. */
export interface CalendarSeed {
  /** The default looks like Outlook's. */
  readonly id?: string;
  readonly name: string;
  /** The default is `true`. */
  readonly canEdit?: boolean;
  /** Who shared it; the default is the person. */
  readonly owner?: { readonly name: string; readonly address: string };
  /** The default is Teams for work accounts, and nothing for personal ones. */
  readonly allowedOnlineMeetingProviders?: readonly OnlineMeetingProvider[];
  readonly events?: readonly EventSeed[];
}

/** An event as the emulator keeps it. */
export interface StoredEvent {
  readonly id: string;
  readonly fields: EventFields;
  readonly startMs: number;
  readonly endMs: number;
  readonly iCalUId: string;
  readonly createdMs: number;
  readonly changedMs: number;
  /** Grows with every change; etag and change key are made of it. */
  readonly version: number;
  readonly onlineMeeting?: OnlineMeetingInfo;
  /** For one occurrence of a series. */
  readonly seriesMasterId?: string;
}
