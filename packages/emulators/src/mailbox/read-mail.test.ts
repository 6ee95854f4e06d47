import { describe, expect, it } from 'vitest';
import { readMail } from './read-mail.ts';

const lines = (...all: readonly string[]): Uint8Array => Buffer.from(all.join('\r\n'));

const INVITATION = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'METHOD:REQUEST',
  'BEGIN:VTIMEZONE',
  'TZID:Europe/Berlin',
  'BEGIN:STANDARD',
  'DTSTART:19701025T030000',
  'END:STANDARD',
  'END:VTIMEZONE',
  'BEGIN:VEVENT',
  'UID:evt-1@connect.example',
  'SEQUENCE:2',
  'DTSTAMP:20261101T080000Z',
  'DTSTART;TZID=Europe/Berlin:20261102T090000',
  'DTEND;TZID=Europe/Berlin:20261102T100000',
  String.raw`SUMMARY:Board\, review`,
  'LOCATION:Room 4',
  'ORGANIZER;CN=Acme:mailto:calendars@acme.example',
  'ATTENDEE;CN="Haddad, Amira";PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:amira@partner',
  ' .example',
  'ATTENDEE:mailto:otto@partner.example',
  'BEGIN:VALARM',
  'SUMMARY:of the alarm',
  'ATTENDEE:mailto:alarm@partner.example',
  'END:VALARM',
  'END:VEVENT',
  'END:VCALENDAR',
  '',
];

function invitationMail(contentType: string): Uint8Array {
  return lines(
    'From: =?UTF-8?Q?Acme_K=C3=B6ln?= <calendars@acme.example>',
    'Reply-To: "Help, please" <help@acme.example>, Second <second@acme.example>',
    'To: Amira Haddad <amira@partner.example>',
    'Subject: =?UTF-8?Q?Gr=C3=B6=C3=9Fe?=',
    'Date: Sun, 1 Nov 2026 09:00:00 +0100',
    'Message-ID: <1@acme.example>',
    'X-Anything: kept',
    'Content-Type: multipart/alternative; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    'Gr=C3=B6=C3=9Fe',
    '--b',
    'Content-Type: text/html; charset=utf-8',
    '',
    '<p>Gruß</p>',
    '--b',
    `Content-Type: ${contentType}`,
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(INVITATION.join('\r\n')).toString('base64'),
    '--b--',
  );
}

describe('a mail', () => {
  it('has its headers decoded, and all of them as they came', async () => {
    const mail = await readMail(invitationMail('text/calendar; method=REQUEST'));
    expect(mail).toMatchObject({
      from: { name: 'Acme Köln', address: 'calendars@acme.example' },
      replyTo: [
        { name: 'Help, please', address: 'help@acme.example' },
        { name: 'Second', address: 'second@acme.example' },
      ],
      to: [{ name: 'Amira Haddad', address: 'amira@partner.example' }],
      cc: [],
      subject: 'Größe',
      date: 'Sun, 1 Nov 2026 09:00:00 +0100',
      messageId: '<1@acme.example>',
      attachments: [{ filename: '', mimeType: 'text/calendar' }],
    });
    expect(mail.headers).toContainEqual({ name: 'X-Anything', value: 'kept' });
    expect(mail.headers).toContainEqual({ name: 'Subject', value: '=?UTF-8?Q?Gr=C3=B6=C3=9Fe?=' });
    expect([mail.text.trim(), mail.html.trim()]).toEqual(['Größe', '<p>Gruß</p>']);
  });

  it('without any header is a mail with nothing in it', async () => {
    expect(await readMail(lines('', ''))).toEqual({
      from: undefined,
      replyTo: [],
      to: [],
      cc: [],
      subject: '',
      date: undefined,
      messageId: undefined,
      headers: [],
      text: '',
      html: '',
      calendar: undefined,
      attachments: [],
    });
  });
});

describe('an invitation', () => {
  it('is read without what stands in its zones and alarms', async () => {
    const { calendar } = await readMail(invitationMail('text/calendar; charset=utf-8; method=REQUEST'));
    expect(calendar).toEqual({
      method: 'REQUEST',
      contentTypeMethod: 'REQUEST',
      source: INVITATION.join('\r\n'),
      events: [
        {
          uid: 'evt-1@connect.example',
          sequence: 2,
          dtstamp: '20261101T080000Z',
          start: { value: '20261102T090000', tzid: 'Europe/Berlin' },
          end: { value: '20261102T100000', tzid: 'Europe/Berlin' },
          summary: 'Board, review',
          location: 'Room 4',
          organizer: { value: 'mailto:calendars@acme.example', name: 'Acme', participation: undefined, isAskedToReply: false },
          attendees: [
            { value: 'mailto:amira@partner.example', name: 'Haddad, Amira', participation: 'NEEDS-ACTION', isAskedToReply: true },
            { value: 'mailto:otto@partner.example', name: undefined, participation: undefined, isAskedToReply: false },
          ],
          recurrenceId: undefined,
          recurrenceRule: undefined,
          duration: undefined,
          status: undefined,
        },
      ],
    });
  });

  it('keeps apart what the calendar says and what its Content-Type says', async () => {
    expect((await readMail(invitationMail('text/calendar; method=CANCEL'))).calendar).toMatchObject({
      method: 'REQUEST',
      contentTypeMethod: 'CANCEL',
    });
    expect((await readMail(invitationMail('text/calendar'))).calendar).toMatchObject({ method: 'REQUEST', contentTypeMethod: undefined });
  });

  it.each(['', 'rubbish', 'BEGIN:VEVENT\nUID:1\nEND:VEVENT', 'END:VCALENDAR\nEND:VEVENT'])(
    'is without events where it is %j',
    async (text) => {
      const mail = await readMail(lines('Content-Type: text/calendar; method=REQUEST', '', text));
      expect(mail.calendar?.events).toEqual([]);
      expect(mail.calendar?.method).toBeUndefined();
    },
  );
});
