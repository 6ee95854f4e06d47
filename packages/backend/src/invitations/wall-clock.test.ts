import { describe, expect, it } from 'vitest';
import { BARE, instantOf, readInvitation } from './invitation-fixtures.contract.ts';
import { writeInvitation } from './invitation.ts';
import { defineZone } from './wall-clock.ts';

/** With and without daylight saving, in both hemispheres, by half hours, with rules that changed lately, and by an old name. */
const ZONES = [
  'Europe/Berlin',
  'Europe/Dublin',
  'Europe/Kyiv',
  'America/New_York',
  'America/Vancouver',
  'America/Santiago',
  'America/St_Johns',
  'Asia/Calcutta',
  'Asia/Tehran',
  'Asia/Gaza',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
  'Pacific/Apia',
];

const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;

/** Every fifth day at another hour, and each half hour of the days on which clocks change. */
function instantsToTry(timeZone: string): readonly number[] {
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone, timeStyle: 'medium' });
  const instants: number[] = [];
  for (let dayMs = Date.UTC(2026, 0, 1); dayMs < Date.UTC(2027, 0, 1); dayMs += DAY_MS) {
    if ((dayMs / DAY_MS) % 5 === 0) instants.push(dayMs + ((dayMs / DAY_MS) % 24) * HOUR_MS);
    const isChanged = clock.format(dayMs) !== clock.format(dayMs + DAY_MS);
    for (let half = 0; half < (isChanged ? 48 : 0); half += 1) instants.push(dayMs + (half * HOUR_MS) / 2);
  }
  return instants;
}

describe('the time of an invitation', () => {
  it.each(ZONES)('in %s is read as the instant that was meant, through a year and whenever clocks change', (timeZone) => {
    const instants = instantsToTry(timeZone);
    const read = instants.map((startMs) => {
      const time = { allDay: false as const, startMs, endMs: startMs + HOUR_MS };
      const { event } = readInvitation(writeInvitation('REQUEST', { ...BARE, timeZone, time }));
      return [instantOf(event, 'dtstart'), instantOf(event, 'dtend')];
    });
    expect(read).toEqual(instants.map((startMs) => [startMs, startMs + HOUR_MS]));
  });

  it.each([
    ['before', Date.UTC(2026, 9, 24, 23, 30), ['dtstart', { tzid: 'Europe/Berlin' }, 'date-time', '2026-10-25T01:30:00']],
    ['in the first of', Date.UTC(2026, 9, 25, 0, 30), ['dtstart', {}, 'date-time', '2026-10-25T00:30:00Z']],
    ['in the second of', Date.UTC(2026, 9, 25, 1, 30), ['dtstart', {}, 'date-time', '2026-10-25T01:30:00Z']],
    ['after', Date.UTC(2026, 9, 25, 2, 30), ['dtstart', { tzid: 'Europe/Berlin' }, 'date-time', '2026-10-25T03:30:00']],
  ])('%s the two hours that clocks show as one is in UTC where the clock would not tell', (_where, startMs, expected) => {
    const time = { allDay: false as const, startMs, endMs: startMs + 4 * HOUR_MS };
    const { event } = readInvitation(writeInvitation('REQUEST', { ...BARE, timeZone: 'Europe/Berlin', time }));
    expect(event.getFirstProperty('dtstart')?.toJSON()).toEqual(expected);
  });
});

describe('a zone', () => {
  it('is called what its definition is called', () => {
    const zone = defineZone('Asia/Calcutta');
    expect(zone?.tzid).toBe('Asia/Kolkata');
    expect(zone?.vtimezone).toContain('TZID:Asia/Kolkata');
  });

  it.each(['UTC', 'Etc/UTC', 'GMT', undefined, 'Europe', 'nowhere'])('called %s needs no definition, or has none', (name) => {
    expect(defineZone(name)).toBeUndefined();
  });
});
