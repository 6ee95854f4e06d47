import { readContentLines, unescapeText, type ContentLine } from '../mailbox/content-line.ts';
import type { DateTimeTimeZone, EventFields, PatternedRecurrence, ShowAs } from '../microsoft/mailbox/events.ts';
import { instantOf } from '../microsoft/mailbox/mailboxes.ts';
import { ianaZone } from '../microsoft/mailbox/zone-names.ts';
import type { TimeZones } from '../time-zones.ts';
import { outOfReach } from './folders.ts';
import { EwsRefusal } from './soap.ts';

/** What an item's `MimeContent` says. */
export interface ImportedItem {
  readonly fields: EventFields;
  readonly uid: string | undefined;
}

/** What a calendar can say of a series that the emulator cannot keep. */
const BEYOND_US = ['RDATE', 'EXDATE', 'EXRULE', 'RECURRENCE-ID', 'DURATION'];
const BUSY_STATUSES: ReadonlyMap<string, ShowAs> = new Map([
  ['FREE', 'free'],
  ['TENTATIVE', 'tentative'],
  ['BUSY', 'busy'],
  ['OOF', 'oof'],
]);
const CLASSES: ReadonlyMap<string, NonNullable<EventFields['sensitivity']>> = new Map([
  ['PUBLIC', 'normal'],
  ['PRIVATE', 'private'],
  ['CONFIDENTIAL', 'confidential'],
  ['X-PERSONAL', 'personal'],
]);
const WEEKDAYS: ReadonlyMap<string, string> = new Map([
  ['SU', 'sunday'],
  ['MO', 'monday'],
  ['TU', 'tuesday'],
  ['WE', 'wednesday'],
  ['TH', 'thursday'],
  ['FR', 'friday'],
  ['SA', 'saturday'],
]);
const TIME = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?$/;

/**
 * Reads the iCalendar of an item that is being made.
 *
 * @param content In base64, as EWS has it.
 * @param zone Of dates, and of times that say none.
 * @throws EwsRefusal for what is no event; EwsFault for what Exchange would take and the emulator cannot
 * @see {@link https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxcical/a685a040-5b69-4c84-b084-795113fb4012}
 */
export function readMimeContent(content: string, zone: string, zones: TimeZones): ImportedItem {
  const lines = eventLines(Buffer.from(content, 'base64').toString('utf8'));
  const valueOf = (name: string): string | undefined => lines.find((line) => line.name === name)?.value;
  const textOf = (name: string): string | undefined => {
    const value = valueOf(name);
    return value === undefined ? undefined : unescapeText(value);
  };
  const beyond = BEYOND_US.find((name) => valueOf(name) !== undefined);
  if (beyond !== undefined) throw outOfReach(`cannot import ${beyond}`);
  const time = (name: string): ReadTime =>
    readTime(
      lines.find((line) => line.name === name),
      zone,
      zones,
    );
  const [start, end] = [time('DTSTART'), time('DTEND')];
  const [rule, location, body] = [valueOf('RRULE'), textOf('LOCATION'), textOf('DESCRIPTION')];
  const sensitivity = CLASSES.get(valueOf('CLASS') ?? '');
  return {
    uid: textOf('UID'),
    fields: {
      subject: textOf('SUMMARY') ?? '',
      start: start.time,
      end: end.time,
      isAllDay: (start.isDate && end.isDate) || (valueOf('X-MICROSOFT-CDO-ALLDAYEVENT') === 'TRUE' && isMidnight(start) && isMidnight(end)),
      showAs: BUSY_STATUSES.get(valueOf('X-MICROSOFT-CDO-BUSYSTATUS') ?? '') ?? (valueOf('TRANSP') === 'TRANSPARENT' ? 'free' : 'busy'),
      ...(sensitivity === undefined ? {} : { sensitivity }),
      ...(location === undefined ? {} : { location: { displayName: location } }),
      ...(body === undefined ? {} : { body: { contentType: 'text' as const, content: body } }),
      ...(rule === undefined ? {} : { recurrence: readRule(rule, start.time) }),
      attendees: lines.filter(({ name }) => name === 'ATTENDEE').map(toAttendee),
    },
  };
}

/** The lines of the one event, without those of its alarms. */
function eventLines(source: string): readonly ContentLine[] {
  const open: string[] = [];
  const events: ContentLine[][] = [];
  for (const line of readContentLines(source)) {
    if (line.name === 'BEGIN') open.push(line.value.toUpperCase());
    if (open.join() === 'VCALENDAR,VEVENT') {
      if (line.name === 'BEGIN') events.push([]);
      else events.at(-1)?.push(line);
    }
    if (line.name === 'END') open.pop();
  }
  const [event, other] = events;
  if (event === undefined) throw new EwsRefusal('ErrorMimeContentInvalid', 'The MIME content is invalid.');
  if (other !== undefined) throw outOfReach('cannot import more than one VEVENT');
  return event;
}

interface ReadTime {
  readonly time: DateTimeTimeZone;
  readonly isDate: boolean;
}

function readTime(line: ContentLine | undefined, zone: string, zones: TimeZones): ReadTime {
  const [, year, month, day, hours, minutes, seconds, utc] = TIME.exec(line?.value ?? '') ?? [];
  const timeZone = utc === 'Z' ? 'UTC' : (line?.parameters.get('TZID') ?? zone);
  if (ianaZone(timeZone, zones) === undefined) throw outOfReach(`does not know the TZID ${timeZone}`);
  const isDate = hours === undefined;
  const time = { dateTime: `${year}-${month}-${day}T${isDate ? '00:00:00' : `${hours}:${minutes}:${seconds}`}`, timeZone };
  if (instantOf(time, zones) === undefined) throw new EwsRefusal('ErrorMimeContentInvalid', 'The MIME content is invalid.');
  return { time, isDate };
}

function isMidnight({ time }: ReadTime): boolean {
  return time.dateTime.endsWith('T00:00:00');
}

function readRule(rule: string, start: DateTimeTimeZone): PatternedRecurrence {
  const parts = new Map(rule.split(';').map((part): [string, string] => [part.split('=')[0] ?? '', part.split('=')[1] ?? '']));
  const startDate = start.dateTime.slice(0, 10);
  const days = parts.get('BYDAY')?.split(',');
  const monthDay = parts.get('BYMONTHDAY');
  const known = ['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'WKST', ...(parts.get('FREQ') === 'WEEKLY' ? ['BYDAY'] : ['BYMONTHDAY'])];
  const type = ({ DAILY: 'daily', WEEKLY: 'weekly', MONTHLY: 'absoluteMonthly' } as const)[parts.get('FREQ') ?? ''];
  if (type === undefined || [...parts.keys()].some((key) => !known.includes(key))) throw outOfReach(`cannot import the rule ${rule}`);
  return {
    pattern: {
      type,
      interval: Number(parts.get('INTERVAL') ?? 1),
      ...(days === undefined ? {} : { daysOfWeek: days.map((day) => WEEKDAYS.get(day) ?? day) }),
      ...(monthDay === undefined ? {} : { dayOfMonth: Number(monthDay) }),
    },
    range: readRange(parts, startDate),
  };
}

function readRange(parts: ReadonlyMap<string, string>, startDate: string): PatternedRecurrence['range'] {
  const [count, until] = [parts.get('COUNT'), parts.get('UNTIL')];
  if (count !== undefined) return { type: 'numbered', startDate, numberOfOccurrences: Number(count) };
  if (until === undefined) return { type: 'noEnd', startDate };
  return { type: 'endDate', startDate, endDate: `${until.slice(0, 4)}-${until.slice(4, 6)}-${until.slice(6, 8)}` };
}

function toAttendee({ value, parameters }: ContentLine): NonNullable<EventFields['attendees']>[number] {
  const address = value.replace(/^mailto:/i, '');
  const type = parameters.get('ROLE') === 'OPT-PARTICIPANT' ? 'optional' : 'required';
  return { type, emailAddress: { name: parameters.get('CN') ?? address, address } };
}
