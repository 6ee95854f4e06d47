import { describe, expect, test } from 'vitest';
import { createTimeZones } from '../time-zones.ts';
import { readMimeContent } from './read-mime-content.ts';

const ZONES = createTimeZones();
const BERLIN = 'W. Europe Standard Time';
const TIMES = [`DTSTART;TZID=${BERLIN}:20261120T123000`, `DTEND;TZID=${BERLIN}:20261120T131500`];

function read(event: readonly string[], around: readonly string[] = []) {
  const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', ...around, 'BEGIN:VEVENT', ...event, 'END:VEVENT', 'END:VCALENDAR', ''];
  return readMimeContent(Buffer.from(lines.join('\r\n')).toString('base64'), 'UTC', ZONES);
}

describe('an item that is made of iCalendar', () => {
  test('has its title, place, text, time and attendees', () => {
    const texts = ['UID:one', 'SUMMARY:Fair\\, square', 'LOCATION:Elbe', 'DESCRIPTION:Line\\nLine', 'CLASS:PRIVATE'];
    const attendees = ['ATTENDEE;CN=Jonas:mailto:jonas@corp.example', 'ATTENDEE;ROLE=OPT-PARTICIPANT:MAILTO:lea@corp.example'];
    const alarm = ['BEGIN:VALARM', 'SUMMARY:Soon', 'END:VALARM'];
    expect(read([...texts, ...TIMES, ...attendees, ...alarm])).toEqual({
      uid: 'one',
      fields: {
        subject: 'Fair, square',
        location: { displayName: 'Elbe' },
        body: { contentType: 'text', content: 'Line\nLine' },
        sensitivity: 'private',
        start: { dateTime: '2026-11-20T12:30:00', timeZone: BERLIN },
        end: { dateTime: '2026-11-20T13:15:00', timeZone: BERLIN },
        isAllDay: false,
        showAs: 'busy',
        attendees: [
          { type: 'required', emailAddress: { name: 'Jonas', address: 'jonas@corp.example' } },
          { type: 'optional', emailAddress: { name: 'lea@corp.example', address: 'lea@corp.example' } },
        ],
      },
    });
  });

  test.each([
    ['dates', ['DTSTART;VALUE=DATE:20261123', 'DTEND;VALUE=DATE:20261124'], true],
    [
      'midnights that Microsoft’s property calls a day',
      ['DTSTART:20261123T000000Z', 'DTEND:20261124T000000Z', 'X-MICROSOFT-CDO-ALLDAYEVENT:TRUE'],
      true,
    ],
    ['midnights alone', ['DTSTART:20261123T000000Z', 'DTEND:20261124T000000Z'], false],
    ['noons that are called a day', ['DTSTART:20261123T120000Z', 'DTEND:20261124T120000Z', 'X-MICROSOFT-CDO-ALLDAYEVENT:TRUE'], false],
  ])('is a whole day by %s: %j %s', (_, lines, isAllDay) => {
    expect(read(lines).fields.isAllDay).toBe(isAllDay);
  });

  test('has dates, and times that say no zone, in the zone of the request', () => {
    const lines = [
      'BEGIN:VCALENDAR',
      'BEGIN:VEVENT',
      'DTSTART;VALUE=DATE:20261123',
      'DTEND:20261124T000000',
      'END:VEVENT',
      'END:VCALENDAR',
    ];
    const { fields } = readMimeContent(Buffer.from(lines.join('\r\n')).toString('base64'), BERLIN, ZONES);
    expect([fields.start.timeZone, fields.end.timeZone]).toEqual([BERLIN, BERLIN]);
  });

  test.each([
    ['TRANSP:TRANSPARENT', 'free'],
    ['TRANSP:OPAQUE', 'busy'],
    ['X-MICROSOFT-CDO-BUSYSTATUS:OOF', 'oof'],
  ])('shows by %s as %s', (line, showAs) => {
    expect(read([...TIMES, line]).fields.showAs).toBe(showAs);
  });

  test.each([
    ['FREQ=DAILY', { type: 'daily', interval: 1 }, { type: 'noEnd' }],
    ['FREQ=WEEKLY;BYDAY=MO,FR;COUNT=4', { type: 'weekly', interval: 1, daysOfWeek: ['monday', 'friday'] }, { type: 'numbered' }],
    [
      'FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=20;UNTIL=20270520T113000Z',
      { type: 'absoluteMonthly', interval: 2, dayOfMonth: 20 },
      { endDate: '2027-05-20' },
    ],
  ])('recurs by %s', (rule, pattern, range) => {
    expect(read([...TIMES, `RRULE:${rule}`]).fields.recurrence).toMatchObject({ pattern, range: { ...range, startDate: '2026-11-20' } });
  });

  test.each([
    ['no event', [], 'ErrorMimeContentInvalid'],
    ['no end', TIMES.slice(0, 1), 'ErrorMimeContentInvalid'],
    ['a rule that the emulator cannot keep', [...TIMES, 'RRULE:FREQ=YEARLY'], 'ErrorInvalidRequest'],
    ['a series with a gap', [...TIMES, 'RRULE:FREQ=DAILY', `EXDATE;TZID=${BERLIN}:20261121T123000`], 'ErrorInvalidRequest'],
    ['a zone that nobody knows', ['DTSTART;TZID=Home:20261120T123000', 'DTEND;TZID=Home:20261120T131500'], 'ErrorInvalidRequest'],
  ])('is refused with %s', (what, lines, code) => {
    const refused = expect(() => (what === 'no event' ? readMimeContent('QkVHSU46', 'UTC', ZONES) : read(lines)));
    refused.toThrow(expect.objectContaining({ code }));
  });
});
