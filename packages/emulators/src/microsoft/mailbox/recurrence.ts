import type { TimeZones } from '../../time-zones.ts';
import type { PatternedRecurrence, StoredEvent } from './events.ts';
import { ianaZone } from './zone-names.ts';

const DAY_MS = 86_400_000;
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
/** Days of one series that are looked at, so that a series without an end ends. */
const DAYS_MOST = 20_000;

/** A span of time: an event is in it that ends after its start and begins before its end. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Unfolds a series into the occurrences that touch the span. The wall clock stays the same over changes of the clocks. */
export function expandSeries(series: StoredEvent, span: Span, zones: TimeZones): StoredEvent[] {
  const { recurrence, start } = series.fields;
  if (recurrence === undefined) return [series];
  const zone = ianaZone(start.timeZone, zones) ?? 'UTC';
  const duration = series.endMs - series.startMs;
  const firstWall = zones.toWall(series.startMs, zone);
  const lastWall = recurrence.range.type === 'endDate' ? Date.parse(`${recurrence.range.endDate}T23:59:59Z`) : Infinity;
  const most = recurrence.range.type === 'numbered' ? (recurrence.range.numberOfOccurrences ?? 1) : Infinity;
  const found: StoredEvent[] = [];
  let seen = 0;
  for (let day = 0; day < DAYS_MOST; day += 1) {
    const wall = firstWall + day * DAY_MS;
    const startMs = zones.toInstant(wall, zone);
    if (wall > lastWall || seen >= most || startMs >= span.toMs) break;
    if (!occursOn(day, { firstWall, pattern: recurrence.pattern })) continue;
    seen += 1;
    if (startMs + duration > span.fromMs) found.push(toOccurrence(series, { startMs, wall }));
  }
  return found;
}

/** Says whether an event lies in the span. */
export function touches({ startMs, endMs }: Pick<StoredEvent, 'startMs' | 'endMs'>, { fromMs, toMs }: Span): boolean {
  return endMs > fromMs && startMs < toMs;
}

function occursOn(day: number, { firstWall, pattern }: { firstWall: number; pattern: PatternedRecurrence['pattern'] }): boolean {
  const date = new Date(firstWall + day * DAY_MS);
  switch (pattern.type) {
    case 'daily':
      return day % pattern.interval === 0;
    case 'weekly': {
      // Weeks begin on Sunday, the default of firstDayOfWeek.
      const weeks = Math.floor((day + new Date(firstWall).getUTCDay()) / 7);
      const wanted = pattern.daysOfWeek ?? [WEEKDAYS[new Date(firstWall).getUTCDay()]];
      return weeks % pattern.interval === 0 && wanted.includes(WEEKDAYS[date.getUTCDay()] ?? '');
    }
    case 'absoluteMonthly': {
      const first = new Date(firstWall);
      const months = (date.getUTCFullYear() - first.getUTCFullYear()) * 12 + date.getUTCMonth() - first.getUTCMonth();
      return months % pattern.interval === 0 && date.getUTCDate() === (pattern.dayOfMonth ?? first.getUTCDate());
    }
  }
}

/** Each occurrence has an `iCalUId` of its own in v1.0; what holds a series together is `seriesMasterId`. */
function toOccurrence(series: StoredEvent, { startMs, wall }: { startMs: number; wall: number }): StoredEvent {
  const date = new Date(wall).toISOString().slice(0, 10).replaceAll('-', '');
  const { recurrence: _recurrence, ...fields } = series.fields;
  return {
    ...series,
    id: `${series.id}.${date}`,
    fields,
    startMs,
    endMs: startMs + series.endMs - series.startMs,
    iCalUId: `${series.iCalUId}${date}`,
    seriesMasterId: series.id,
  };
}
