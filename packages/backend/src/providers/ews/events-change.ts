import type { EventChangeOutcome, EventDraft, EventToChange, ProviderEvent } from '../calendar-reader.ts';
import { dependsOnText } from '../conferencing-text.ts';
import { askForOne, type EwsCaller, type EwsSchema } from './caller.ts';
import { ewsChangeFailure, unreadable } from './ews-errors.ts';
import { type Property, toProperties, toUpdates } from './events-draft.ts';
import { findFolderId, idOf } from './folders.ts';
import { isOccurrence, itemById, itemIn, parseItem, placeOf, seriesOf, wholeItems } from './items.ts';
import { childOf } from './read-xml.ts';
import type { XmlElement } from '../xml/parse-xml.ts';
import { element, type Xml } from './write-xml.ts';

type Changed<T> = Promise<EventChangeOutcome<T>>;

/** [UpdateItem](https://learn.microsoft.com/exchange/client-developer/web-service-reference/updateitem-operation-calendar-item); who is invited hears of it. */
export function updateItem(id: Xml, updates: readonly Xml[], ifUnchanged: boolean): Xml {
  const change = element('t:ItemChange', {}, id, element('t:Updates', {}, ...updates));
  const attributes = {
    ConflictResolution: ifUnchanged ? 'NeverOverwrite' : 'AlwaysOverwrite',
    SendMeetingInvitationsOrCancellations: 'SendToAllAndSaveCopy',
  };
  return element('m:UpdateItem', attributes, element('m:ItemChanges', {}, change));
}

/** [DeleteItem](https://learn.microsoft.com/exchange/client-developer/web-service-reference/deleteitem-operation); who was invited hears of it. */
export function deleteItem(id: Xml): Xml {
  const attributes = { DeleteType: 'MoveToDeletedItems', SendMeetingCancellations: 'SendToAllAndSaveCopy' };
  return element('m:DeleteItem', attributes, element('m:ItemIds', {}, id));
}

/** Changes an event. */
export async function updateEvent(
  caller: EwsCaller,
  { changes, ...target }: EventToChange & { readonly changes: Partial<EventDraft> },
): Changed<ProviderEvent> {
  const what = 'Exchange’s change of an event';
  if (changes.conferencing === 'integrated') return withoutTeams(what);
  const found = await findEvent(caller, target, what);
  if (found.outcome !== 'ok') return found;
  const before = dependsOnText(changes) ? await readEvent(caller, target, what) : undefined;
  if (before !== undefined && before.outcome !== 'ok') return before;
  const properties = (schema: EwsSchema): readonly Property[] => toProperties(changes, schema, before?.value);
  if (properties('Exchange2007_SP1').length > 0) {
    const id = itemById(target.eventId, found.value);
    const message = await askForOne(caller, (schema) => updateItem(id, toUpdates(properties(schema)), target.etag !== undefined));
    if (message.refused) return ewsChangeFailure(caller, what, message);
  }
  return readEvent(caller, target, what);
}

/**
 * Deletes an event. Exchange does not look at a change key here, so an event that somebody changes between our look and the deletion is
 * deleted all the same.
 */
export async function deleteEvent(caller: EwsCaller, target: EventToChange): Changed<undefined> {
  const what = 'Exchange’s deletion of an event';
  const done = { outcome: 'ok', value: undefined } as const;
  const found = await findEvent(caller, target, what);
  if (found.outcome === 'not_found') return done;
  if (found.outcome !== 'ok') return found;
  const message = await askForOne(caller, deleteItem(itemById(target.eventId)));
  if (!message.refused) return done;
  const failure = ewsChangeFailure(caller, what, message);
  return failure.outcome === 'not_found' ? done : failure;
}

/** Teams meetings are made by Graph alone: no calendar here says that it has them. */
export function withoutTeams(what: string): EventChangeOutcome<never> {
  return { outcome: 'invalid', operatorHint: `${what}: there are no Teams meetings over Exchange Web Services` };
}

/** Reads an event of a calendar by itself. */
export async function readEvent(
  caller: EwsCaller,
  { calendarId, eventId }: Pick<EventToChange, 'calendarId' | 'eventId'>,
  what: string,
): Changed<ProviderEvent> {
  const message = await askForOne(caller, wholeItems([itemById(eventId)]));
  if (message.refused) return ewsChangeFailure(caller, what, message);
  const item = itemIn(message);
  const seriesId = item !== undefined && isOccurrence(item) ? await readSeriesId(caller, eventId) : undefined;
  const event = parseItem(item, { calendarId, seriesId });
  return event === undefined ? unreadable(what) : { outcome: 'ok', value: event };
}

/** Looks an event up in its calendar, and gives its change key. */
async function findEvent(caller: EwsCaller, { calendarId, eventId, etag }: EventToChange, what: string): Changed<string | undefined> {
  const message = await askForOne(caller, placeOf([itemById(eventId)]));
  if (message.refused) return ewsChangeFailure(caller, what, message);
  const item = itemIn(message);
  const folder = await findFolderId(caller, calendarId);
  if (folder.outcome !== 'ok') return folder;
  if (idOf(item, 'ParentFolderId') !== folder.value) return { outcome: 'not_found', operatorHint: `${what}: it is not in that calendar` };
  const changeKey = changeKeyOf(item);
  if (etag === undefined || etag === changeKey) return { outcome: 'ok', value: changeKey };
  return { outcome: 'conflict', operatorHint: `${what}: somebody changed it since` };
}

async function readSeriesId(caller: EwsCaller, eventId: string): Promise<string | undefined> {
  const message = await askForOne(caller, placeOf([seriesOf(eventId)]));
  return message.refused ? undefined : idOf(itemIn(message), 'ItemId');
}

function changeKeyOf(item: XmlElement | undefined): string | undefined {
  return childOf(item, 'ItemId')?.attributes.get('ChangeKey');
}
