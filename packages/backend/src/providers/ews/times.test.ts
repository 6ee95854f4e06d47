import { describe, expect, it } from 'vitest';
import { parseInstant, toEwsTimes, toTimeSpan } from './times.ts';

describe('times at Exchange', () => {
  it.each([
    ['2026-11-23T09:00:00Z', Date.UTC(2026, 10, 23, 9)],
    ['2026-11-23T10:00:00.5+01:00', Date.UTC(2026, 10, 23, 9, 0, 0, 500)],
    ['2026-11-23T09:00:00', undefined],
    ['2026-11-31T09:00:99Z', undefined],
    ['yesterday', undefined],
    [undefined, undefined],
  ])('are read only where they say their zone: %s', (text, ms) => {
    expect(parseInstant(text)).toBe(ms);
  });

  it.each([
    ['Europe/Berlin', 'W. Europe Standard Time'],
    ['Europe/Madrid', 'W. Europe Standard Time'],
    ['Asia/Calcutta', 'India Standard Time'],
    ['W. Europe Standard Time', 'W. Europe Standard Time'],
    ['UTC', 'UTC'],
    ['Antarctica/Troll', 'UTC'],
    ['Mars/Olympus', 'UTC'],
  ])('are shown in the zone %s by its name in Windows, or one with the same clocks', (timeZone, zoneId) => {
    const { start, ...times } = toEwsTimes({ allDay: false, startMs: Date.UTC(2026, 2, 1), endMs: Date.UTC(2026, 2, 2) }, timeZone);
    expect(start).toBe('2026-03-01T00:00:00Z');
    expect(times.zoneId).toBe(zoneId);
  });

  it.each([
    ['Europe/Berlin', '2026-03-29', '2026-03-30', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
    ['America/New_York', '2026-11-01', '2026-11-02', '2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z'],
    ['Pacific/Auckland', '2026-12-24', '2026-12-26', '2026-12-23T11:00:00Z', '2026-12-25T11:00:00Z'],
    ['Mars/Olympus', '2026-12-24', '2026-12-26', '2026-12-24T00:00:00Z', '2026-12-26T00:00:00Z'],
    [undefined, '2026-12-24', '2026-12-26', '2026-12-24T00:00:00Z', '2026-12-26T00:00:00Z'],
  ])('of whole days in %s begin and end at its midnights, also where its clocks change', (timeZone, startDate, endDate, start, end) => {
    expect(toEwsTimes({ allDay: true, startDate, endDate }, timeZone)).toMatchObject({ start, end, allDay: true });
    const read = toTimeSpan(
      { startMs: Date.parse(start), endMs: Date.parse(end) },
      timeZone === 'Mars/Olympus' ? 'UTC' : (timeZone ?? 'UTC'),
    );
    expect(read).toEqual({ allDay: true, startDate, endDate });
  });

  it('of whole days in a zone that cannot be named, or that do not begin at its midnight, stay instants', () => {
    const span = { startMs: Date.UTC(2026, 10, 22, 23), endMs: Date.UTC(2026, 10, 23, 23) };
    for (const zone of [undefined, 'UTC']) expect(toTimeSpan(span, zone)).toEqual({ allDay: false, ...span });
  });
});
