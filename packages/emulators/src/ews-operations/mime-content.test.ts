import { describe, expect, test } from 'vitest';
import type { EventFields, StoredEvent } from '../microsoft/mailbox/events.ts';
import { createTimeZones } from '../time-zones.ts';
import { writeMimeContent } from './mime-content.ts';

const zones = createTimeZones();

function write(fields: Partial<EventFields>, startMs = Date.UTC(2026, 10, 17, 10)): readonly string[] {
  const timeZone = fields.start?.timeZone ?? 'W. Europe Standard Time';
  const time = { dateTime: '', timeZone };
  const event: StoredEvent = {
    id: 'one',
    fields: { start: time, end: time, ...fields },
    startMs,
    endMs: startMs + 3_600_000,
    iCalUId: '040000008200E00074C5B7101A82E008',
    createdMs: 0,
    changedMs: 0,
    version: 1,
  };
  return writeMimeContent(event, zones).split('\r\n');
}

describe('the MIME content of an item', () => {
  test('is iCalendar in its own zone, with the changes of the clocks', () => {
    const lines = write({ subject: 'Budget; talk, long', location: { displayName: 'Elbe\\1' } });
    expect(lines).toEqual(
      expect.arrayContaining([
        'DTSTART;TZID=W. Europe Standard Time:20261117T110000',
        'SUMMARY:Budget\\; talk\\, long',
        'LOCATION:Elbe\\\\1',
      ]),
    );
    const zone = lines.slice(lines.indexOf('BEGIN:VTIMEZONE'), lines.indexOf('END:VTIMEZONE'));
    expect(zone).toEqual([
      'BEGIN:VTIMEZONE',
      'TZID:W. Europe Standard Time',
      'BEGIN:DAYLIGHT',
      'DTSTART:16010101T020000',
      'TZOFFSETFROM:+0100',
      'TZOFFSETTO:+0200',
      'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3',
      'END:DAYLIGHT',
      'BEGIN:STANDARD',
      'DTSTART:16010101T030000',
      'TZOFFSETFROM:+0200',
      'TZOFFSETTO:+0100',
      'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10',
      'END:STANDARD',
    ]);
  });

  test('has one offset where the clocks never change, and the second Sunday where they do on that', () => {
    const utc = write({ start: { dateTime: '', timeZone: 'UTC' } });
    expect(utc).toEqual(expect.arrayContaining(['TZOFFSETFROM:+0000', 'TZOFFSETTO:+0000', 'DTSTART;TZID=UTC:20261117T100000']));
    expect(write({ start: { dateTime: '', timeZone: 'Eastern Standard Time' } })).toContain('RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3');
  });

  test.each<[NonNullable<EventFields['recurrence']>, string]>([
    [
      { pattern: { type: 'weekly', interval: 2, daysOfWeek: ['monday', 'friday'] }, range: { type: 'noEnd', startDate: '2026-11-17' } },
      'RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR',
    ],
    [
      { pattern: { type: 'daily', interval: 1 }, range: { type: 'numbered', startDate: '2026-11-17', numberOfOccurrences: 3 } },
      'RRULE:FREQ=DAILY;INTERVAL=1;COUNT=3',
    ],
    [
      {
        pattern: { type: 'absoluteMonthly', interval: 1, dayOfMonth: 17 },
        range: { type: 'endDate', startDate: '2026-11-17', endDate: '2027-03-01' },
      },
      'RRULE:FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=17;UNTIL=20270301T235959Z',
    ],
  ])('has the rule of a series', (recurrence, rule) => {
    expect(write({ recurrence })).toContain(rule);
  });

  test('has dates for whole days, and no line of more than 75 bytes', () => {
    const lines = write({ isAllDay: true, subject: 'ü'.repeat(100) }, Date.UTC(2026, 10, 16, 23));
    expect(lines).toContain('DTSTART;VALUE=DATE:20261117');
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
    expect(lines.join('\n').replaceAll('\n ', '')).toContain(`SUMMARY:${'ü'.repeat(100)}\n`);
  });
});
