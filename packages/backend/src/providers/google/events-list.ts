import { z } from 'zod';
import { checkRange } from '../free-busy-spans.ts';
import type { CalendarAccessOutcome, ProviderEvent, TimeRange } from '../calendar-reader.ts';
import { accessFailure } from './api-errors.ts';
import { askCalendar, type CalendarCaller } from './calendar-api.ts';
import { EVENT_FIELDS, parseGoogleEvent } from './events.ts';

const WHAT = 'Google’s list of events';
/** Google gives up to 2500; descriptions are long, and a page has to fit into one answer. */
const PAGE_SIZE = 500;
/** Fifty thousand full pages' worth: the most that a calendar of Google's may hold. */
const MAX_PAGES = 100;

/** A page may be empty, and is not the last for that. */
const EVENTS = z
  .looseObject({ items: z.array(z.unknown()).optional(), nextPageToken: z.string().min(1).optional() })
  .refine((list) => list.items !== undefined || list.nextPageToken !== undefined || Object.keys(list).length === 0);

/**
 * Lists events, series unfolded into instances. One that cannot be read makes the list an error.
 *
 * @see [events.list](https://developers.google.com/workspace/calendar/api/v3/reference/events/list)
 */
export async function listEvents(
  caller: CalendarCaller,
  { calendarId, fromMs, toMs }: TimeRange & { readonly calendarId: string },
): Promise<CalendarAccessOutcome<readonly ProviderEvent[]>> {
  checkRange({ fromMs, toMs });
  const events: ProviderEvent[] = [];
  let pageToken: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await askCalendar(caller, (api) =>
      api.events.list({
        calendarId,
        timeMin: new Date(fromMs).toISOString(),
        timeMax: new Date(toMs).toISOString(),
        singleEvents: true,
        showDeleted: false,
        maxResults: PAGE_SIZE,
        fields: `nextPageToken,items(${EVENT_FIELDS})`,
        ...(pageToken !== undefined && { pageToken }),
      }),
    );
    const { data } = EVENTS.safeParse(answer.answered && answer.status === 200 ? answer.body : undefined);
    if (data === undefined) return accessFailure(WHAT, answer);
    for (const entry of data.items ?? []) {
      const event = parseGoogleEvent(entry, calendarId);
      if (event === undefined) return incomplete('an entry could not be read');
      events.push(event);
    }
    if (data.nextPageToken === undefined) return { outcome: 'ok', value: events };
    pageToken = data.nextPageToken;
  }
  return incomplete(`more than ${MAX_PAGES} pages`);
}

function incomplete(hint: string): CalendarAccessOutcome<never> {
  return { outcome: 'unavailable', retryAfterMs: undefined, operatorHint: `${WHAT}: ${hint}` };
}
