import { instantOf, isDate, isTimeZone } from '../../calendars/local-time.ts';
import type { TimeSpan } from '../../providers/calendar-reader.ts';

/** An end of an event, as partners write it. */
export type WrittenTime = string | { readonly time: string; readonly tzid?: string | undefined };

/** RFC 3339, whose offset may be left out where a zone is given. */
const TIME = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/i;

/** A day or an instant. */
type ReadTime = { readonly date: string } | { readonly ms: number };

/** Reads one end: a date, or an instant; `undefined` where it is neither. `tzid` is for times without an offset. */
export function readTime(written: WrittenTime, tzid: string | undefined): ReadTime | undefined {
  const text = typeof written === 'string' ? written : written.time;
  const zone = (typeof written === 'string' ? undefined : written.tzid) ?? tzid;
  if (isDate(text)) return { date: text };
  const [, date = '', time = '', seconds = ':00', offset] = TIME.exec(text) ?? [];
  if (!isDate(date)) return undefined;
  const clock = `${date}T${time}${seconds}`;
  if (Number.isNaN(Date.parse(`${clock}Z`))) return undefined;
  if (offset !== undefined) {
    const ms = Date.parse(`${clock}${offset.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`);
    return Number.isNaN(ms) ? undefined : { ms };
  }
  return zone === undefined || !isTimeZone(zone) ? undefined : { ms: instantOf(clock.slice(0, 19), zone) };
}

/** Both ends as a span; `undefined` where they are no pair: a date and an instant, or an end that is not after its start. */
export function readSpan(start: ReadTime, end: ReadTime): TimeSpan | undefined {
  if ('date' in start && 'date' in end) {
    return start.date < end.date ? { allDay: true, startDate: start.date, endDate: end.date } : undefined;
  }
  if ('ms' in start && 'ms' in end) return start.ms < end.ms ? { allDay: false, startMs: start.ms, endMs: end.ms } : undefined;
  return undefined;
}
