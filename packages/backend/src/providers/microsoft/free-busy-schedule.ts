import { z } from 'zod';
import type { Answer } from '../answer.ts';
import { splitRange } from '../free-busy-spans.ts';
import type { CalendarAccessOutcome, FreeBusySpan, TimeRange } from '../calendar-reader.ts';
import { FREE_BUSY_OF } from './events-fields.ts';
import { graphErrorOf, graphFailure } from './graph-errors.ts';
import { GRAPH_TIME, parseGraphSpan, toGraphTime } from './graph-times.ts';
import { askGraph, type GraphCaller } from './graph.ts';

const WHAT = 'Microsoft’s getSchedule';
const MINUTE_MS = 60_000;
/** Of Exchange Online, which answers. Microsoft's page names no limit. */
const MAX_RANGE_MS = 62 * 24 * 60 * MINUTE_MS;
/** The length of a slot of `availabilityView`, of which we want no more than there must be; a slot is not longer than the range. */
const SLOT_MINUTES = { least: 5, most: 1440 };

/**
 * [scheduleInformation](https://learn.microsoft.com/graph/api/resources/scheduleinformation). Of an item no more is read than this: for
 * one's own calendar it also says what events are about, and where.
 */
const SCHEDULES = z.object({
  value: z.array(
    z.object({
      availabilityView: z.string().nullish(),
      scheduleItems: z.array(z.object({ status: z.string().nullish(), start: GRAPH_TIME, end: GRAPH_TIME })).nullish(),
      error: z.unknown().optional(),
    }),
  ),
});

/** Whose schedule. */
export interface ScheduleOwner {
  readonly calendarId: string;
  readonly address: string;
}

/**
 * Reads the schedule of a mailbox; `undefined` where it cannot be had in this way, and the events have to be read.
 *
 * It cannot where Graph refuses the call, as it does for personal accounts, and where it says of the schedule that it is an error, such as
 * 5006 for more than 1000 entries. Never is an error read as an empty schedule.
 *
 * @see [getSchedule](https://learn.microsoft.com/graph/api/calendar-getschedule)
 */
export async function readSchedule(
  caller: GraphCaller,
  owner: ScheduleOwner,
  range: TimeRange,
): Promise<CalendarAccessOutcome<readonly FreeBusySpan[]> | undefined> {
  const spans: FreeBusySpan[] = [];
  for (const part of splitRange(range, MAX_RANGE_MS)) {
    const answer = await askForSchedule(caller, owner.address, part);
    if (isRefused(answer)) return undefined;
    const { data } = SCHEDULES.safeParse(answer.answered && answer.status === 200 ? answer.body : undefined);
    if (data === undefined) return graphFailure(WHAT, answer);
    const read = toSpans(data, owner.calendarId);
    if (read === undefined) return undefined;
    spans.push(...read);
  }
  return { outcome: 'ok', value: spans };
}

function askForSchedule(caller: GraphCaller, address: string, { fromMs, toMs }: TimeRange): Promise<Answer> {
  const minutes = Math.max(Math.floor((toMs - fromMs) / MINUTE_MS), SLOT_MINUTES.least);
  return askGraph(caller, {
    method: 'POST',
    path: '/me/calendar/getSchedule',
    body: {
      schedules: [address],
      startTime: toGraphTime(fromMs),
      // What is asked beyond a very short range is cut off again.
      endTime: toGraphTime(Math.max(toMs, fromMs + SLOT_MINUTES.least * MINUTE_MS)),
      availabilityViewInterval: Math.min(minutes, SLOT_MINUTES.most),
    },
  });
}

/** Whatever Graph refuses for good, but not what is to be tried again and not the token. */
function isRefused(answer: Answer): boolean {
  return answer.answered && graphErrorOf(answer) !== undefined && answer.status < 500 && answer.status !== 401 && answer.status !== 429;
}

function toSpans({ value }: z.infer<typeof SCHEDULES>, providerCalendarId: string): readonly FreeBusySpan[] | undefined {
  const [schedule] = value;
  if (schedule === undefined || value.length > 1 || hasError(schedule)) return undefined;
  const items = schedule.scheduleItems ?? undefined;
  if (items === undefined) return undefined;
  // Slots without items are a view that was cut down to what the caller may see.
  if (items.length === 0 && /[1-9]/.test(schedule.availabilityView ?? '')) return undefined;
  const spans: FreeBusySpan[] = [];
  for (const item of items) {
    const time = parseGraphSpan(item);
    if (time === undefined) return undefined;
    spans.push({ providerCalendarId, status: FREE_BUSY_OF.get(item.status ?? '') ?? 'unknown', time });
  }
  return spans;
}

function hasError({ error }: { error?: unknown }): boolean {
  return error !== undefined && error !== null;
}
