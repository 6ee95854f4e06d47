import { describe, expect, it } from 'vitest';
import { addDays, dateAt, instantOf, isDate, isTimeZone, localTime, monthsOf, rangeOfDays } from './local-time.ts';

const at = (text: string): number => Date.parse(text);

describe('the instant that clocks show', () => {
  it.each([
    ['Etc/UTC', '2026-03-02T09:00:00', '2026-03-02T09:00:00Z'],
    ['Europe/Berlin', '2026-03-02T00:00:00', '2026-03-01T23:00:00Z'],
    ['Europe/Berlin', '2026-07-02T00:00:00', '2026-07-01T22:00:00Z'],
    ['America/New_York', '2026-03-08T12:00:00', '2026-03-08T16:00:00Z'],
    ['Pacific/Kiritimati', '2026-03-02T00:00:00', '2026-03-01T10:00:00Z'],
    ['Asia/Kolkata', '2026-03-02T00:00:00', '2026-03-01T18:30:00Z'],
    // An hour that passes twice: the first of the two.
    ['Europe/Berlin', '2026-10-25T02:30:00', '2026-10-25T00:30:00Z'],
    // An hour that is skipped: read by the clocks of before.
    ['Europe/Berlin', '2026-03-29T02:30:00', '2026-03-29T01:30:00Z'],
    // A zone whose day begins at one o'clock when clocks are set forward.
    ['America/Asuncion', '2023-10-01T00:00:00', '2023-10-01T04:00:00Z'],
  ])('in %s at %s is %s', (zone, clock, instant) => {
    expect(new Date(instantOf(clock, zone)).toISOString()).toBe(new Date(instant).toISOString());
  });

  it('makes days of 23 and 25 hours where clocks are set', () => {
    const hours = (from: string, to: string): number => {
      const { fromMs, toMs } = rangeOfDays({ from, to }, 'Europe/Berlin');
      return (toMs - fromMs) / 3_600_000;
    };
    expect([hours('2026-03-29', '2026-03-30'), hours('2026-10-25', '2026-10-26')]).toEqual([23, 25]);
  });
});

describe('what partners read', () => {
  it('is local time with its offset, and Z where there is none', () => {
    expect(localTime(at('2026-03-02T09:00:00Z'), 'Europe/Berlin')).toBe('2026-03-02T10:00:00+01:00');
    expect(localTime(at('2026-03-02T09:00:00Z'), 'America/St_Johns')).toBe('2026-03-02T05:30:00-03:30');
    expect(localTime(at('2026-03-02T09:00:00Z'), 'Etc/UTC')).toBe('2026-03-02T09:00:00Z');
  });

  it('is the day of the zone', () => {
    expect(dateAt(at('2026-03-02T23:30:00Z'), 'Europe/Berlin')).toBe('2026-03-03');
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
  });
});

it.each(['Europe/Berlin', 'Etc/UTC', 'UTC', 'America/Argentina/Buenos_Aires'])('%s is a time zone', (zone) => {
  expect(isTimeZone(zone)).toBe(true);
});

it.each(['', '+01:00', 'Europe/Atlantis', 'Europe/Berlin ', '../etc'])('%j is none', (zone) => {
  expect(isTimeZone(zone)).toBe(false);
});

it('knows the days of the calendar', () => {
  expect(['2026-02-28', '2024-02-29'].every(isDate)).toBe(true);
  expect(['2026-02-30', '2026-2-3', '2026-02-28T00:00:00Z', '', '1970-01-01', '9999-12-31'].some(isDate)).toBe(false);
});

it('finds an event by its months also where another zone is in the next month already', () => {
  const event = monthsOf({ fromMs: at('2026-03-31T23:00:00Z'), toMs: at('2026-03-31T23:30:00Z') });
  expect(event).toEqual({ firstMonth: 2026 * 12 + 2, lastMonth: 2026 * 12 + 3 });
});
