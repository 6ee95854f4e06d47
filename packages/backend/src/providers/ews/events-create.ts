import { createHash } from 'node:crypto';
import type { EventChangeOutcome, EventDraft, EventToCreate, ProviderEvent } from '../calendar-reader.ts';
import { askForOne, type EwsCaller, type EwsSchema } from './caller.ts';
import { ewsChangeFailure, unreadable } from './ews-errors.ts';
import { readEvent, withoutTeams } from './events-change.ts';
import { toProperties } from './events-draft.ts';
import { calendarById, distinguishedFolder, idOf, shape } from './folders.ts';
import { itemIn } from './items.ts';
import { childOf } from './read-xml.ts';
import { element, textElement, type Xml } from './write-xml.ts';

const WHAT = 'Exchange’s creation of an event';

/** A named property that any application may set, by which an event of ours is found again. [ExtendedFieldURI](https://learn.microsoft.com/exchange/client-developer/web-service-reference/extendedfielduri) */
const KEY_PROPERTY: Xml = element('t:ExtendedFieldURI', {
  PropertySetId: '00020329-0000-0000-C000-000000000046',
  PropertyName: 'CalendarConnectKey',
  PropertyType: 'String',
});

/** An event, and what it is found again by. */
export interface KeyedEvent {
  readonly key: string;
  readonly event: EventDraft;
}

/** [CreateItem](https://learn.microsoft.com/exchange/client-developer/web-service-reference/createitem-operation-calendar-item); who is invited hears of it. */
export function createItem(calendar: Xml, { key, event }: KeyedEvent, schema: EwsSchema): Xml {
  const properties = toProperties(event, schema).filter(({ xml }) => xml !== undefined);
  const isOfItem = ({ field }: { field: string }): boolean => field.startsWith('item:');
  const item = element(
    't:CalendarItem',
    {},
    ...properties.filter(isOfItem).map(({ xml }) => xml),
    element('t:ExtendedProperty', {}, KEY_PROPERTY, textElement('t:Value', key)),
    ...properties.filter((property) => !isOfItem(property)).map(({ xml }) => xml),
  );
  const invites = (event.attendees ?? []).length > 0;
  return element(
    'm:CreateItem',
    { SendMeetingInvitations: invites ? 'SendToAllAndSaveCopy' : 'SendToNone' },
    element('m:SavedItemFolderId', {}, calendar),
    element('m:Items', {}, item),
  );
}

/** Looks for the event of a key, in its calendar and among what was deleted. */
export function findByKey(calendar: Xml, key: string): Xml {
  const constant = element('t:FieldURIOrConstant', {}, element('t:Constant', { Value: key }));
  return element(
    'm:FindItem',
    { Traversal: 'Shallow' },
    shape('m:ItemShape', []),
    element('m:IndexedPageItemView', { MaxEntriesReturned: '1', Offset: '0', BasePoint: 'Beginning' }),
    element('m:Restriction', {}, element('t:IsEqualTo', {}, KEY_PROPERTY, constant)),
    element('m:ParentFolderIds', {}, calendar, distinguishedFolder('deleteditems')),
  );
}

/**
 * Creates an event, once for each key. Exchange has nothing that makes it so: whoever asks twice at the very same moment gets two. Asking
 * again after a lost answer finds the first.
 */
export async function createEvent(
  caller: EwsCaller,
  { calendarId, idempotencyKey, event }: EventToCreate,
): Promise<EventChangeOutcome<ProviderEvent>> {
  if (event.conferencing === 'integrated') return withoutTeams(WHAT);
  const key = keyOf(calendarId, idempotencyKey);
  const calendar = calendarById(caller, calendarId);
  const before = await findCreated(caller, calendar, key);
  if (before.outcome !== 'ok') return before;
  if (before.value !== undefined) return readEvent(caller, { calendarId, eventId: before.value }, WHAT);
  const message = await askForOne(caller, (schema) => createItem(calendar, { key, event }, schema));
  if (message.refused) return ewsChangeFailure(caller, WHAT, message);
  const eventId = idOf(itemIn(message), 'ItemId');
  return eventId === undefined ? unreadable(WHAT) : readEvent(caller, { calendarId, eventId }, WHAT);
}

async function findCreated(caller: EwsCaller, calendar: Xml, key: string): Promise<EventChangeOutcome<string | undefined>> {
  const answer = await caller.ask(findByKey(calendar, key));
  if (answer.refused) return ewsChangeFailure(caller, WHAT, answer);
  const [inCalendar, deleted] = answer.messages;
  if (inCalendar === undefined || deleted === undefined) return unreadable(WHAT);
  for (const message of [inCalendar, deleted]) if (message.refused) return ewsChangeFailure(caller, WHAT, message);
  const [found, gone] = [inCalendar, deleted].map((message) =>
    message.refused ? undefined : idOf(childOf(childOf(message.message, 'RootFolder'), 'Items')?.children[0], 'ItemId'),
  );
  if (found === undefined && gone !== undefined)
    return { outcome: 'conflict', operatorHint: `${WHAT}: the event of this key was deleted since` };
  return { outcome: 'ok', value: found };
}

/** The calendar is part of it: elsewhere the key may be another event's. */
function keyOf(calendarId: string, idempotencyKey: string): string {
  return createHash('sha256')
    .update(JSON.stringify([calendarId, idempotencyKey]))
    .digest('base64url');
}
