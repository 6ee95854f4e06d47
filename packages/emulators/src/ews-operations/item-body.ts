import { SENSITIVITIES, type Attendee, type EventFields, type ShowAs } from '../microsoft/mailbox/events.ts';
import { instantOf } from '../microsoft/mailbox/mailboxes.ts';
import { ianaZone } from '../microsoft/mailbox/zone-names.ts';
import type { EwsDeps } from './folders.ts';
import type { ExtendedProperty } from './mailbox-state.ts';
import { childOf, type XmlElement } from './read-xml.ts';
import { EwsRefusal, invalidSchema } from './soap.ts';

/** What a client may say about an item, in the order of the schema, in which it has to be. */
const PROPERTIES = [
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

/** The extended properties among them. */
export function readExtendedProperties(properties: readonly XmlElement[]): readonly ExtendedProperty[] {
  return properties
    .filter(({ name }) => name === 'ExtendedProperty')
    .map((property) => {
      const uri = childOf(property, 'ExtendedFieldURI')?.attributes;
      return {
        propertySetId: uri?.get('PropertySetId') ?? '',
        propertyName: uri?.get('PropertyName') ?? '',
        propertyType: uri?.get('PropertyType') ?? '',
        value: childOf(property, 'Value')?.text ?? '',
      };
    });
}

/** Where a text and a list end up that is taken away. */
const EMPTIED: Readonly<Record<string, Partial<EventFields>>> = {
  Subject: { subject: '' },
  Body: { body: { contentType: 'text', content: '' } },
  Location: { location: { displayName: '' } },
};

/**
 * Lays properties over an item.
 *
 * Times that are given without a zone are shown in UTC from then on, and whole days begin and end at midnight of the zone.
 *
 * @param deleted the names of properties to take away
 * @throws EwsRefusal for what makes no sense
 */
export function changeFields(
  before: EventFields | undefined,
  { properties, deleted = [] }: { readonly properties: readonly XmlElement[]; readonly deleted?: readonly string[] },
  deps: Pick<EwsDeps, 'zones'>,
): EventFields {
  const named = new Map(properties.map((property) => [property.name, property]));
  const { start: _start, end: _end, attendees: _attendees, ...rest } = before ?? {};
  const changes = [...deleted.map((name) => EMPTIED[name] ?? {}), ...properties.map(toField)];
  const changed = changes.reduce<Partial<EventFields>>((fields, change) => ({ ...fields, ...change }), {});
  const attendees = changeAttendees(before?.attendees ?? [], named, deleted);
  return {
    ...rest,
    ...changed,
    ...changeTimes(before, named, deps),
    attendees,
  };
}

function toField(property: XmlElement): Partial<EventFields> {
  const { name, text } = property;
  switch (name) {
    case 'Subject':
      return { subject: text };
    case 'Body':
      return { body: { contentType: property.attributes.get('BodyType') === 'Text' ? 'text' : 'html', content: text } };
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
  named: ReadonlyMap<string, XmlElement>,
  { zones }: Pick<EwsDeps, 'zones'>,
): Pick<EventFields, 'start' | 'end' | 'isAllDay'> {
  // Before 2010 there was one zone for the whole meeting, by another name.
  const named2007 = named.get('MeetingTimeZone')?.attributes.get('TimeZoneName');
  const zoneId =
    named.get('StartTimeZone')?.attributes.get('Id') ?? named2007 ?? (named.has('Start') ? 'UTC' : before?.start.timeZone) ?? 'UTC';
  const zone = zoneId.includes('/') && named.has('StartTimeZone') ? undefined : ianaZone(zoneId, zones);
  if (zone === undefined) throw new EwsRefusal('ErrorCalendarInvalidTimeZone', 'The specified time zone is not valid.');
  const isAllDay = (named.get('IsAllDayEvent')?.text ?? String(before?.isAllDay ?? false)) === 'true';
  const instant = (name: 'Start' | 'End', old: EventFields['start'] | undefined): number => {
    const ms = instantOf(old === undefined || named.has(name) ? { dateTime: named.get(name)?.text ?? '', timeZone: 'UTC' } : old, zones);
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
