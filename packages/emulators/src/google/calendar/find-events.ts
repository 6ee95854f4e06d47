import type { StoredEvent } from '../world/events.ts';
import { expandSeries } from '../world/recurrence.ts';
import type { TimeZones } from '../../time-zones.ts';
import type { GoogleCalendar } from '../world/world.ts';

/** Unfolding a series without an end stops this far ahead when the caller names no `timeMax`. */
const HORIZON_MS = 2 * 365 * 86_400_000;

/** A span of time, open where a bound is absent. */
export interface Span {
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
}

/** What is to be unfolded. */
export interface Unfolding {
  readonly calendar: GoogleCalendar;
  readonly span: Span;
  readonly zones: TimeZones;
  readonly nowMs: number;
}

/** Returns the single events and the instances of series that touch the span. Changed instances stand in for the ones they change. */
export function unfoldEvents(unfolding: Unfolding): StoredEvent[] {
  const { calendar, span } = unfolding;
  return [...calendar.events.values()].flatMap((event) => {
    if (event.fields.recurrence === undefined) return touches(event, span) ? [event] : [];
    if (event.fields.status === 'cancelled') return [];
    return unfoldSeries(event, unfolding).filter((instance) => !calendar.events.has(instance.id));
  });
}

/** Returns the instances of one series that touch the span, as the series has them. */
export function unfoldSeries(series: StoredEvent, { calendar, span, zones, nowMs }: Unfolding): StoredEvent[] {
  const fromMs = span.fromMs ?? -Infinity;
  const toMs = span.toMs ?? Math.max(nowMs, series.startMs) + HORIZON_MS;
  return expandSeries(series, { fromMs, toMs, timeZone: calendar.timeZone }, zones);
}

/** Finds an event by its id, or the instance that `seriesId_20261123T083000Z` means. */
export function findEvent(calendar: GoogleCalendar, id: string, { zones }: Pick<Unfolding, 'zones'>): StoredEvent | undefined {
  const stored = calendar.events.get(id);
  if (stored !== undefined) return stored;
  const match = /^(.+)_(\d{4})(\d\d)(\d\d)(T\d{6}Z)?$/.exec(id);
  const series = calendar.events.get(match?.[1] ?? '');
  if (match === null || series?.fields.recurrence === undefined) return undefined;
  const dayMs = Date.UTC(Number(match[2]), Number(match[3]) - 1, Number(match[4]));
  const window = { fromMs: dayMs - 86_400_000, toMs: dayMs + 2 * 86_400_000, timeZone: calendar.timeZone };
  return expandSeries(series, window, zones).find((instance) => instance.id === id);
}

/** Says whether an event lies in the span; both bounds are exclusive. */
export function touches(event: StoredEvent, { fromMs, toMs }: Span): boolean {
  return (fromMs === undefined || event.endMs > fromMs) && (toMs === undefined || event.startMs < toMs);
}
