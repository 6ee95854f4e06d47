import { z } from 'zod';
import type { TimeSpan } from '../calendar-reader.ts';

/** [dateTimeTimeZone](https://learn.microsoft.com/graph/api/resources/datetimetimezone): a wall clock, and whose. */
export const GRAPH_TIME: z.ZodType<GraphTime> = z.object({ dateTime: z.string(), timeZone: z.string() });

/** As Graph writes it. */
export interface GraphTime {
  readonly dateTime: string;
  readonly timeZone: string;
}

/** What Graph calls UTC, which every request asks for. */
const UTC: readonly string[] = ['UTC', 'Etc/UTC', 'Etc/GMT', 'tzone://Microsoft/Utc'];

/** Seven digits of a second; we count in three. */
const WALL_CLOCK = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?Z?$/;

/** Times as an answer has them. */
export interface GraphSpan {
  readonly start: GraphTime;
  readonly end: GraphTime;
  readonly isAllDay?: boolean | undefined;
}

/**
 * Reads when something is; `undefined` where that cannot be told, such as for a wall clock of another zone than was asked for.
 *
 * Whole days are written at midnight in whatever zone is asked for, so their dates are taken as they stand.
 */
export function parseGraphSpan({ start, end, isAllDay }: GraphSpan): TimeSpan | undefined {
  const days = isAllDay === true ? [dayOf(start.dateTime), dayOf(end.dateTime)] : [];
  if (days[0] !== undefined && days[1] !== undefined) {
    return days[0] < days[1] ? { allDay: true, startDate: days[0], endDate: days[1] } : undefined;
  }
  const [startMs, endMs] = [instantOf(start), instantOf(end)];
  return startMs === undefined || endMs === undefined || endMs < startMs ? undefined : { allDay: false, startMs, endMs };
}

/** A range's bound as Graph's queries and bodies take it. */
export function toGraphTime(ms: number): GraphTime {
  return { dateTime: new Date(ms).toISOString().slice(0, -1), timeZone: 'UTC' };
}

function instantOf({ dateTime, timeZone }: GraphTime): number | undefined {
  const [, date, clock, fraction = ''] = WALL_CLOCK.exec(dateTime) ?? [];
  if (date === undefined || clock === undefined || !UTC.includes(timeZone)) return undefined;
  const ms = Date.parse(`${date}T${clock}.${fraction.slice(0, 3).padEnd(3, '0')}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

function dayOf(dateTime: string): string | undefined {
  const [, date, clock] = WALL_CLOCK.exec(dateTime) ?? [];
  return clock === '00:00:00' && date !== undefined && !Number.isNaN(Date.parse(date)) ? date : undefined;
}
