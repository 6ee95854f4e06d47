import { z } from 'zod';
import { checkRange, mergeSpans } from '../free-busy-spans.ts';
import { modeOf } from '../mode-of.ts';
import type { CalendarAccessOutcome, FreeBusyQuery, FreeBusySpan, TimeRange } from '../calendar-reader.ts';
import { findPrimaryCalendar, type PrimaryCalendar } from './calendars.ts';
import { FREE_BUSY_OF } from './events-fields.ts';
import { accessFailure, MAY_READ } from './graph-errors.ts';
import { readPages } from './graph-pages.ts';
import { GRAPH_TIME, parseGraphSpan } from './graph-times.ts';
import { graphPath, type GraphCaller } from './graph.ts';
import { readSchedule } from './free-busy-schedule.ts';

/** An entry of times alone takes some 200 bytes. */
const PAGE_SIZE = 1000;
/** More than a mailbox may hold. */
const MAX_PAGES = 100;

/** Times only: what an event is about does not leave Microsoft. */
const FIELDS = 'start,end,isAllDay,isCancelled,showAs';

/** [event](https://learn.microsoft.com/graph/api/resources/event), of which this is all that is read. */
const EVENT_TIME = z.object({
  start: GRAPH_TIME,
  end: GRAPH_TIME,
  isAllDay: z.boolean().nullish(),
  isCancelled: z.boolean().nullish(),
  showAs: z.string().nullish(),
});

type Outcome = CalendarAccessOutcome<readonly FreeBusySpan[]>;

/**
 * Tells when somebody is free. The primary calendar of a work account is asked for by `getSchedule`, which is made for that; personal
 * accounts do not have it, and other calendars are not in it: those are read as events, by their times.
 */
export async function readFreeBusy(caller: GraphCaller, query: FreeBusyQuery): Promise<Outcome> {
  checkRange(query);
  modeOf('microsoft', caller.settings, query.mode);
  // Asked for every time: it says whether there is a mailbox at all, which the refusal of getSchedule to a personal account also sounds like.
  const primary = await findPrimaryCalendar(caller);
  if (primary.outcome !== 'ok') return primary;
  const spans: FreeBusySpan[] = [];
  for (const id of new Set(query.calendarIds ?? [primary.value.id])) {
    const read = id === primary.value.id ? await readPrimary(caller, primary.value, query) : await readEventTimes(caller, id, query);
    if (read.outcome !== 'ok') return read;
    spans.push(...read.value);
  }
  return { outcome: 'ok', value: mergeSpans(spans, query) };
}

async function readPrimary(caller: GraphCaller, { id, address }: PrimaryCalendar, range: TimeRange): Promise<Outcome> {
  const scheduled = address === undefined ? undefined : await readSchedule(caller, { calendarId: id, address }, range);
  return scheduled ?? readEventTimes(caller, id, range);
}

/** @see [List calendarView](https://learn.microsoft.com/graph/api/calendar-list-calendarview) */
function readEventTimes(caller: GraphCaller, calendarId: string, { fromMs, toMs }: TimeRange): Promise<Outcome> {
  return readPages(caller, {
    what: 'Microsoft’s times of events',
    request: {
      path: graphPath`/me/calendars/${calendarId}/calendarView`,
      query: { startDateTime: new Date(fromMs).toISOString(), endDateTime: new Date(toMs).toISOString(), $select: FIELDS },
    },
    pageSize: PAGE_SIZE,
    mostPages: MAX_PAGES,
    parse: (entry) => parseEventTime(entry, calendarId),
    fail: (what, answer) => accessFailure(what, answer, { ...caller, permission: MAY_READ }),
  });
}

function parseEventTime(entry: unknown, providerCalendarId: string): readonly FreeBusySpan[] | undefined {
  const { data } = EVENT_TIME.safeParse(entry);
  if (data === undefined) return undefined;
  if (data.isCancelled === true) return [];
  const time = parseGraphSpan({ ...data, isAllDay: data.isAllDay ?? false });
  return time && [{ providerCalendarId, status: FREE_BUSY_OF.get(data.showAs ?? '') ?? 'unknown', time }];
}
