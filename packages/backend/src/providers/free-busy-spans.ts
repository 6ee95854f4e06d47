import type { FreeBusySpan, TimeRange, TimeSpan } from './calendar-reader.ts';

/** A range that may be asked for. @throws RangeError where its end is not after its start */
export function checkRange({ fromMs, toMs }: TimeRange): void {
  if (Number.isFinite(fromMs) && Number.isFinite(toMs) && fromMs < toMs) return;
  throw new RangeError('toMs: expected milliseconds since 1970 after fromMs, received none or earlier ones');
}

/** Parts of a range, none longer than `mostMs`, for providers that answer for so long only. */
export function splitRange({ fromMs, toMs }: TimeRange, mostMs: number): readonly TimeRange[] {
  const count = Math.ceil((toMs - fromMs) / mostMs);
  return Array.from({ length: count }, (_, part) => ({
    fromMs: fromMs + part * mostMs,
    toMs: Math.min(fromMs + (part + 1) * mostMs, toMs),
  }));
}

/**
 * Cuts spans to the range and joins those that overlap or touch, by calendar and status. How many meetings a busy morning is made of is
 * nobody's business, and a range that was asked for in parts has spans cut in two.
 */
export function mergeSpans(spans: Iterable<FreeBusySpan>, range: TimeRange): readonly FreeBusySpan[] {
  const merged: FreeBusySpan[] = [];
  for (const alike of groupSpans(spans, range).values()) merged.push(...joinTouching(alike));
  return merged.toSorted((a, b) => boundsOf(a.time).fromMs - boundsOf(b.time).fromMs);
}

function groupSpans(spans: Iterable<FreeBusySpan>, range: TimeRange): ReadonlyMap<string, FreeBusySpan[]> {
  const groups = new Map<string, FreeBusySpan[]>();
  for (const span of spans) {
    const time = cut(span.time, range);
    if (time === undefined) continue;
    const key = JSON.stringify([span.providerCalendarId, span.status, time.allDay]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [{ ...span, time }]);
    else group.push({ ...span, time });
  }
  return groups;
}

/** Whole days are left whole: which part of them is in the range, only their reader's zone can say. */
function cut(time: TimeSpan, { fromMs, toMs }: TimeRange): TimeSpan | undefined {
  if (time.allDay) return time;
  const startMs = Math.max(time.startMs, fromMs);
  const endMs = Math.min(time.endMs, toMs);
  return startMs < endMs ? { allDay: false, startMs, endMs } : undefined;
}

function joinTouching(alike: readonly FreeBusySpan[]): FreeBusySpan[] {
  const joined: FreeBusySpan[] = [];
  for (const span of alike.toSorted((a, b) => boundsOf(a.time).fromMs - boundsOf(b.time).fromMs)) {
    const last = joined.at(-1);
    if (last === undefined || boundsOf(span.time).fromMs > boundsOf(last.time).toMs) joined.push(span);
    else joined[joined.length - 1] = { ...last, time: extend(last.time, span.time) };
  }
  return joined;
}

function extend(first: TimeSpan, second: TimeSpan): TimeSpan {
  if (boundsOf(second).toMs <= boundsOf(first).toMs) return first;
  if (first.allDay && second.allDay) return { ...first, endDate: second.endDate };
  return !first.allDay && !second.allDay ? { ...first, endMs: second.endMs } : first;
}

/** Dates are compared as if all were in one zone. */
function boundsOf(time: TimeSpan): TimeRange {
  return time.allDay ? { fromMs: Date.parse(time.startDate), toMs: Date.parse(time.endDate) } : { fromMs: time.startMs, toMs: time.endMs };
}
