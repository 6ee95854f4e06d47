import { splitRange } from '../free-busy-spans.ts';
import type { CalendarAccessOutcome, TimeRange } from '../calendar-reader.ts';
import { askForOne, type EwsCaller, isTooLarge } from './caller.ts';
import { ewsAccessFailure, unreadable } from './ews-errors.ts';
import { calendarById, fieldUri, idOf, shape } from './folders.ts';
import { childOf } from './read-xml.ts';
import type { XmlElement } from '../xml/parse-xml.ts';
import { element, type Xml } from './write-xml.ts';

/** Exchange looks no further at once than two years. [CalendarView](https://learn.microsoft.com/exchange/client-developer/web-service-reference/calendarview) */
const MAX_RANGE_MS = 720 * 86_400_000;
/** What one call finds at most, whatever is asked. [EWS throttling](https://learn.microsoft.com/exchange/client-developer/exchange-web-services/ews-throttling-in-exchange), `EWSFindCountLimit` */
const MAX_ENTRIES = 1000;
/** More than a thousand events in a minute are a fault. */
const LEAST_RANGE_MS = 60_000;
/** More than anybody asks for at once. */
const MAX_ITEMS = 50_000;
/** Four times what so many items take that lie evenly. Without it, a server could have every minute of two years asked for. */
const MAX_REQUESTS = 500;

/** What is asked of a calendar. */
export interface ViewQuery extends TimeRange {
  readonly what: string;
  readonly calendarId: string;
  /** Such as `calendar:Start`. */
  readonly fields: readonly string[];
}

/** [FindItem](https://learn.microsoft.com/exchange/client-developer/web-service-reference/finditem-operation) over a part of a calendar, series unfolded. */
export function findInView(calendar: Xml, { fields, fromMs, toMs }: Pick<ViewQuery, 'fields' | 'fromMs' | 'toMs'>): Xml {
  const [StartDate, EndDate] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  return element(
    'm:FindItem',
    { Traversal: 'Shallow' },
    shape('m:ItemShape', fields.map(fieldUri)),
    element('m:CalendarView', { MaxEntriesReturned: String(MAX_ENTRIES), StartDate, EndDate }),
    element('m:ParentFolderIds', {}, calendar),
  );
}

/**
 * Reads the items of a calendar that are at least in part in a range, each once. A view has no pages: where it was cut off, or is
 * too large to be read, its range is halved.
 */
export async function readView(caller: EwsCaller, query: ViewQuery): Promise<CalendarAccessOutcome<readonly XmlElement[]>> {
  const found = new Map<string, XmlElement>();
  let requests = 0;
  const ranges = [...splitRange(query, MAX_RANGE_MS)].toReversed();
  for (let range = ranges.pop(); range !== undefined; range = ranges.pop()) {
    requests += 1;
    if (requests > MAX_REQUESTS) return unreadable(query.what);
    const request = findInView(calendarById(caller, query.calendarId), { ...query, ...range });
    const message = await askForOne(caller, () => request);
    if (message.refused && !isTooLarge(message)) return ewsAccessFailure(caller, query.what, message);
    const root = message.refused ? undefined : childOf(message.message, 'RootFolder');
    const items = childOf(root, 'Items')?.children;
    if (!message.refused && items === undefined) return unreadable(query.what);
    if (items === undefined || root?.attributes.get('IncludesLastItemInRange') !== 'true') {
      if (range.toMs - range.fromMs < 2 * LEAST_RANGE_MS) return unreadable(query.what);
      ranges.push(...splitRange(range, Math.ceil((range.toMs - range.fromMs) / 2)).toReversed());
      continue;
    }
    for (const item of items) {
      const id = idOf(item, 'ItemId');
      if (id === undefined) return unreadable(query.what);
      found.set(id, item);
    }
    if (found.size > MAX_ITEMS) return unreadable(query.what);
  }
  return { outcome: 'ok', value: [...found.values()] };
}
