import { isoSeconds } from './property-paths.ts';
import type { EventFields, StoredEvent } from '../microsoft/mailbox/events.ts';
import { ianaZone, windowsZone } from '../microsoft/mailbox/zone-names.ts';
import type { TimeZones } from '../time-zones.ts';

const HOUR_MS = 3_600_000;
const DAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
const LINE_BYTES = 75;

/** Writes an item as its `MimeContent`: iCalendar, in the item's own zone. [RFC 5545](https://www.rfc-editor.org/rfc/rfc5545) */
export function writeMimeContent(event: StoredEvent, zones: TimeZones): string {
  const zone = ianaZone(event.fields.start.timeZone, zones) ?? 'UTC';
  const id = windowsZone(zone);
  const { fields } = event;
  const local = (ms: number): string => compact(zones.toWall(ms, zone));
  const time = (name: string, ms: number): string =>
    fields.isAllDay === true ? `${name};VALUE=DATE:${local(ms).slice(0, 8)}` : `${name};TZID=${id}:${local(ms)}`;
  const lines = [
    'BEGIN:VCALENDAR',
    'METHOD:PUBLISH',
    'PRODID:Microsoft Exchange Server',
    'VERSION:2.0',
    ...timeZoneLines(id, { zone, zones, yearOf: event.startMs }),
    'BEGIN:VEVENT',
    `UID:${event.iCalUId}`,
    `SUMMARY:${escape(fields.subject ?? '')}`,
    ...(fields.location === undefined ? [] : [`LOCATION:${escape(fields.location.displayName)}`]),
    time('DTSTART', event.startMs),
    time('DTEND', event.endMs),
    ...(fields.recurrence === undefined ? [] : [`RRULE:${recurrenceRule(fields.recurrence)}`]),
    `CLASS:${fields.sensitivity === 'private' ? 'PRIVATE' : 'PUBLIC'}`,
    `DTSTAMP:${isoSeconds(event.changedMs).replace(/[-:]/g, '')}`,
    `TRANSP:${fields.showAs === 'free' ? 'TRANSPARENT' : 'OPAQUE'}`,
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  return lines.flatMap(fold).join('\r\n') + '\r\n';
}

/** The zone by the changes of one year, which are taken to come again every year. */
function timeZoneLines(
  id: string,
  { zone, zones, yearOf }: { readonly zone: string; readonly zones: TimeZones; readonly yearOf: number },
): readonly string[] {
  const year = new Date(yearOf).getUTCFullYear();
  const offsetAt = (ms: number): number => zones.toWall(ms, zone) - ms;
  const changes: string[] = [];
  for (let ms = Date.UTC(year, 0, 1); ms < Date.UTC(year + 1, 0, 1); ms += HOUR_MS) {
    const [before, after] = [offsetAt(ms), offsetAt(ms + HOUR_MS)];
    if (before !== after) changes.push(...changeLines(ms + HOUR_MS + before, before, after));
  }
  const always = ['BEGIN:STANDARD', 'DTSTART:16010101T000000', ...offsetLines(offsetAt(yearOf), offsetAt(yearOf)), 'END:STANDARD'];
  return ['BEGIN:VTIMEZONE', `TZID:${id}`, ...(changes.length === 0 ? always : changes), 'END:VTIMEZONE'];
}

function changeLines(wallMs: number, before: number, after: number): readonly string[] {
  const date = new Date(wallMs);
  const day = date.getUTCDate();
  const isLast = new Date(wallMs + 7 * 24 * HOUR_MS).getUTCMonth() !== date.getUTCMonth();
  const rule = `RRULE:FREQ=YEARLY;BYDAY=${isLast ? -1 : Math.ceil(day / 7)}${DAYS[date.getUTCDay()]};BYMONTH=${date.getUTCMonth() + 1}`;
  const kind = after > before ? 'DAYLIGHT' : 'STANDARD';
  return [`BEGIN:${kind}`, `DTSTART:16010101T${compact(wallMs).slice(9)}`, ...offsetLines(before, after), rule, `END:${kind}`];
}

function offsetLines(before: number, after: number): readonly string[] {
  return [`TZOFFSETFROM:${offsetText(before)}`, `TZOFFSETTO:${offsetText(after)}`];
}

function offsetText(ms: number): string {
  const minutes = Math.abs(ms) / 60_000;
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${ms < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`;
}

function recurrenceRule({ pattern, range }: NonNullable<EventFields['recurrence']>): string {
  const by = {
    daily: [],
    weekly: [`BYDAY=${(pattern.daysOfWeek ?? []).map((day) => day.slice(0, 2).toUpperCase()).join(',')}`],
    absoluteMonthly: pattern.dayOfMonth === undefined ? [] : [`BYMONTHDAY=${pattern.dayOfMonth}`],
  }[pattern.type];
  const end = {
    noEnd: [],
    endDate: [`UNTIL=${range.endDate?.replaceAll('-', '')}T235959Z`],
    numbered: [`COUNT=${range.numberOfOccurrences ?? 1}`],
  }[range.type];
  const frequency = { daily: 'DAILY', weekly: 'WEEKLY', absoluteMonthly: 'MONTHLY' }[pattern.type];
  return [`FREQ=${frequency}`, `INTERVAL=${pattern.interval}`, ...by.filter((part) => !part.endsWith('=')), ...end].join(';');
}

function compact(wallMs: number): string {
  return new Date(wallMs).toISOString().slice(0, 19).replace(/[-:]/g, '');
}

function escape(text: string): string {
  return text.replace(/[\\;,]/g, (character) => `\\${character}`).replaceAll('\n', '\\n');
}

/** No line is longer than 75 bytes, and none is cut within a character. */
function fold(line: string): readonly string[] {
  const lines: string[] = [];
  let current = '';
  for (const character of line) {
    if (Buffer.byteLength(current + character) > LINE_BYTES) {
      lines.push(current);
      current = ' ';
    }
    current += character;
  }
  return [...lines, current];
}
