import type { StoredEvent } from '../microsoft/mailbox/events.ts';
import { accessDenied, findFolder, outOfReach, type EwsCall, type Folder } from './folders.ts';
import { fromEwsId } from './ids.ts';
import { readShape, viewItem, type FoundItem, type ItemShape } from './item-view.ts';
import { valueOfItem } from './property-paths.ts';
import { childOf, type XmlElement } from './read-xml.ts';
import { compareValues, fits } from './restriction.ts';
import { EwsRefusal, invalidSchema, requiredList, writeMessages } from './soap.ts';
import { element, type Xml } from './write-xml.ts';

/** @see {@link https://learn.microsoft.com/exchange/client-developer/web-service-reference/calendarview} */
const VIEW_MOST_MS = 2 * 366 * 86_400_000;
/** What a throttling policy lets one call find (`EWSFindCountLimit`). */
const FOUND_MOST = 1000;

/**
 * `FindItem`: a `CalendarView`, which expands series, or the items themselves, page by page.
 * @see {@link https://learn.microsoft.com/exchange/client-developer/web-service-reference/finditem-operation}
 */
export function findItems(call: EwsCall): Xml {
  const { request } = call;
  if (request.attributes.get('Traversal') !== 'Shallow') throw invalidSchema("the 'Traversal' attribute is missing or invalid");
  const view = childOf(request, 'CalendarView');
  const shape = readShape(call, true);
  return writeMessages('FindItem', requiredList(request, 'ParentFolderIds'), {
    answer: (parent) => [view === undefined ? listItems(call, parent, shape) : listView(call, { parent, view, shape })],
  });
}

/** `GetItem`. @see {@link https://learn.microsoft.com/exchange/client-developer/web-service-reference/getitem-operation} */
export function getItem(call: EwsCall): Xml {
  const shape = readShape(call, false);
  return writeMessages('GetItem', requiredList(call.request, 'ItemIds'), {
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
  const told = found.slice(0, most);
  return rootFolder(
    told.map((event) => viewItem({ event, calendar }, shape, call.deps)),
    { total: found.length, reached: told.length, isPaged: false },
  );
}

function listItems(call: EwsCall, parent: XmlElement, shape: ItemShape): Xml {
  const { deps, user, request } = call;
  const folder = findFolder(parent, call);
  // What was deleted is shown as if it still lay in the calendar.
  const calendar = folder.calendar ?? deps.mailboxes.calendarsOf(user.email)[0];
  const inside = folder.calendar === undefined ? deletedIn(folder, call) : [...folder.calendar.events.values()];
  // Numbered in the order in which they came, before anything compares the numbers.
  for (const { id } of inside) deps.state.articleNumberOf(id);
  const restriction = childOf(request, 'Restriction')?.children[0];
  const found = inside.filter((event) => restriction === undefined || fits(restriction, (path) => valueOfItem(event, path, deps.state)));
  const page = childOf(request, 'IndexedPageItemView');
  const offset = Number(page?.attributes.get('Offset') ?? 0);
  const most = Math.min(Number(page?.attributes.get('MaxEntriesReturned') ?? FOUND_MOST), FOUND_MOST);
  const told = sorted(found, call).slice(offset, offset + most);
  const items = calendar === undefined ? [] : told.map((event) => viewItem({ event, calendar }, shape, deps));
  return rootFolder(items, { total: found.length, reached: offset + told.length, isPaged: true });
}

function deletedIn({ name }: Folder, { user, deps }: EwsCall): readonly StoredEvent[] {
  return name === 'Deleted Items' ? deps.state.deletedItems(user.email) : [];
}

/** Only the first of several orders counts here. */
function sorted(events: readonly StoredEvent[], { request, deps }: EwsCall): readonly StoredEvent[] {
  const order = childOf(request, 'SortOrder')?.children[0];
  const path = order?.children[0];
  if (order === undefined || path === undefined) return events;
  const sign = order.attributes.get('Order') === 'Descending' ? -1 : 1;
  const valueOf = (event: StoredEvent): string => valueOfItem(event, path, deps.state) ?? '';
  return events.toSorted((one, other) => sign * compareValues(valueOf(one), valueOf(other)));
}

interface Listed {
  readonly total: number;
  /** How many there are up to and with the last one told. */
  readonly reached: number;
  readonly isPaged: boolean;
}

/** A calendar view has no offset to go on from: where its last item is not among them, its range has to be narrowed. */
function rootFolder(items: readonly Xml[], { total, reached, isPaged }: Listed): Xml {
  const attributes = {
    IndexedPagingOffset: isPaged ? String(reached) : undefined,
    TotalItemsInView: String(total),
    IncludesLastItemInRange: String(reached >= total),
  };
  return element('m:RootFolder', attributes, element('t:Items', {}, ...items));
}

function boundOf(view: XmlElement, name: string): number {
  const ms = Date.parse(view.attributes.get(name) ?? '');
  if (Number.isNaN(ms)) throw invalidSchema(`the '${name}' attribute is missing or invalid`);
  return ms;
}
