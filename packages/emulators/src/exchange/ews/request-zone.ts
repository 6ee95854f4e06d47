import { childOf, type XmlElement } from '../../ews-operations/read-xml.ts';
import { EwsFault, invalidSchema } from '../../ews-operations/soap.ts';
import { ianaZone } from '../../microsoft/mailbox/zone-names.ts';
import type { TimeZones } from '../../time-zones.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** A zone's wall clock, read as milliseconds as if it stood in UTC. */
export interface WallClock {
  readonly toWall: (instantMs: number) => number;
  readonly toInstant: (wallMs: number) => number;
}

/** When a part of the year begins. `dayOrder` 5 is the month's last. */
interface Change {
  readonly biasMinutes: number;
  readonly timeMs: number;
  readonly dayOrder: number;
  readonly month: number;
  readonly weekday: number;
}

/**
 * Reads the zone that a request for availability is in, a `TimeZone` of rules. Since 2010 a `TimeZoneContext` in the header does as well.
 *
 * @throws EwsFault where there is none
 * @see {@link https://learn.microsoft.com/exchange/client-developer/web-service-reference/timezone-availability}
 */
export function readRequestZone(
  { request, header, isOf2007 }: { readonly request: XmlElement; readonly header: XmlElement | undefined; readonly isOf2007: boolean },
  zones: TimeZones,
): WallClock {
  const rules = childOf(request, 'TimeZone');
  if (rules !== undefined) return clockOfRules(rules);
  if (isOf2007) throw invalidSchema("the element 'GetUserAvailabilityRequest' has an invalid child element; expected is 'TimeZone'");
  const id = childOf(childOf(header, 'TimeZoneContext'), 'TimeZoneDefinition')?.attributes.get('Id');
  const zone = id === undefined ? undefined : ianaZone(id, zones);
  if (zone === undefined) throw new EwsFault('ErrorTimeZone', 'The request does not say its time zone, or says one that is not known.');
  return { toWall: (ms) => zones.toWall(ms, zone), toInstant: (ms) => zones.toInstant(ms, zone) };
}

function clockOfRules(rules: XmlElement): WallClock {
  const biasMinutes = numberOf(rules, 'Bias');
  const standard = readChange(childOf(rules, 'StandardTime'), 'StandardTime');
  const daylight = readChange(childOf(rules, 'DaylightTime'), 'DaylightTime');
  const offsetAt = (instantMs: number): number => {
    const year = new Date(instantMs - biasMinutes * MINUTE_MS).getUTCFullYear();
    // Each change is told by the clock that it ends.
    const toDaylight = changeIn(year, daylight) + (biasMinutes + standard.biasMinutes) * MINUTE_MS;
    const toStandard = changeIn(year, standard) + (biasMinutes + daylight.biasMinutes) * MINUTE_MS;
    const isBetween = (from: number, to: number): boolean => instantMs >= from && instantMs < to;
    const isDaylight =
      daylight.month !== 0 &&
      standard.month !== 0 &&
      (toDaylight < toStandard ? isBetween(toDaylight, toStandard) : !isBetween(toStandard, toDaylight));
    return -(biasMinutes + (isDaylight ? daylight : standard).biasMinutes) * MINUTE_MS;
  };
  return {
    toWall: (instantMs) => instantMs + offsetAt(instantMs),
    toInstant: (wallMs) => wallMs - offsetAt(wallMs - offsetAt(wallMs)),
  };
}

function readChange(change: XmlElement | undefined, name: string): Change {
  if (change === undefined) throw invalidSchema(`the element 'TimeZone' has incomplete content; expected is '${name}'`);
  const time = /^(\d\d):(\d\d):(\d\d)/.exec(childOf(change, 'Time')?.text ?? '');
  const weekday = WEEKDAYS.indexOf(childOf(change, 'DayOfWeek')?.text ?? '');
  if (time === null || weekday < 0) throw invalidSchema(`the element '${name}' is incomplete`);
  const [hours = 0, minutes = 0, seconds = 0] = time.slice(1).map(Number);
  return {
    biasMinutes: numberOf(change, 'Bias'),
    timeMs: ((hours * 60 + minutes) * 60 + seconds) * 1000,
    dayOrder: numberOf(change, 'DayOrder'),
    month: numberOf(change, 'Month'),
    weekday,
  };
}

/** The wall clock at which a change happens in a year. */
function changeIn(year: number, { month, dayOrder, weekday, timeMs }: Change): number {
  const first = Date.UTC(year, month - 1, 1);
  const firstFit = first + ((weekday - new Date(first).getUTCDay() + 7) % 7) * DAY_MS;
  const wanted = firstFit + (dayOrder - 1) * 7 * DAY_MS;
  return (wanted < Date.UTC(year, month, 1) ? wanted : wanted - 7 * DAY_MS) + timeMs;
}

function numberOf(element: XmlElement, name: string): number {
  const value = Number(childOf(element, name)?.text ?? NaN);
  if (!Number.isInteger(value)) throw invalidSchema(`the element '${name}' has an invalid value`);
  return value;
}
