import { checkRange, mergeSpans } from '../free-busy-spans.ts';
import type { CalendarAccessOutcome, FreeBusyQuery, FreeBusySpan, TimeRange } from '../calendar-reader.ts';
import type { EwsCaller } from './caller.ts';
import { readView } from './calendar-view.ts';
import { unreadable } from './ews-errors.ts';
import { findPrimaryCalendar } from './folders.ts';
import { FREE_BUSY_OF } from './item-fields.ts';
import { textOf } from './read-xml.ts';
import type { XmlElement } from '../xml/parse-xml.ts';
import { parseInstant } from './times.ts';

const WHAT = 'Exchange’s times of events';
/** Times only: what an event is about does not leave Exchange. */
const FIELDS = ['calendar:Start', 'calendar:End', 'calendar:LegacyFreeBusyStatus', 'calendar:IsCancelled'];

type Outcome = CalendarAccessOutcome<readonly FreeBusySpan[]>;

/**
 * Tells when somebody is free, by the times of the events in their calendars. Whole days are told by the instants at which they begin and
 * end in the zone they were made in, as Graph's schedules tell them.
 */
export async function readFreeBusy(caller: EwsCaller, query: FreeBusyQuery): Promise<Outcome> {
  checkRange(query);
  const calendars = await calendarsOf(caller, query);
  if (calendars.outcome !== 'ok') return calendars;
  const spans: FreeBusySpan[] = [];
  for (const calendarId of calendars.value) {
    const read = await readCalendar(caller, calendarId, query);
    if (read.outcome !== 'ok') return read;
    spans.push(...read.value);
  }
  return { outcome: 'ok', value: mergeSpans(spans, query) };
}

async function calendarsOf(caller: EwsCaller, { calendarIds }: FreeBusyQuery): Promise<CalendarAccessOutcome<readonly string[]>> {
  if (calendarIds !== undefined) return { outcome: 'ok', value: [...new Set(calendarIds)] };
  const primary = await findPrimaryCalendar(caller);
  return primary.outcome === 'ok' ? { outcome: 'ok', value: [primary.value] } : primary;
}

async function readCalendar(caller: EwsCaller, calendarId: string, { fromMs, toMs }: TimeRange): Promise<Outcome> {
  const items = await readView(caller, { what: WHAT, calendarId, fields: FIELDS, fromMs, toMs });
  if (items.outcome !== 'ok') return items;
  const spans: FreeBusySpan[] = [];
  for (const item of items.value) {
    const span = toSpan(item, calendarId);
    // Whoever misses an event takes somebody for free.
    if (span === undefined) return unreadable(WHAT);
    if (textOf(item, 'IsCancelled') !== 'true') spans.push(span);
  }
  return { outcome: 'ok', value: spans };
}

function toSpan(item: XmlElement, providerCalendarId: string): FreeBusySpan | undefined {
  const startMs = parseInstant(textOf(item, 'Start'));
  const endMs = parseInstant(textOf(item, 'End'));
  if (startMs === undefined || endMs === undefined || endMs < startMs) return undefined;
  const status = FREE_BUSY_OF.get(textOf(item, 'LegacyFreeBusyStatus') ?? '') ?? 'unknown';
  return { providerCalendarId, status, time: { allDay: false, startMs, endMs } };
}
