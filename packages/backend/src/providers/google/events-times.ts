import { z } from 'zod';
import type { TimeSpan } from '../calendar-reader.ts';

/** `start` and `end` of an [event](https://developers.google.com/workspace/calendar/api/v3/reference/events#resource): a date, or an instant and the zone it was made in. */
export const GOOGLE_TIME: z.ZodType<GoogleTime> = z.object({
  date: z.string().optional(),
  dateTime: z.string().optional(),
  timeZone: z.string().optional(),
});

/** As Google writes it. */
export interface GoogleTime {
  readonly date?: string | undefined;
  readonly dateTime?: string | undefined;
  readonly timeZone?: string | undefined;
}

/** RFC 3339 with an offset: a time without one is nobody's. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;
const DATE = /^\d{4}-\d\d-\d\d$/;

/** Reads an instant, in milliseconds since 1970. */
export function parseInstant(text: string): number | undefined {
  const ms = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

/** Reads when something is; `undefined` where that cannot be told. */
export function parseGoogleSpan(start: GoogleTime, end: GoogleTime): TimeSpan | undefined {
  if (start.date !== undefined && end.date !== undefined) {
    const areDates = [start.date, end.date].every((date) => DATE.test(date) && !Number.isNaN(Date.parse(date)));
    return areDates && start.date < end.date ? { allDay: true, startDate: start.date, endDate: end.date } : undefined;
  }
  const [startMs, endMs] = [parseInstant(start.dateTime ?? ''), parseInstant(end.dateTime ?? '')];
  return startMs === undefined || endMs === undefined || endMs < startMs ? undefined : { allDay: false, startMs, endMs };
}
