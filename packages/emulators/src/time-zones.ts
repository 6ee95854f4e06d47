/** A wall-clock reading, as the milliseconds it would be if the clock stood in UTC. */
type WallMs = number;

const QUARTER_HOUR_MS = 900_000;
const OFFSETS_KEPT = 50_000;

/** Turns instants into wall clocks of time zones and back. */
export interface TimeZones {
  /** Writes an instant as RFC 3339 with the zone's offset; `Z` for UTC. */
  readonly format: (instantMs: number, timeZone: string) => string;
  /** Says whether this is a zone of the IANA database. */
  readonly has: (timeZone: string) => boolean;
  readonly toWall: (instantMs: number, timeZone: string) => WallMs;
  readonly toInstant: (wallMs: WallMs, timeZone: string) => number;
}

/** Reads an RFC 3339 time that states its offset, as Google demands; `undefined` for anything else. */
export function parseRfc3339(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i.test(text)) return undefined;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? undefined : instant;
}

/** Creates the converter. Offsets are remembered by quarter of an hour, since asking the platform is slow. */
export function createTimeZones(): TimeZones {
  // Remembered, since making one costs some 50 µs and as many kilobytes.
  const formats = new Map<string, Intl.DateTimeFormat>();
  const offsets = new Map<string, number>();

  const offsetAt = (instantMs: number, timeZone: string): number => {
    if (timeZone === 'UTC') return 0;
    const quarter = Math.floor(instantMs / QUARTER_HOUR_MS);
    const key = `${timeZone} ${quarter}`;
    const known = offsets.get(key);
    if (known !== undefined) return known;
    const offset = readOffset(formatFor(formats, timeZone), quarter * QUARTER_HOUR_MS);
    if (offsets.size >= OFFSETS_KEPT) offsets.clear();
    offsets.set(key, offset);
    return offset;
  };
  const toWall = (instantMs: number, timeZone: string): WallMs => instantMs + offsetAt(instantMs, timeZone);

  return {
    has: (timeZone) => {
      try {
        formatFor(formats, timeZone);
        return true;
      } catch {
        return false;
      }
    },
    toWall,
    toInstant: (wallMs, timeZone) => {
      const guess = wallMs - offsetAt(wallMs, timeZone);
      // The second look settles readings near a change of the clocks; one that does not exist moves forward.
      return wallMs - offsetAt(guess, timeZone);
    },
    format: (instantMs, timeZone) => {
      const offset = offsetAt(instantMs, timeZone);
      const wall = new Date(instantMs + offset).toISOString().slice(0, 19);
      return `${wall}${offset === 0 && timeZone === 'UTC' ? 'Z' : offsetText(offset)}`;
    },
  };
}

function formatFor(formats: Map<string, Intl.DateTimeFormat>, timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  formats.set(timeZone, format);
  return format;
}

function readOffset(format: Intl.DateTimeFormat, instantMs: number): number {
  const name = format.formatToParts(instantMs).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  const match = /GMT([+-])(\d\d):(\d\d)/.exec(name);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return (match[1] === '-' ? -minutes : minutes) * 60_000;
}

function offsetText(offsetMs: number): string {
  const minutes = Math.abs(offsetMs) / 60_000;
  const hours = String(Math.floor(minutes / 60)).padStart(2, '0');
  return `${offsetMs < 0 ? '-' : '+'}${hours}:${String(minutes % 60).padStart(2, '0')}`;
}
