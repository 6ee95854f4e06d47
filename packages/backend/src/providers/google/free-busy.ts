import { z } from 'zod';
import { checkRange, mergeSpans, splitRange } from '../free-busy-spans.ts';
import { modeOf } from '../mode-of.ts';
import type { CalendarAccessOutcome, FreeBusyQuery, FreeBusySpan, TimeRange } from '../calendar-reader.ts';
import { apiFailure } from './api-errors.ts';
import { askCalendar, type CalendarCaller } from './calendar-api.ts';
import { parseInstant } from './events-times.ts';
import { printable } from '../answer.ts';

const WHAT = 'Google’s free/busy query';
/** The largest `calendarExpansionMax`. [freebusy.query](https://developers.google.com/workspace/calendar/api/v3/reference/freebusy/query) */
const MAX_CALENDARS = 50;
/** Google names no limit; ninety days are reported to pass, and three months to be `timeRangeTooLong`. */
const MAX_RANGE_MS = 60 * 86_400_000;
/** Google's own name for the calendar of the login. */
const PRIMARY = 'primary';

/** [Response](https://developers.google.com/workspace/calendar/api/v3/reference/freebusy/query#response_1). What goes wrong with one calendar stands beside it. */
const FREE_BUSY = z.object({
  calendars: z.record(
    z.string(),
    z.object({
      busy: z.array(z.object({ start: z.string(), end: z.string() })).optional(),
      errors: z.array(z.object({ reason: z.string().optional() })).optional(),
    }),
  ),
});

type Outcome = CalendarAccessOutcome<readonly FreeBusySpan[]>;

/** Tells when somebody is busy: all that Google says is that. One calendar that cannot be read makes the whole answer an error. */
export async function readFreeBusy(caller: CalendarCaller, query: FreeBusyQuery): Promise<Outcome> {
  checkRange(query);
  modeOf('google', caller.settings, query.mode);
  const ids = [...new Set(query.calendarIds ?? [PRIMARY])];
  const spans: FreeBusySpan[] = [];
  for (let at = 0; at < ids.length; at += MAX_CALENDARS) {
    for (const part of splitRange(query, MAX_RANGE_MS)) {
      const read = await readPart(caller, ids.slice(at, at + MAX_CALENDARS), part);
      if (read.outcome !== 'ok') return read;
      spans.push(...read.value);
    }
  }
  return { outcome: 'ok', value: mergeSpans(spans, query) };
}

async function readPart(caller: CalendarCaller, ids: readonly string[], { fromMs, toMs }: TimeRange): Promise<Outcome> {
  const answer = await askCalendar(caller, (api) =>
    api.freebusy.query({
      requestBody: {
        timeMin: new Date(fromMs).toISOString(),
        timeMax: new Date(toMs).toISOString(),
        calendarExpansionMax: MAX_CALENDARS,
        items: ids.map((id) => ({ id })),
      },
    }),
  );
  const { data } = FREE_BUSY.safeParse(answer.answered && answer.status === 200 ? answer.body : undefined);
  if (data === undefined) return apiFailure(WHAT, answer);
  const calendars = new Map(Object.entries(data.calendars));
  const spans: FreeBusySpan[] = [];
  for (const id of ids) {
    const read = toSpans(id, calendars.get(id));
    if (read.outcome !== 'ok') return read;
    spans.push(...read.value);
  }
  return { outcome: 'ok', value: spans };
}

function toSpans(providerCalendarId: string, calendar: z.infer<typeof FREE_BUSY>['calendars'][string] | undefined): Outcome {
  const reasons = (calendar?.errors ?? []).map(({ reason = 'an error' }) => reason);
  if (reasons.includes('notFound')) return { outcome: 'not_found', operatorHint: `${WHAT}: notFound for one calendar` };
  if (reasons.length > 0) return incomplete(`${printable(reasons[0] ?? '')} for one calendar`);
  if (calendar?.busy === undefined) return incomplete('one calendar is missing');
  const spans: FreeBusySpan[] = [];
  for (const { start, end } of calendar.busy) {
    const [startMs, endMs] = [parseInstant(start), parseInstant(end)];
    if (startMs === undefined || endMs === undefined) return incomplete('a time could not be read');
    spans.push({ providerCalendarId, status: 'busy', time: { allDay: false, startMs, endMs } });
  }
  return { outcome: 'ok', value: spans };
}

function incomplete(hint: string): Outcome {
  return { outcome: 'unavailable', retryAfterMs: undefined, operatorHint: `${WHAT}: ${hint}` };
}
