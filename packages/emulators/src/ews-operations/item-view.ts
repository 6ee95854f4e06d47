import type { Attendee, StoredEvent } from '../microsoft/mailbox/events.ts';
import type { MicrosoftCalendar } from '../microsoft/mailbox/mailboxes.ts';
import { ianaZone, windowsZone } from '../microsoft/mailbox/zone-names.ts';
import { type EwsCall, type EwsDeps } from './folders.ts';
import { changeKeyOf, toEwsId } from './ids.ts';
import { writeMimeContent } from './mime-content.ts';
import { fieldOf, isoSeconds, valueOfItem, writeExtendedValue } from './property-paths.ts';
import { childOf, type XmlElement } from './read-xml.ts';
import { isAtLeast, type RequestVersion } from './request-versions.ts';
import { element, textElement, type Xml } from './write-xml.ts';

/** An item and what it lies in. */
export interface FoundItem {
  readonly event: StoredEvent;
  readonly calendar: MicrosoftCalendar;
}

/** What an answer shows of items. */
export interface ItemShape {
  readonly isWhole: boolean;
  readonly fields: readonly (string | undefined)[];
  /** The paths of extended properties among them. */
  readonly extended: readonly XmlElement[];
  readonly asText: boolean;
  readonly withMime: boolean;
  /** A list has no bodies, attendees and zones, whatever is asked. */
  readonly inList: boolean;
  /** Who speaks an older version does not get to see what came after it. */
  readonly requested: RequestVersion;
}

type Part = readonly [field: string | undefined, xml: Xml | undefined];

const NOT_IN_LISTS: readonly (string | undefined)[] = [
  'item:Body',
  'calendar:RequiredAttendees',
  'calendar:OptionalAttendees',
  'calendar:Resources',
  'calendar:MeetingTimeZone',
  'calendar:StartTimeZone',
  'calendar:EndTimeZone',
];

const FREE_BUSY = {
  free: 'Free',
  tentative: 'Tentative',
  busy: 'Busy',
  oof: 'OOF',
  workingElsewhere: 'WorkingElsewhere',
  unknown: 'NoData',
};
const RESPONSES: Readonly<Record<string, string>> = {
  organizer: 'Organizer',
  tentativelyAccepted: 'Tentative',
  accepted: 'Accept',
  declined: 'Decline',
};

/** Reads the `ItemShape` of a request. */
export function readShape({ request, requested }: Pick<EwsCall, 'request' | 'requested'>, inList: boolean): ItemShape {
  const shape = childOf(request, 'ItemShape');
  const paths = childOf(shape, 'AdditionalProperties')?.children ?? [];
  return {
    isWhole: childOf(shape, 'BaseShape')?.text !== 'IdOnly',
    fields: paths.map(fieldOf),
    extended: paths.filter(({ name }) => name === 'ExtendedFieldURI'),
    withMime: !inList && childOf(shape, 'IncludeMimeContent')?.text === 'true',
    asText: childOf(shape, 'BodyType')?.text === 'Text',
    inList,
    requested,
  };
}

/** Writes an item, its parts in the order of the schema. @see {@link https://learn.microsoft.com/exchange/client-developer/web-service-reference/calendaritem} */
export function viewItem(item: FoundItem, shape: ItemShape, deps: EwsDeps): Xml {
  const zoned = zoneParts(item, shape, deps);
  const shown = [...itemParts(item, shape, deps), ...calendarParts(item), ...zoned].flatMap(([field, xml]) => {
    if (xml === undefined || (shape.inList && NOT_IN_LISTS.includes(field))) return [];
    return field === undefined || shape.isWhole || shape.fields.includes(field) ? [xml] : [];
  });
  return element('t:CalendarItem', {}, ...shown);
}

function itemParts({ event, calendar }: FoundItem, { asText, withMime, extended }: ItemShape, { state, zones }: EwsDeps): readonly Part[] {
  const properties = extended.flatMap((path): Part[] => {
    const value = valueOfItem(event, path, state);
    return value === undefined ? [] : [[undefined, writeExtendedValue(path, value)]];
  });
  const mime = (): Xml => ({ xml: Buffer.from(writeMimeContent(event, zones)).toString('base64') });
  return [
    ...(withMime ? [[undefined, element('t:MimeContent', { CharacterSet: 'UTF-8' }, mime())] as const] : []),
    [undefined, element('t:ItemId', { Id: toEwsId(event.id), ChangeKey: changeKeyOf(event) })],
    ['item:ParentFolderId', element('t:ParentFolderId', { Id: toEwsId(calendar.id), ChangeKey: 'AgAAAA==' })],
    ['item:ItemClass', textElement('t:ItemClass', 'IPM.Appointment')],
    ['item:Subject', optionalText('t:Subject', event.fields.subject)],
    ['item:Sensitivity', textElement('t:Sensitivity', capitalised(event.fields.sensitivity ?? 'normal'))],
    ['item:Body', viewBody(event, asText)],
    ['item:DateTimeCreated', textElement('t:DateTimeCreated', isoSeconds(event.createdMs))],
    ['item:ReminderIsSet', textElement('t:ReminderIsSet', event.fields.isReminderOn ?? true)],
    ['item:ReminderMinutesBeforeStart', textElement('t:ReminderMinutesBeforeStart', event.fields.reminderMinutesBeforeStart ?? 15)],
    ...properties,
    ['item:LastModifiedTime', textElement('t:LastModifiedTime', isoSeconds(event.changedMs))],
  ];
}

function calendarParts(item: FoundItem): readonly Part[] {
  const { event, calendar } = item;
  const { fields } = event;
  return [
    ['calendar:UID', textElement('t:UID', seriesOf(item).iCalUId)],
    ['calendar:Start', textElement('t:Start', isoSeconds(event.startMs))],
    ['calendar:End', textElement('t:End', isoSeconds(event.endMs))],
    ['calendar:IsAllDayEvent', textElement('t:IsAllDayEvent', fields.isAllDay ?? false)],
    ['calendar:LegacyFreeBusyStatus', textElement('t:LegacyFreeBusyStatus', FREE_BUSY[fields.showAs ?? 'busy'])],
    ['calendar:Location', optionalText('t:Location', fields.location?.displayName)],
    ['calendar:IsMeeting', textElement('t:IsMeeting', (fields.attendees ?? []).length > 0)],
    ['calendar:IsCancelled', textElement('t:IsCancelled', fields.isCancelled ?? false)],
    ['calendar:IsRecurring', textElement('t:IsRecurring', event.seriesMasterId !== undefined)],
    ['calendar:CalendarItemType', textElement('t:CalendarItemType', typeOf(event))],
    ['calendar:MyResponseType', textElement('t:MyResponseType', 'Organizer')],
    ['calendar:Organizer', element('t:Organizer', {}, mailbox(calendar.owner))],
    ['calendar:RequiredAttendees', viewAttendees('t:RequiredAttendees', fields.attendees, 'required')],
    ['calendar:OptionalAttendees', viewAttendees('t:OptionalAttendees', fields.attendees, 'optional')],
    ['calendar:Resources', viewAttendees('t:Resources', fields.attendees, 'resource')],
  ];
}

/** Before 2010 there was one zone for the whole meeting. */
function zoneParts({ event }: FoundItem, { requested }: ItemShape, { zones }: EwsDeps): readonly Part[] {
  const id = windowsZone(ianaZone(event.fields.start.timeZone, zones) ?? 'UTC');
  if (!isAtLeast(requested, 'Exchange2010')) return [['calendar:MeetingTimeZone', element('t:MeetingTimeZone', { TimeZoneName: id })]];
  return [
    ['calendar:StartTimeZone', element('t:StartTimeZone', { Id: id, Name: id })],
    ['calendar:EndTimeZone', element('t:EndTimeZone', { Id: id, Name: id })],
  ];
}

/** EWS has one UID for all occurrences of a series, where Graph has one for each. */
function seriesOf({ event, calendar }: FoundItem): StoredEvent {
  return calendar.events.get(event.seriesMasterId ?? '') ?? event;
}

function typeOf(event: StoredEvent): string {
  if (event.seriesMasterId !== undefined) return 'Occurrence';
  return event.fields.recurrence === undefined ? 'Single' : 'RecurringMaster';
}

function viewBody({ fields: { body } }: StoredEvent, asText: boolean): Xml {
  const content = body?.content ?? '';
  const text = asText && body?.contentType === 'html' ? content.replace(/<[^>]*>/g, '') : content;
  const { xml } = textElement('t', text);
  return element(
    't:Body',
    { BodyType: asText || body?.contentType === 'text' ? 'Text' : 'HTML' },
    { xml: xml === '<t/>' ? '' : xml.slice(3, -4) },
  );
}

function viewAttendees(name: string, attendees: readonly Attendee[] = [], type: Attendee['type']): Xml | undefined {
  const found = attendees.filter((attendee) => (attendee.type ?? 'required') === type);
  if (found.length === 0) return undefined;
  const written = found.map(({ emailAddress, status }) =>
    element('t:Attendee', {}, mailbox(emailAddress), textElement('t:ResponseType', RESPONSES[status?.response ?? ''] ?? 'Unknown')),
  );
  return element(name, {}, ...written);
}

function mailbox({ name, address }: { readonly name?: string; readonly address: string }): Xml {
  const parts = [textElement('t:Name', name ?? address), textElement('t:EmailAddress', address), textElement('t:RoutingType', 'SMTP')];
  return element('t:Mailbox', {}, ...parts);
}

function optionalText(name: string, value: string | undefined): Xml | undefined {
  return value === undefined || value === '' ? undefined : textElement(name, value);
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
