import type { TimeSpan } from '../calendar-reader.ts';
import { ianaZoneOf, windowsZones } from '../windows-zones.ts';

const DAY_MS = 86_400_000;

/** An instant as Exchange writes it, in UTC because no other zone was asked for; `undefined` for a wall clock of nobody knows whose. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** Reads an instant. */
export function parseInstant(text: string | undefined): number | undefined {
  if (text === undefined || !INSTANT.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

/**
 * When an item is. Whole days are written as the instants at which they begin and end, so their dates are those of the zone they were made
 * in; where it cannot be named, the instants are all that is known.
 */
export function toTimeSpan({ startMs, endMs }: { startMs: number; endMs: number }, zone: string | undefined): TimeSpan {
  const [startDate, endDate] = zone === undefined ? [] : [dateAtMidnight(startMs, zone), dateAtMidnight(endMs, zone)];
  if (startDate === undefined || endDate === undefined || startDate >= endDate) return { allDay: false, startMs, endMs };
  return { allDay: true, startDate, endDate };
}

/** The IANA zone of a zone's id in Exchange, which is its name in Windows. */
export function zoneOfId(id: string | undefined): string | undefined {
  return id === undefined ? undefined : ianaZoneOf(id);
}

/** When something is to be, as Exchange takes it: instants, and the Windows name of the zone to show them in. */
export interface EwsTimes {
  readonly start: string;
  readonly end: string;
  readonly allDay: boolean;
  readonly zoneId: string;
}

/** Writes when something is to be. A zone that Windows has no name for, nor one with the same clocks, is UTC: the moment is the same. */
export function toEwsTimes(time: TimeSpan, timeZone = 'UTC'): EwsTimes {
  const startMs = time.allDay ? Date.parse(time.startDate) : time.startMs;
  const zoneId = windowsZoneOf(timeZone, startMs) ?? 'UTC';
  if (!time.allDay) return { start: write(time.startMs), end: write(time.endMs), allDay: false, zoneId };
  const zone = zoneId === 'UTC' ? 'UTC' : timeZone;
  return { start: write(midnightOf(time.startDate, zone)), end: write(midnightOf(time.endDate, zone)), allDay: true, zoneId };
}

/** The Windows zone of a name, or one whose clocks show the same all year. */
function windowsZoneOf(timeZone: string, aroundMs: number): string | undefined {
  const zones = windowsZones();
  const own = zones.find(([windows, iana]) => windows === timeZone || iana === timeZone)?.[0];
  if (own !== undefined || ianaZoneOf(timeZone) === undefined) return own;
  const samples = Array.from({ length: 24 }, (_, half) => aroundMs + half * 15 * DAY_MS);
  const offsets = (zone: string): string => samples.map((ms) => offsetOf(ms, zone)).join();
  const wanted = offsets(timeZone);
  return zones.find(([, iana]) => offsetOf(aroundMs, iana) === offsetOf(aroundMs, timeZone) && offsets(iana) === wanted)?.[0];
}

function midnightOf(date: string, zone: string): number {
  const wallMs = Date.parse(date);
  const guess = wallMs - offsetOf(wallMs, zone);
  // The second look settles days on which the clocks change.
  return wallMs - offsetOf(guess, zone);
}

/** The date that begins at an instant; `undefined` where none does. */
function dateAtMidnight(ms: number, zone: string): string | undefined {
  const wallMs = ms + offsetOf(ms, zone);
  return wallMs % DAY_MS === 0 ? new Date(wallMs).toISOString().slice(0, 10) : undefined;
}

/** How far the clocks of a zone are ahead of UTC. */
function offsetOf(ms: number, zone: string): number {
  const whole = Math.floor(ms / 1000) * 1000;
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  return Date.parse(`${format.format(whole).replace(' ', 'T')}Z`) - whole;
}

function write(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
