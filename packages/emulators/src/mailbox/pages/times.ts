import type { CalendarTime } from '../read-calendar.ts';

const BRIEF = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const CLOCK = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const DAY = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** When a mail came, by this computer's clock. */
export function clockTime(ms: number): string {
  return CLOCK.format(ms);
}

/** The same where there is little room. */
export function briefTime(ms: number): string {
  return BRIEF.format(ms);
}

/** A time of an invitation in words, in the zone that it is given in: nothing is converted, so that nothing can be hidden by it. */
export function calendarTime({ value, tzid }: CalendarTime): string {
  const [, year, month, day, hours, minutes, seconds, utc] = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?$/.exec(value) ?? [];
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return tzid === undefined ? value : `${value} (${tzid})`;
  if (hours === undefined) return `${DAY.format(date)}, whole day`;
  const clock = seconds === '00' ? `${hours}:${minutes}` : `${hours}:${minutes}:${seconds}`;
  return `${DAY.format(date)}, ${clock} ${utc === undefined ? (tzid ?? 'wherever one is') : 'UTC'}`;
}
