import { SENSITIVITIES, type Attendee, type EventFields, type ShowAs } from '../microsoft/mailbox/events.ts';
import { instantOf } from '../microsoft/mailbox/mailboxes.ts';
import { ianaZone } from '../microsoft/mailbox/zone-names.ts';
import type { EwsDeps } from './folders.ts';
import type { ExtendedProperty } from './mailbox-state.ts';
import { fieldOf } from './property-paths.ts';
import { childOf, type XmlElement } from './read-xml.ts';
import { EwsRefusal, invalidSchema } from './soap.ts';

/** What a client may say about an item, in the order of the schema, in which it has to be. */
const PROPERTIES = [
  'MimeContent',
  'Subject',
  'Sensitivity',
  'Body',
  'ReminderIsSet',
  'ReminderMinutesBeforeStart',
  'ExtendedProperty',
  'UID',
  'Start',
  'End',
  'IsAllDayEvent',
  'LegacyFreeBusyStatus',
  'Location',
  'RequiredAttendees',
  'OptionalAttendees',
  'Resources',
  'MeetingTimeZone',
  'StartTimeZone',
  'EndTimeZone',
];

const SHOW_AS: ReadonlyMap<string, ShowAs> = new Map([
  ['Free', 'free'],
  ['Tentative', 'tentative'],
  ['Busy', 'busy'],
  ['OOF', 'oof'],
  ['WorkingElsewhere', 'workingElsewhere'],
]);

const DAY_MS = 86_400_000;
const ATTENDEE_TYPES: ReadonlyMap<string, NonNullable<Attendee['type']>> = new Map([
  ['RequiredAttendees', 'required'],
  ['OptionalAttendees', 'optional'],
  ['Resources', 'resource'],
]);

/** The properties of an item that a client sent. @throws EwsFault for unknown ones and for another order than the schema's */
export function readProperties(item: XmlElement): readonly XmlElement[] {
  let last = -1;
  for (const { name } of item.children) {
    const place = PROPERTIES.indexOf(name);
    if (place < 0 || place < last) throw invalidSchema(`the element 'CalendarItem' has invalid child element '${name}'`);
    last = place;
  }
  return item.children;
}

/** Names a property as a path to it does: an extended one by its tag, or by its set and name. */
export function nameOfProperty(property: XmlElement): string {
  const path = property.name === 'ExtendedProperty' ? childOf(property, 'ExtendedFieldURI') : undefined;
  return (path === undefined ? undefined : fieldOf(path)) ?? property.name;
}

/** The extended properties among them that are nothing but that. */
export function readExtendedProperties(properties: readonly XmlElement[]): readonly ExtendedProperty[] {
  return properties
    .filter((property) => property.name === 'ExtendedProperty' && !(nameOfProperty(property) in ELEMENTS))
    .map((property) => ({ field: nameOfProperty(property), value: childOf(property, 'Value')?.text ?? '' }));
}

/** What has an element of its own and can be named by its tag too: `PidTagSubject`, `PidTagBody`. */
const ELEMENTS: Readonly<Record<string, string>> = { 'tag/55': 'Subject', 'tag/4096': 'Body' };

/** Where a text and a list end up that is taken away. */
const EMPTIED: Readonly<Record<string, Partial<EventFields>>> = {
  Subject: { subject: '' },
  Body: { body: { contentType: 'text', content: '' } },
  Location: { location: { displayName: '' } },
};

/**
 * Lays properties over an item.
 *
 * Times are shown in the zone that comes with them, or in the default one, from then on, and whole days begin and end at midnight there.
 *
 * @param deleted the names of properties to take away
 * @param zone the default one, of times that do not say theirs
 * @throws EwsRefusal for what makes no sense
 */
export function changeFields(
  before: EventFields | undefined,
  {
    properties,
    deleted = [],
    zone,
  }: { readonly properties: readonly XmlElement[]; readonly deleted?: readonly string[]; readonly zone: string },
  deps: Pick<EwsDeps, 'zones'>,
): EventFields {
  const named = new Map(properties.map((property) => [property.name, property]));
  const { start: _start, end: _end, attendees: _attendees, ...rest } = before ?? {};
  const changes = [...deleted.map((name) => EMPTIED[ELEMENTS[name] ?? name] ?? {}), ...properties.map(toField)];
  const changed = changes.reduce<Partial<EventFields>>((fields, change) => ({ ...fields, ...change }), {});
  const attendees = changeAttendees(before?.attendees ?? [], named, deleted);
  return {
    ...rest,
    ...changed,
    ...changeTimes(before, { named, defaultZone: zone }, deps),
    attendees,
  };
}

function toField(property: XmlElement): Partial<EventFields> {
  const isExtended = property.name === 'ExtendedProperty';
  const name = isExtended ? ELEMENTS[nameOfProperty(property)] : property.name;
  const text = isExtended ? (childOf(property, 'Value')?.text ?? '') : property.text;
  switch (name) {
    case 'Subject':
      return { subject: text };
    case 'Body':
      return { body: { contentType: isExtended || property.attributes.get('BodyType') === 'Text' ? 'text' : 'html', content: text } };
    case 'Location':
      return { location: { displayName: text } };
    case 'Sensitivity':
      return {
        sensitivity: known(
          SENSITIVITIES.find((each) => each === text.toLowerCase()),
          name,
        ),
      };
    case 'ReminderIsSet':
      return { isReminderOn: text === 'true' };
    case 'ReminderMinutesBeforeStart':
      return { reminderMinutesBeforeStart: Number(text) };
    case 'LegacyFreeBusyStatus':
      return { showAs: known(SHOW_AS.get(text), name) };
    default:
      return {};
  }
}

function changeTimes(
  before: EventFields | undefined,
  { named, defaultZone }: { readonly named: ReadonlyMap<string, XmlElement>; readonly defaultZone: string },
  { zones }: Pick<EwsDeps, 'zones'>,
): Pick<EventFields, 'start' | 'end' | 'isAllDay'> {
  const startZone = zoneOf(named, 'StartTimeZone');
  const zoneId = startZone ?? (named.has('Start') ? defaultZone : before?.start.timeZone) ?? defaultZone;
  const zone = zoneId.includes('/') && named.has('StartTimeZone') ? undefined : ianaZone(zoneId, zones);
  if (zone === undefined) throw new EwsRefusal('ErrorCalendarInvalidTimeZone', 'The specified time zone is not valid.');
  const isAllDay = (named.get('IsAllDayEvent')?.text ?? String(before?.isAllDay ?? false)) === 'true';
  const instant = (name: 'Start' | 'End', old: EventFields['start'] | undefined): number => {
    const isNew = old === undefined || named.has(name);
    const timeZone = zoneOf(named, `${name}TimeZone`) ?? defaultZone;
    const ms = instantOf(isNew ? { dateTime: named.get(name)?.text ?? '', timeZone } : old, zones);
    if (ms === undefined) throw new EwsRefusal('ErrorCalendarInvalidPropertyState', `${name} is missing or invalid.`);
    return ms;
  };
  const [startMs, endMs] = [instant('Start', before?.start), instant('End', before?.end)];
  if (endMs < startMs) throw new EwsRefusal('ErrorCalendarEndDateIsEarlierThanStartDate', 'EndDate is earlier than StartDate');
  const wall = (ms: number, round: (days: number) => number): EventFields['start'] => {
    const wallMs = zones.toWall(ms, zone);
    const shown = isAllDay ? round(wallMs / DAY_MS) * DAY_MS : wallMs;
    return { dateTime: new Date(shown).toISOString().slice(0, 19), timeZone: zoneId };
  };
  return { start: wall(startMs, Math.floor), end: wall(endMs, Math.ceil), isAllDay };
}

/** Before 2010 there was one zone for the whole meeting, by another name. */
function zoneOf(named: ReadonlyMap<string, XmlElement>, name: 'StartTimeZone' | 'EndTimeZone'): string | undefined {
  return named.get(name)?.attributes.get('Id') ?? named.get('MeetingTimeZone')?.attributes.get('TimeZoneName');
}

function changeAttendees(
  before: readonly Attendee[],
  named: ReadonlyMap<string, XmlElement>,
  deleted: readonly string[],
): readonly Attendee[] {
  return [...ATTENDEE_TYPES].flatMap(([name, type]) => {
    const list = named.get(name);
    if (list !== undefined) return list.children.map((attendee) => toAttendee(attendee, type));
    return deleted.includes(name) ? [] : before.filter((attendee) => (attendee.type ?? 'required') === type);
  });
}

function toAttendee(attendee: XmlElement, type: NonNullable<Attendee['type']>): Attendee {
  const mailbox = childOf(attendee, 'Mailbox');
  const address = childOf(mailbox, 'EmailAddress')?.text;
  if (address === undefined || !address.includes('@'))
    throw new EwsRefusal('ErrorInvalidRecipients', 'At least one recipient is not valid.');
  return { type, emailAddress: { name: childOf(mailbox, 'Name')?.text ?? address, address } };
}

function known<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw invalidSchema(`the '${name}' element has an invalid value`);
  return value;
}
