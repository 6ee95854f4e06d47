import { expect, it } from 'vitest';
import { readContentLines, unescapeText } from './content-line.ts';

const read = (source: string) =>
  readContentLines(source).map(({ name, parameters, value }) => [name, Object.fromEntries(parameters), value]);

it.each([
  ['SUMMARY:Lunch', ['SUMMARY', {}, 'Lunch']],
  ['summary:Lunch: at noon; outside', ['SUMMARY', {}, 'Lunch: at noon; outside']],
  ['DTSTART;TZID=Europe/Berlin:20261102T090000', ['DTSTART', { TZID: 'Europe/Berlin' }, '20261102T090000']],
  [
    'ATTENDEE;CN="Haddad; Amira: CEO";rsvp=TRUE:mailto:amira@partner.example',
    ['ATTENDEE', { CN: 'Haddad; Amira: CEO', RSVP: 'TRUE' }, 'mailto:amira@partner.example'],
  ],
  ['ATTENDEE;MEMBER="mailto:a@b.example","mailto:c@d.example":x', ['ATTENDEE', { MEMBER: 'mailto:a@b.example,mailto:c@d.example' }, 'x']],
  ["ORGANIZER;CN=^'Ada^' ^^ ^n Co:x", ['ORGANIZER', { CN: '"Ada" ^ \n Co' }, 'x']],
  ['DESCRIPTION:one li\r\n ne of\r\n\t many', ['DESCRIPTION', {}, 'one line of many']],
])('%j is one line', (source, line) => expect(read(source)).toEqual([line]));

it.each(['', 'no colon', ';X=1:y', 'X;Y="1:z', ' : '])('%j is none', (source) => expect(read(source)).toEqual([]));

it('reads what follows a line that is none', () => expect(read('rubbish\r\nUID:1\n')).toEqual([['UID', {}, '1']]));

it('takes the escapes out of a text, once', () => {
  expect(unescapeText(String.raw`Room 4\, left\; see \\nowhere\nSecond \Nthird \x`)).toBe(
    'Room 4, left; see \\nowhere\nSecond \nthird \\x',
  );
});
