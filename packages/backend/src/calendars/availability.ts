import type { FreeBusyStatus, TimeSpan } from '../providers/calendar-reader.ts';
import type { AuthorizedAccount } from '../storage/questions/authorized-account.ts';
import type { AccountCalendar } from './account-calendars.ts';

/** Whose availability, when, and how it is to be told. */
export interface AvailabilityQuery {
  readonly account: AuthorizedAccount;
  /** Which of the account's calendars. */
  readonly calendars: readonly AccountCalendar[];
  /** The days, `to` excluded. */
  readonly from: string;
  readonly to: string;
  /** In which zone the days begin and end. */
  readonly timeZone: string;
  /** Whether what the application itself wrote counts. */
  readonly includeManaged: boolean;
}

/** What is known of one calendar for one span of time. Where nothing is said, the person is free; `unknown` is never to be read so. */
export interface AvailabilitySpan {
  readonly calendarId: string;
  readonly status: FreeBusyStatus;
  readonly time: TimeSpan;
}

/**
 * When people are free. A seam: `live-availability.ts` asks the providers on every question; a cache that is kept in step with them answers the
 * same question behind the same endpoint.
 */
export interface Availability {
  /** Tells it for every calendar that was asked for, in the order of time. What cannot be told is `unknown`; nothing is thrown for it. */
  ask(query: AvailabilityQuery): Promise<readonly AvailabilitySpan[]>;
}
