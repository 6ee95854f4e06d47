import { findFolder } from '../../ews-operations/folders.ts';
import { changeKeyOf, toEwsId } from '../../ews-operations/ids.ts';
import { readShape, viewItem } from '../../ews-operations/item-view.ts';
import { childOf } from '../../ews-operations/read-xml.ts';
import { EwsRefusal, invalidSchema, writeMessages } from '../../ews-operations/soap.ts';
import { element, textElement, type Xml } from '../../ews-operations/write-xml.ts';
import type { StoredEvent } from '../../microsoft/mailbox/events.ts';
import type { MicrosoftCalendar } from '../../microsoft/mailbox/mailboxes.ts';
import type { ExchangeCall } from './call.ts';

const CHANGES_MOST = 512;

/**
 * `SyncFolderItems`: what was added, changed and taken away since a state. A series is one item, and its occurrences are not told.
 * @see {@link https://learn.microsoft.com/exchange/client-developer/web-service-reference/syncfolderitems-operation}
 */
export function syncFolderItems(call: ExchangeCall): Xml {
  const folderId = childOf(call.request, 'SyncFolderId')?.children[0];
  const most = Number(childOf(call.request, 'MaxChangesReturned')?.text ?? NaN);
  if (folderId === undefined) throw invalidSchema("the element 'SyncFolderId' is missing");
  if (!(most >= 1 && most <= CHANGES_MOST)) throw invalidSchema("the element 'MaxChangesReturned' is missing or has an invalid value");
  return writeMessages('SyncFolderItems', [folderId], {
    answer: (id) => {
      const { calendar } = findFolder(id, call);
      if (calendar === undefined) throw new EwsRefusal('ErrorInvalidFolderTypeForOperation', 'The folder is no calendar.');
      return changesOf(calendar, most, call);
    },
    empty: [element('m:SyncState', {}), textElement('m:IncludesLastItemInRange', true)],
  });
}

interface Change {
  readonly id: string;
  /** Absent where it was taken away. */
  readonly event?: StoredEvent;
  readonly isNew: boolean;
}

function changesOf(calendar: MicrosoftCalendar, most: number, call: ExchangeCall): readonly Xml[] {
  const before = seenBefore(calendar, call);
  const all = findChanges(calendar, before);
  const told = all.slice(0, most);
  const versions = new Map(before);
  for (const { id, event } of told) {
    if (event === undefined) versions.delete(id);
    else versions.set(id, event.version);
  }
  const shape = readShape(call, true);
  const written = told.map(({ id, event, isNew }) => {
    if (event === undefined)
      return element('t:Delete', {}, element('t:ItemId', { Id: toEwsId(id), ChangeKey: changeKeyOf({ id, version: 0 }) }));
    return element(isNew ? 't:Create' : 't:Update', {}, viewItem({ event, calendar }, shape, call.deps));
  });
  return [
    textElement('m:SyncState', call.syncStates.put({ calendarId: calendar.id, versions })),
    textElement('m:IncludesLastItemInRange', told.length === all.length),
    element('m:Changes', {}, ...written),
  ];
}

function seenBefore({ id }: MicrosoftCalendar, { request, syncStates }: ExchangeCall): ReadonlyMap<string, number> {
  const token = childOf(request, 'SyncState')?.text ?? '';
  if (token === '') return new Map();
  const state = syncStates.find(token, id);
  if (state === undefined) throw new EwsRefusal('ErrorInvalidSyncStateData', 'Synchronization state data is corrupt or otherwise invalid.');
  return state.versions;
}

function findChanges({ events }: MicrosoftCalendar, before: ReadonlyMap<string, number>): readonly Change[] {
  const changed = [...events.values()]
    .filter((event) => before.get(event.id) !== event.version)
    .map((event): Change => ({ id: event.id, event, isNew: !before.has(event.id) }));
  const gone = [...before.keys()].filter((id) => !events.has(id)).map((id): Change => ({ id, isNew: false }));
  return [...changed, ...gone];
}
