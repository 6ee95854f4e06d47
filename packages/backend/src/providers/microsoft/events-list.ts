import { checkRange } from '../free-busy-spans.ts';
import type { CalendarAccessOutcome, ProviderEvent, TimeRange } from '../calendar-reader.ts';
import { EVENT_FIELDS, parseGraphEvent, PLAIN_TEXT } from './events.ts';
import { accessFailure, MAY_READ } from './graph-errors.ts';
import { readPages } from './graph-pages.ts';
import { graphPath, type GraphCaller } from './graph.ts';

/** Bodies are long: a page of them has to fit into one answer. */
const PAGE_SIZE = 200;
/** Fifty thousand events, more than anybody asks for at once. */
const MAX_PAGES = 250;

/**
 * Lists events, series unfolded into occurrences.
 *
 * @see [List calendarView](https://learn.microsoft.com/graph/api/calendar-list-calendarview)
 */
export async function listEvents(
  caller: GraphCaller,
  { calendarId, fromMs, toMs }: TimeRange & { readonly calendarId: string },
): Promise<CalendarAccessOutcome<readonly ProviderEvent[]>> {
  checkRange({ fromMs, toMs });
  return readPages(caller, {
    what: 'Microsoft’s list of events',
    request: {
      path: graphPath`/me/calendars/${calendarId}/calendarView`,
      query: { startDateTime: new Date(fromMs).toISOString(), endDateTime: new Date(toMs).toISOString(), $select: EVENT_FIELDS },
      prefer: [PLAIN_TEXT],
    },
    pageSize: PAGE_SIZE,
    mostPages: MAX_PAGES,
    parse(entry) {
      const event = parseGraphEvent(entry, calendarId);
      return event && [event];
    },
    fail: (what, answer) => accessFailure(what, answer, { ...caller, permission: MAY_READ }),
  });
}
