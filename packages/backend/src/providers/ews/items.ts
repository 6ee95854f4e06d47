import type { ProviderEvent } from '../calendar-reader.ts';
import { type EwsAnswer, type EwsCaller, type EwsMessage, type EwsOperation, type EwsSchema, isAtLeast, isTooLarge } from './caller.ts';
import { fieldUri, idOf, shape } from './folders.ts';
import { PARTICIPATION_OF, parseSensitivity, SHOW_AS_OF } from './item-fields.ts';
import { childOf, textOf } from './read-xml.ts';
import type { XmlElement } from '../xml/parse-xml.ts';
import { parseInstant, toTimeSpan, zoneOfId } from './times.ts';
import { element, type Xml } from './write-xml.ts';

/** What is read of an event. */
const FIELDS = [
  'item:ParentFolderId',
  'item:Subject',
  'item:Sensitivity',
  'item:Body',
  'item:DateTimeCreated',
  'item:LastModifiedTime',
  'calendar:UID',
  'calendar:Start',
  'calendar:End',
  'calendar:IsAllDayEvent',
  'calendar:LegacyFreeBusyStatus',
  'calendar:Location',
  'calendar:IsMeeting',
  'calendar:IsCancelled',
  'calendar:CalendarItemType',
  'calendar:MyResponseType',
  'calendar:Organizer',
  'calendar:RequiredAttendees',
  'calendar:OptionalAttendees',
  'calendar:Resources',
];

/** Begun with. Where texts are long or guests many, pages become smaller. */
const PAGE_SIZE = 100;

/** An item by its id. */
export function itemById(id: string, changeKey?: string): Xml {
  return element('t:ItemId', { Id: id, ChangeKey: changeKey });
}

/** The series that an item is an occurrence of. */
export function seriesOf(occurrenceId: string): Xml {
  return element('t:RecurringMasterItemId', { OccurrenceId: occurrenceId });
}

/** The field of an item's zone. Before 2010 there was one for the whole meeting, by another name. */
function zoneFieldOf(schema: EwsSchema): 'calendar:StartTimeZone' | 'calendar:MeetingTimeZone' {
  return isAtLeast(schema, 'Exchange2010') ? 'calendar:StartTimeZone' : 'calendar:MeetingTimeZone';
}

/** Asks for the whole of items. */
export function wholeItems(ids: readonly Xml[]): (schema: EwsSchema) => Xml {
  return (schema) => getItems(ids, [...FIELDS, zoneFieldOf(schema)]);
}

/** Asks where items lie, and no more. */
export function placeOf(ids: readonly Xml[]): Xml {
  return getItems(ids, ['item:ParentFolderId']);
}

/** [GetItem](https://learn.microsoft.com/exchange/client-developer/web-service-reference/getitem-operation) */
function getItems(ids: readonly Xml[], fields: readonly string[]): Xml {
  return element('m:GetItem', {}, shape('m:ItemShape', fields.map(fieldUri), 'Text'), element('m:ItemIds', {}, ...ids));
}

/** Reads items, as many as there are, one answer for each. A page whose answer is too large is halved, and those after it are no larger. */
export async function askForItems(
  caller: EwsCaller,
  ids: readonly Xml[],
  request: (ids: readonly Xml[]) => EwsOperation,
): Promise<EwsAnswer> {
  const messages: EwsMessage[] = [];
  let from = 0;
  let pageSize = PAGE_SIZE;
  while (from < ids.length) {
    const page = ids.slice(from, from + pageSize);
    const answer = await caller.ask(request(page));
    if (answer.refused && isTooLarge(answer) && page.length > 1) {
      pageSize = Math.ceil(page.length / 2);
      continue;
    }
    if (answer.refused) return answer;
    messages.push(...answer.messages);
    from += page.length;
  }
  return { refused: false, messages };
}

/** The item of a message. */
export function itemIn({ message }: { readonly message: XmlElement }): XmlElement | undefined {
  return childOf(message, 'Items')?.children[0];
}

/** Whether an item is one of a series. */
export function isOccurrence(item: XmlElement): boolean {
  return ['Occurrence', 'Exception'].includes(textOf(item, 'CalendarItemType') ?? '');
}

/** Reads an event; `undefined` where it is none. */
export function parseItem(
  item: XmlElement | undefined,
  at: { calendarId: string; seriesId: string | undefined },
): ProviderEvent | undefined {
  const providerEventId = idOf(item, 'ItemId');
  const startMs = parseInstant(textOf(item, 'Start'));
  const endMs = parseInstant(textOf(item, 'End'));
  if (item === undefined || providerEventId === undefined || startMs === undefined || endMs === undefined || endMs < startMs)
    return undefined;
  const zone = childOf(item, 'StartTimeZone')?.attributes.get('Id') ?? childOf(item, 'MeetingTimeZone')?.attributes.get('TimeZoneName');
  const timeZone = zoneOfId(zone);
  const isAllDay = textOf(item, 'IsAllDayEvent') === 'true';
  return {
    providerEventId,
    providerCalendarId: at.calendarId,
    uid: textOf(item, 'UID'),
    seriesId: at.seriesId,
    etag: childOf(item, 'ItemId')?.attributes.get('ChangeKey'),
    title: textOf(item, 'Subject'),
    description: textOf(item, 'Body'),
    location: textOf(item, 'Location'),
    time: isAllDay ? toTimeSpan({ startMs, endMs }, timeZone) : { allDay: false, startMs, endMs },
    timeZone,
    showAs: SHOW_AS_OF.get(textOf(item, 'LegacyFreeBusyStatus') ?? '') ?? 'unknown',
    sensitivity: parseSensitivity(textOf(item, 'Sensitivity')),
    cancelled: textOf(item, 'IsCancelled') === 'true',
    organizer: toPerson(childOf(item, 'Organizer')),
    attendees: ['RequiredAttendees', 'OptionalAttendees', 'Resources'].flatMap((list) =>
      (childOf(item, list)?.children ?? []).map(toAttendee),
    ),
    participation: participationOf(item),
    // Where a Teams meeting is, EWS does not say in a field of its own.
    meetingUrl: undefined,
    createdMs: parseInstant(textOf(item, 'DateTimeCreated')),
    updatedMs: parseInstant(textOf(item, 'LastModifiedTime')),
  };
}

/** Of an appointment without guests Exchange may say `Unknown`, and nobody is to answer there. */
function participationOf(item: XmlElement): ProviderEvent['participation'] {
  const response = textOf(item, 'MyResponseType');
  if (response === 'Unknown' && textOf(item, 'IsMeeting') === 'false') return 'accepted';
  return PARTICIPATION_OF.get(response ?? '') ?? 'unknown';
}

function toAttendee(attendee: XmlElement): ProviderEvent['attendees'][number] {
  const status = PARTICIPATION_OF.get(textOf(attendee, 'ResponseType') ?? '') ?? 'unknown';
  return { email: undefined, name: undefined, ...toPerson(attendee), status };
}

/** Inside of an organisation an address can be one that only Exchange knows, of routing type `EX`. */
function toPerson(parent: XmlElement | undefined): ProviderEvent['organizer'] {
  const mailbox = childOf(parent, 'Mailbox');
  if (mailbox === undefined) return undefined;
  const email = textOf(mailbox, 'EmailAddress');
  return { email: email?.includes('@') === true ? email : undefined, name: textOf(mailbox, 'Name') };
}
