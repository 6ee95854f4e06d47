import { tzlib_get_ical_block, tzlib_get_offset, tzlib_get_timezones } from 'timezones-ical-library';

/** A zone, and the definition of it that an invitation carries. */
export interface DefinedZone {
  /** As the definition calls it, which is not always as it was asked for: `Asia/Kolkata` for `Asia/Calcutta`. */
  readonly tzid: string;
  /** A VTIMEZONE. It holds the rules of today and not those of the past. */
  readonly vtimezone: string;
}

/** What the clocks of a zone show. */
export interface WallClock {
  /** `20261119` */
  readonly date: string;
  /** `100000` */
  readonly time: string;
}

const MINUTE_MS = 60_000;
/** By how much clocks are set back anywhere. */
const SET_BACK_MS = [30, 60, 120].map((minutes) => minutes * MINUTE_MS);
const ZONES: ReadonlySet<string> = new Set(tzlib_get_timezones());

/** Finds the definition of an IANA zone; `undefined` for UTC, which needs none, and for what is no zone. */
export function defineZone(timeZone: string | undefined): DefinedZone | undefined {
  // Asked for a zone that it does not know, the library writes to the console.
  if (timeZone === undefined || !ZONES.has(timeZone)) return undefined;
  const [vtimezone = '', parameter = ''] = tzlib_get_ical_block(timeZone);
  const tzid = parameter.slice('TZID='.length);
  return vtimezone === '' || /^Etc\/(?:UTC|GMT|UCT)$/.test(tzid) ? undefined : { tzid, vtimezone };
}

/**
 * Reads the clocks of a zone at an instant; `undefined` where those who read it back could come to another instant. That is so in the hour
 * that passes twice when clocks are set back ([RFC 5545 §3.3.5](https://www.rfc-editor.org/rfc/rfc5545#section-3.3.5) makes it the first,
 * and not every calendar does), and where this process and the definition know different rules, as when a country has just changed its
 * own: some calendars go by the definition and some by the zone's name.
 */
export function wallClockOf(instantMs: number, { tzid }: DefinedZone): WallClock | undefined {
  // Swedish is written as ISO 8601 is.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: tzid, dateStyle: 'short', timeStyle: 'medium' });
  const clock = format.format(instantMs);
  const isTwice = SET_BACK_MS.some((backMs) =>
    [instantMs - backMs, instantMs + backMs].some((otherMs) => format.format(otherMs) === clock),
  );
  const [date = '', time = ''] = clock.split(' ');
  const [, sign, hours, minutes] = /^([+-])(\d\d)(\d\d)$/.exec(tzlib_get_offset(tzid, date, time.slice(0, 5))) ?? [];
  const offsetMs = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
  const readBackMs = Date.parse(`${date}T${time}Z`) - offsetMs;
  if (isTwice || readBackMs !== Math.floor(instantMs / 1000) * 1000) return undefined;
  return { date: date.replaceAll('-', ''), time: time.replaceAll(':', '') };
}
