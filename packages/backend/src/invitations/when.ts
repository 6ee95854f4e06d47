import type { TimeSpan } from '../providers/calendar-reader.ts';

/** How a time is written. */
export interface WrittenIn {
  /** The language of the person, as `Intl` takes it. */
  readonly tag: string;
  /** The IANA zone. Without one, or with one that nobody knows: UTC. */
  readonly timeZone: string | undefined;
}

/** Says in words when something is: with the day of the week, start and end, and the zone by name; whole days without a zone, both included. */
export function whenInWords(time: TimeSpan, { tag, timeZone }: WrittenIn): string {
  if (time.allDay) {
    const days = new Intl.DateTimeFormat(tag, { dateStyle: 'full', timeZone: 'UTC' });
    return days.formatRange(Date.parse(time.startDate), Date.parse(time.endDate) - 1);
  }
  const zone = isTimeZone(timeZone) ? timeZone : 'UTC';
  const times = new Intl.DateTimeFormat(tag, { dateStyle: 'full', timeStyle: 'short', timeZone: zone });
  return `${times.formatRange(time.startMs, time.endMs)} (${nameOfZone(zone, { tag, atMs: time.startMs })})`;
}

/** “Central European Time” rather than summer or winter time: it is right for start and end, also where clocks change in between. */
function nameOfZone(timeZone: string, { tag, atMs }: { tag: string; atMs: number }): string {
  if (timeZone === 'UTC') return timeZone;
  const format = new Intl.DateTimeFormat(tag, { timeZone, timeZoneName: 'longGeneric' });
  return format.formatToParts(atMs).find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;
}

function isTimeZone(name: string | undefined): name is string {
  if (name === undefined) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
