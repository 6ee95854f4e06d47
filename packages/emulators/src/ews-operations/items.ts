import type { StoredEvent } from '../microsoft/mailbox/events.ts';
import { accessDenied, findFolder, outOfReach, type EwsCall } from './folders.ts';
import { fromEwsId } from './ids.ts';
import { fieldOf, nameOfProperty, readShape, viewItem, type FoundItem, type ItemShape } from './item-view.ts';
import { childOf, type XmlElement } from './read-xml.ts';
import { EwsRefusal, invalidSchema, writeMessages } from './soap.ts';
import { element, type Xml } from './write-xml.ts';

/** @see {@link https://learn.microsoft.com/exchange/client-developer/web-service-reference/calendarview} */
const VIEW_MOST_MS = 2 * 366 * 86_400_000;
/** What a throttling policy lets one call find (`EWSFindCountLimit`). */
const FOUND_MOST = 1000;

/**
 * `FindItem`: a `CalendarView`, or items by one extended property.
 * @see {@link https://learn.microsoft.com/exchange/client-developer/web-service-reference/finditem-operation}
 */
export function findItems(call: EwsCall): Xml {
  const { request } = call;
  if (request.attributes.get('Traversal') !== 'Shallow') throw invalidSchema("the 'Traversal' attribute is missing or invalid");
  const view = childOf(request, 'CalendarView');
  const shape = readShape(call, true);
  return writeMessages('FindItem', childOf(request, 'ParentFolderIds')?.children ?? [], {
    answer: (parent) => [view === undefined ? listByProperty(call, parent, shape) : listView(call, { parent, view, shape })],
  });
}

/** `GetItem`. @see {@link https://learn.microsoft.com/exchange/client-developer/web-service-reference/getitem-operation} */
export function getItem(call: EwsCall): Xml {
  const shape = readShape(call, false);
  return writeMessages('GetItem', childOf(call.request, 'ItemIds')?.children ?? [], {
    answer: (id) => [element('m:Items', {}, viewItem(findItem(id, call), shape, call.deps))],
    empty: [element('m:Items', {})],
  });
}

/** Finds the item of an `ItemId`, or the series of a `RecurringMasterItemId`. @throws EwsRefusal */
export function findItem(id: XmlElement, { user, deps }: Pick<EwsCall, 'user' | 'deps'>): FoundItem {
  const isMaster = id.name === 'RecurringMasterItemId';
  if (!isMaster && id.name !== 'ItemId') throw outOfReach('knows ItemId and RecurringMasterItemId only');
  const found = deps.mailboxes.findEvent(user.email, fromEwsId(id.attributes.get(isMaster ? 'OccurrenceId' : 'Id')));
  if (found === undefined) throw itemNotFound();
  if (!isMaster) return found;
  const master = found.calendar.events.get(found.event.seriesMasterId ?? '');
  if (master === undefined) throw new EwsRefusal('ErrorCalendarCannotUseIdForOccurrenceId', 'The Id is not of an occurrence.');
  return { calendar: found.calendar, event: master };
}

/** Says that there is no such item, or none that the caller may know of. */
function itemNotFound(): EwsRefusal {
  return new EwsRefusal('ErrorItemNotFound', 'The specified object was not found in the store.');
}

/** Refuses to change what the calendar's owner keeps, and what the emulator cannot. */
export function checkChangeable({ calendar, event }: FoundItem): void {
  if (!calendar.canEdit) throw accessDenied();
  if (event.seriesMasterId !== undefined) throw outOfReach('cannot change one occurrence of a series');
}

function listView(call: EwsCall, { parent, view, shape }: { parent: XmlElement; view: XmlElement; shape: ItemShape }): Xml {
  const { calendar } = findFolder(parent, call);
  if (calendar === undefined) {
    throw new EwsRefusal('ErrorCalendarFolderIsInvalidForCalendarView', 'CalendarView can be used only on calendar folders.');
  }
  const span = { fromMs: boundOf(view, 'StartDate'), toMs: boundOf(view, 'EndDate') };
  if (span.toMs < span.fromMs) throw new EwsRefusal('ErrorCalendarEndDateIsEarlierThanStartDate', 'EndDate is earlier than StartDate');
  if (span.toMs - span.fromMs > VIEW_MOST_MS) {
    throw new EwsRefusal('ErrorCalendarViewRangeTooBig', 'The specified view range exceeds the maximum range of two years.');
  }
  const found = call.deps.mailboxes.view(calendar, span);
  const most = Math.min(Number(view.attributes.get('MaxEntriesReturned') ?? FOUND_MOST), FOUND_MOST);
  return rootFolder(
    found.slice(0, most).map((event) => viewItem({ event, calendar }, shape, call.deps)),
    found.length,
  );
}

function listByProperty(call: EwsCall, parent: XmlElement, shape: ItemShape): Xml {
  const equal = childOf(childOf(call.request, 'Restriction'), 'IsEqualTo');
  const path = childOf(equal, 'ExtendedFieldURI');
  const value = childOf(childOf(equal, 'FieldURIOrConstant'), 'Constant')?.attributes.get('Value');
  if (path === undefined || value === undefined) throw outOfReach('finds items by a CalendarView or one extended property only');
  const folder = findFolder(parent, call);
  const { mailboxes, state } = call.deps;
  const [ownCalendar] = mailboxes.calendarsOf(call.user.email);
  const calendar = folder.calendar ?? ownCalendar;
  const events: readonly StoredEvent[] =
    folder.calendar === undefined
      ? folder.name === 'Deleted Items'
        ? state.deletedItems(call.user.email)
        : []
      : [...folder.calendar.events.values()];
  const found = events.filter((event) =>
    state.propertiesOf(event.id).some((property) => nameOfProperty(property) === fieldOf(path) && property.value === value),
  );
  const items = calendar === undefined ? [] : found.map((event) => viewItem({ event, calendar }, shape, call.deps));
  return rootFolder(items, found.length, '0');
}

/** A calendar view has no offset to go on from: where its last item is not among them, its range has to be narrowed. */
function rootFolder(items: readonly Xml[], total: number, offset?: string): Xml {
  const attributes = {
    IndexedPagingOffset: offset,
    TotalItemsInView: String(total),
    IncludesLastItemInRange: String(items.length >= total),
  };
  return element('m:RootFolder', attributes, element('t:Items', {}, ...items));
}

function boundOf(view: XmlElement, name: string): number {
  const ms = Date.parse(view.attributes.get(name) ?? '');
  if (Number.isNaN(ms)) throw invalidSchema(`the '${name}' attribute is missing or invalid`);
  return ms;
}
