import { describe, expect, it } from 'vitest';
import type { TimeSpan } from '../providers/calendar-reader.ts';
import { whenInWords } from './when.ts';

const HOUR: TimeSpan = { allDay: false, startMs: Date.UTC(2026, 10, 19, 9), endMs: Date.UTC(2026, 10, 19, 10) };
const OVER_NIGHT: TimeSpan = { allDay: false, startMs: Date.UTC(2026, 9, 24, 20), endMs: Date.UTC(2026, 9, 25, 8) };

/** Which dashes and spaces stand between is the libraries’ affair. */
function words(time: TimeSpan, tag: string, timeZone?: string): string {
  return whenInWords(time, { tag, timeZone })
    .replace(/\s*–\s*/g, '–')
    .replace(/\s/g, ' ');
}

describe('when something is', () => {
  it.each([
    ['en', 'Thursday, November 19, 2026, 10:00–11:00 AM (Central European Time)'],
    ['en-GB', 'Thursday, 19 November 2026, 10:00–11:00 (Central European Time)'],
    ['de', 'Donnerstag, 19. November 2026, 10:00–11:00 Uhr (Mitteleuropäische Zeit)'],
    ['fr', 'jeudi 19 novembre 2026, 10:00–11:00 (heure d’Europe centrale)'],
    ['nl', 'donderdag 19 november 2026, 10:00–11:00 (Midden-Europese tijd)'],
  ])('is said in the words of %s, with start, end and zone', (tag, expected) => expect(words(HOUR, tag, 'Europe/Berlin')).toBe(expected));

  it('is said with both days where it passes midnight, and with a zone that is right for both sides of a change of clocks', () => {
    const said = words(OVER_NIGHT, 'en-GB', 'Europe/Berlin');
    expect(said).toMatch(/Saturday, 24 October 2026.* 22:00–Sunday, 25 October 2026.* 09:00 \(Central European Time\)$/);
  });

  it.each([undefined, 'UTC', 'Europe/Nowhere', '\r\n'])('is said in UTC where the zone is %j', (timeZone) => {
    expect(words(HOUR, 'en-GB', timeZone)).toBe('Thursday, 19 November 2026, 09:00–10:00 (UTC)');
  });

  it('is said as days where it is whole days, the last of them included', () => {
    expect(words({ allDay: true, startDate: '2026-11-19', endDate: '2026-11-20' }, 'en-GB', 'Asia/Tokyo')).toMatch(
      /^Thursday,? 19 November 2026$/,
    );
    expect(words({ allDay: true, startDate: '2026-11-19', endDate: '2026-11-22' }, 'en-GB')).toMatch(
      /^Thursday,? 19( November)?–Saturday,? 21 November 2026$/,
    );
  });
});
