import type { TimeRange, TimeSpan } from '../providers/calendar-reader.ts';

const DAY_MS = 86_400_000;
const DATE = /^\d{4}-\d\d-\d\d$/;
/** With a day to spare for any zone: iCalendar and most providers know no time before 1970 and no year of five digits. */
const YEARS = { first: 1971, last: 9998 };

/** Whether a text names a zone of the IANA database; an offset alone is none. */
export function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Whether a text is a day of the calendar, such as `2026-03-02`; the 30th of February is none, and neither is a day out of {@link YEARS}. */
export function isDate(text: string): boolean {
  if (!DATE.test(text) || Number(text.slice(0, 4)) < YEARS.first || Number(text.slice(0, 4)) > YEARS.last) return false;
  return !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);
}

/** The day that is so many days after another. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);
}

/** What the calendar of a zone shows at an instant. */
export function dateAt(ms: number, timeZone: string): string {
  return clockAt(ms, timeZone).slice(0, 10);
}

/** What the clocks of a zone show, `2026-03-02T09:00:00`. Swedish is written as ISO 8601 is. */
function clockAt(ms: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(ms).replace(' ', 'T');
}

/**
 * The instant at which the clocks of a zone show this. Of an hour that passes twice the first is meant, and a time that is skipped is read by
 * the clocks before it was: RFC 5545 §3.3.5.
 *
 * @param clock `2026-03-02T09:00:00`
 */
export function instantOf(clock: string, timeZone: string): number {
  const asUtcMs = Date.parse(`${clock}Z`);
  // Offsets change at most once within these two days.
  const offsets = [asUtcMs - DAY_MS, asUtcMs + DAY_MS].map((ms) => offsetAt(ms, timeZone));
  const [before = 0, after = 0] = offsets;
  const shown = [asUtcMs - before, asUtcMs - after].filter((ms) => offsetAt(ms, timeZone) === asUtcMs - ms);
  return shown.length === 0 ? asUtcMs - before : Math.min(...shown);
}

function offsetAt(ms: number, timeZone: string): number {
  return Date.parse(`${clockAt(ms, timeZone)}Z`) - Math.floor(ms / 1000) * 1000;
}

/** The range from the first moment of a day to the first moment of another, in a zone. */
export function rangeOfDays({ from, to }: { readonly from: string; readonly to: string }, timeZone: string): TimeRange {
  return { fromMs: instantOf(`${from}T00:00:00`, timeZone), toMs: instantOf(`${to}T00:00:00`, timeZone) };
}

/** An instant as the clocks of a zone show it, with its offset: `2026-03-02T10:00:00+01:00`. */
export function localTime(ms: number, timeZone: string): string {
  const minutes = Math.round(offsetAt(ms, timeZone) / 60_000);
  const [sign, away] = minutes < 0 ? ['-', -minutes] : ['+', minutes];
  const two = (value: number): string => String(value).padStart(2, '0');
  return minutes === 0 ? utcTime(ms) : `${clockAt(ms, timeZone)}${sign}${two(Math.floor(away / 60))}:${two(away % 60)}`;
}

/** An instant as partners read it: `2026-03-02T09:00:00Z`. */
export function utcTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** A span as a range of time in a zone: whole days last from midnight to midnight there. */
export function rangeOf(time: TimeSpan, timeZone: string): TimeRange {
  if (!time.allDay) return { fromMs: time.startMs, toMs: time.endMs };
  return rangeOfDays({ from: time.startDate, to: time.endDate }, timeZone);
}

/** The months of a range, counted from year 0, a day wider on both sides: what is looked up by them is nowhere left out for its zone. */
export function monthsOf({ fromMs, toMs }: TimeRange): { readonly firstMonth: number; readonly lastMonth: number } {
  return { firstMonth: monthOf(fromMs - DAY_MS), lastMonth: monthOf(toMs + DAY_MS) };
}

function monthOf(ms: number): number {
  const date = new Date(ms);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}
