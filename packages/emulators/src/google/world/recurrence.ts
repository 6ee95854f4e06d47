import type { TimeZones } from '../../time-zones.ts';
import { isAllDay, type EventTime, type StoredEvent } from './events.ts';

const DAY_MS = 86_400_000;
const WEEKDAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
/** Steps of one series that are looked at, so that a rule without an end ends. */
const STEPS_MAX = 20_000;
const SUPPORTED = new Set(['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'BYDAY', 'WKST']);

interface Rule {
  readonly frequency: 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY';
  readonly interval: number;
  readonly count: number;
  readonly untilMs: number;
  readonly weekdays: readonly number[];
}

/** The time span and the zone a series is unfolded for. */
export interface ExpansionWindow {
  readonly fromMs: number;
  readonly toMs: number;
  /** The calendar's zone, for events that name none. */
  readonly timeZone: string;
}

/**
 * Says why the emulator cannot unfold these lines, or `undefined` when it can.
 * It knows `FREQ`, `INTERVAL`, `COUNT`, `UNTIL`, weekly `BYDAY`, and `EXDATE`; Google knows all of RFC 5545.
 */
export function recurrenceProblem(lines: readonly string[]): string | undefined {
  for (const line of lines) {
    if (line.startsWith('EXDATE')) continue;
    if (!line.startsWith('RRULE:')) return `the Google emulator does not know the recurrence line ${line}`;
    const parts = ruleParts(line);
    const unknown = [...parts.keys()].filter((name) => !SUPPORTED.has(name));
    if (unknown.length > 0) return `the Google emulator does not know ${unknown.join(', ')} in a recurrence rule`;
    if (!['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'].includes(parts.get('FREQ') ?? ''))
      return 'the recurrence rule has no FREQ that the Google emulator knows';
    if (
      parts.has('BYDAY') &&
      !(
        parts.get('FREQ') === 'WEEKLY' &&
        parts
          .get('BYDAY')
          ?.split(',')
          .every((day) => WEEKDAYS.includes(day))
      )
    ) {
      return 'the Google emulator knows BYDAY for weekly rules only';
    }
  }
  return undefined;
}

/** Unfolds a series into the instances that touch the window. Wall-clock time stays the same over changes of the clocks. */
export function expandSeries(series: StoredEvent, window: ExpansionWindow, zones: TimeZones): StoredEvent[] {
  const lines = series.fields.recurrence ?? [];
  const ruleLine = lines.find((line) => line.startsWith('RRULE:'));
  if (ruleLine === undefined) return [series];
  const allDay = isAllDay(series.fields);
  const timeZone = series.fields.start.timeZone ?? window.timeZone;
  const duration = series.endMs - series.startMs;
  const skipped = new Set(
    lines.filter((line) => line.startsWith('EXDATE')).flatMap((line) => line.slice(line.indexOf(':') + 1).split(',')),
  );
  const instances: StoredEvent[] = [];
  const rule = parseRule(ruleLine);
  let seen = 0;
  for (const wall of walls(zones.toWall(series.startMs, timeZone), rule)) {
    const startMs = zones.toInstant(wall, timeZone);
    if (seen >= rule.count || startMs > rule.untilMs || startMs >= window.toMs) break;
    seen += 1;
    if (startMs + duration <= window.fromMs) continue;
    const suffix = instanceSuffix(startMs, wall, allDay);
    if (skipped.has(suffix) || skipped.has(compact(wall))) continue;
    instances.push(toInstance(series, { suffix, startMs, wall, timeZone, allDay }, zones));
  }
  return instances;
}

interface Occurrence {
  readonly suffix: string;
  readonly startMs: number;
  readonly wall: number;
  readonly timeZone: string;
  readonly allDay: boolean;
}

function toInstance(series: StoredEvent, at: Occurrence, zones: TimeZones): StoredEvent {
  const { recurrence: _folded, ...fields } = series.fields;
  const time = (instantMs: number): EventTime => {
    const wall = zones.toWall(instantMs, at.timeZone);
    return at.allDay
      ? { date: new Date(wall).toISOString().slice(0, 10) }
      : { dateTime: zones.format(instantMs, at.timeZone), timeZone: at.timeZone };
  };
  const start = time(at.startMs);
  // The end is counted on the wall clock, so that a day stays a day when the clocks change.
  const endMs = zones.toInstant(at.wall + zones.toWall(series.endMs, at.timeZone) - zones.toWall(series.startMs, at.timeZone), at.timeZone);
  return {
    ...series,
    id: `${series.id}_${at.suffix}`,
    fields: { ...fields, start, end: time(endMs) },
    startMs: at.startMs,
    endMs,
    instanceOf: { eventId: series.id, originalStart: start },
  };
}

function* walls(first: number, rule: Rule): Generator<number> {
  const weekStart = first - ((new Date(first).getUTCDay() + 6) % 7) * DAY_MS;
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const distance = step * rule.interval;
    if (rule.frequency === 'WEEKLY' && rule.weekdays.length > 0) {
      for (const weekday of rule.weekdays) {
        const wall = weekStart + (distance * 7 + ((weekday + 6) % 7)) * DAY_MS;
        if (wall >= first) yield wall;
      }
    } else {
      const wall = stepFrom(first, rule.frequency, distance);
      if (wall !== undefined) yield wall;
    }
  }
}

function stepFrom(first: number, frequency: Rule['frequency'], distance: number): number | undefined {
  if (frequency === 'DAILY') return first + distance * DAY_MS;
  if (frequency === 'WEEKLY') return first + distance * 7 * DAY_MS;
  const date = new Date(first);
  const day = date.getUTCDate();
  date.setUTCMonth(date.getUTCMonth() + (frequency === 'YEARLY' ? distance * 12 : distance));
  // The 31st of a month with thirty days does not happen (RFC 5545 §3.3.10).
  return date.getUTCDate() === day ? date.getTime() : undefined;
}

function parseRule(line: string): Rule {
  const parts = ruleParts(line);
  const days = (parts.get('BYDAY') ?? '').split(',').filter((day) => day !== '');
  return {
    frequency: parts.get('FREQ') as Rule['frequency'], // checked by recurrenceProblem before it was stored
    interval: Math.max(1, Number(parts.get('INTERVAL') ?? 1)),
    count: Number(parts.get('COUNT') ?? Infinity),
    untilMs: untilMs(parts.get('UNTIL')),
    weekdays: days.map((day) => WEEKDAYS.indexOf(day)).toSorted((a, b) => ((a + 6) % 7) - ((b + 6) % 7)),
  };
}

function untilMs(text: string | undefined): number {
  const match = /^(\d{4})(\d\d)(\d\d)(T(\d\d)(\d\d)(\d\d)Z?)?$/.exec(text ?? '');
  if (match === null) return Infinity;
  const [, year, month, day, time, hour, minute, second] = match;
  if (time === undefined) return Date.parse(`${year}-${month}-${day}T23:59:59Z`);
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

function ruleParts(line: string): Map<string, string> {
  const pairs = line
    .slice('RRULE:'.length)
    .split(';')
    .map((part) => part.split('='));
  return new Map(pairs.map(([name, value]) => [name ?? '', value ?? '']));
}

function instanceSuffix(startMs: number, wall: number, allDay: boolean): string {
  return allDay ? compact(wall).slice(0, 8) : `${compact(startMs)}Z`;
}

function compact(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, '');
}
