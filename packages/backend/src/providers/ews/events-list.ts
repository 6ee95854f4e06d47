import { checkRange } from '../free-busy-spans.ts';
import type { CalendarAccessOutcome, ProviderEvent, TimeRange } from '../calendar-reader.ts';
import type { EwsCaller } from './caller.ts';
import { readView } from './calendar-view.ts';
import { ewsAccessFailure, unreadable } from './ews-errors.ts';
import { idOf } from './folders.ts';
import { askForItems, isOccurrence, itemById, itemIn, parseItem, placeOf, seriesOf, wholeItems } from './items.ts';
import { textOf } from './read-xml.ts';
import type { XmlElement } from '../xml/parse-xml.ts';

const WHAT = 'Exchange’s list of events';

type Outcome<T> = CalendarAccessOutcome<T>;

/**
 * Lists events, series unfolded into occurrences. A list has neither texts nor guests nor zones, so every item is read by itself, a hundred
 * at a time; and the series of an occurrence is only told to who asks for it.
 */
export async function listEvents(
  caller: EwsCaller,
  { calendarId, fromMs, toMs }: TimeRange & { readonly calendarId: string },
): Promise<Outcome<readonly ProviderEvent[]>> {
  checkRange({ fromMs, toMs });
  const found = await readView(caller, { what: WHAT, calendarId, fields: [], fromMs, toMs });
  if (found.outcome !== 'ok') return found;
  const items = await readItems(caller, found.value);
  if (items.outcome !== 'ok') return items;
  const series = await readSeries(caller, items.value);
  if (series.outcome !== 'ok') return series;
  const events: ProviderEvent[] = [];
  for (const item of items.value) {
    const seriesId = isOccurrence(item) ? series.value.get(textOf(item, 'UID') ?? '') : undefined;
    const event = parseItem(item, { calendarId, seriesId });
    if (event === undefined) return unreadable(WHAT);
    events.push(event);
  }
  return { outcome: 'ok', value: events };
}

/** What is deleted between finding and reading it is left out. */
async function readItems(caller: EwsCaller, found: readonly XmlElement[]): Promise<Outcome<readonly XmlElement[]>> {
  const ids = found.map((item) => itemById(idOf(item, 'ItemId') ?? ''));
  const answer = await askForItems(caller, ids, wholeItems);
  if (answer.refused) return ewsAccessFailure(caller, WHAT, answer);
  if (answer.messages.length !== ids.length) return unreadable(WHAT);
  const items: XmlElement[] = [];
  for (const message of answer.messages) {
    if (message.refused && message.code === 'ErrorItemNotFound') continue;
    if (message.refused) return ewsAccessFailure(caller, WHAT, message);
    const item = itemIn(message);
    if (item === undefined) return unreadable(WHAT);
    items.push(item);
  }
  return { outcome: 'ok', value: items };
}

/** The ids of series by their UID, which all their occurrences share. */
async function readSeries(caller: EwsCaller, items: readonly XmlElement[]): Promise<Outcome<ReadonlyMap<string, string>>> {
  const occurrences = new Map(items.filter(isOccurrence).map((item) => [textOf(item, 'UID') ?? '', idOf(item, 'ItemId') ?? '']));
  const answer = await askForItems(caller, [...occurrences.values()].map(seriesOf), placeOf);
  if (answer.refused) return ewsAccessFailure(caller, WHAT, answer);
  const uids = [...occurrences.keys()];
  const ids = answer.messages.flatMap((message, index): [string, string][] => {
    const id = message.refused ? undefined : idOf(itemIn(message), 'ItemId');
    return id === undefined ? [] : [[uids[index] ?? '', id]];
  });
  return { outcome: 'ok', value: new Map(ids) };
}
