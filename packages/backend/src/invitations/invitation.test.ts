import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BARE, FULL, instantOf, readInvitation } from './invitation-fixtures.contract.ts';
import { writeInvitation } from './invitation.ts';
import type { InvitedEvent } from './invited-event.ts';

const ALL_DAY: InvitedEvent = {
  ...BARE,
  time: { allDay: true, startDate: '2026-11-19', endDate: '2026-11-21' },
  timeZone: 'Europe/Berlin',
};
const EVENTS: readonly [string, InvitedEvent][] = [
  ['bare', BARE],
  ['with everything', FULL],
  ['of whole days', ALL_DAY],
  ['of no length', { ...BARE, time: { allDay: false, startMs: 0, endMs: 0 } }],
];

describe('an invitation', () => {
  it('says what the event says', () => {
    const { calendar, event } = readInvitation(writeInvitation('REQUEST', FULL));
    const read = Object.fromEntries(
      ['uid', 'sequence', 'summary', 'location', 'url', 'class', 'transp', 'status', 'x-microsoft-cdo-busystatus'].map((name) => [
        name,
        event.getFirstPropertyValue(name),
      ]),
    );
    expect(read).toEqual({
      uid: 'evt_1@connect.example',
      sequence: 3,
      summary: FULL.title,
      location: 'Room 5, Hauptstraße 1',
      url: FULL.url,
      class: 'PRIVATE',
      transp: 'OPAQUE',
      status: 'CONFIRMED',
      'x-microsoft-cdo-busystatus': 'OOF',
    });
    expect(event.getFirstPropertyValue('description')).toBe(`${FULL.description}\n\nZoom: https://zoom.example/j/123?pwd=a,b`);
    expect(calendar.getFirstPropertyValue('method')).toBe('REQUEST');
    expect(instantOf(event, 'dtstamp')).toBe(FULL.stampMs);
  });

  it('names organizer and guests, and asks each of them for an answer', () => {
    const { event } = readInvitation(writeInvitation('REQUEST', FULL));
    const [organizer] = event.getAllProperties('organizer');
    expect(organizer?.getFirstValue()).toBe('mailto:meetings@acme.example');
    expect(organizer?.getParameter('cn')).toBe('Acme Scheduler');
    const asked = { partstat: 'NEEDS-ACTION', rsvp: 'TRUE', role: 'REQ-PARTICIPANT', cutype: 'INDIVIDUAL' };
    expect(event.getAllProperties('attendee').map((each) => [String(each.getFirstValue()).toLowerCase(), each.toJSON()[1]])).toEqual([
      ['mailto:amira@partner.example', { ...asked, cn: 'Amira Haddad' }],
      ['mailto:jonas+cal@xn--bcher-kva.example', { ...asked, cn: 'Jonas "J" Weiß; Büro, Ost' }],
    ]);
  });

  it('names the address of a guest where nobody says their name, and is a URI whatever is in it', () => {
    const { event } = readInvitation(writeInvitation('REQUEST', { ...BARE, attendees: [{ email: 'a/b%c?d=e&f#g@partner.example' }] }));
    const [attendee] = event.getAllProperties('attendee');
    expect(attendee?.getParameter('cn')).toBe('a/b%c?d=e&f#g@partner.example');
    expect(attendee?.getFirstValue()).toBe('MAILTO:a%2Fb%25c%3Fd%3De%26f%23g@partner.example');
  });

  it('is for the instants of the event, in its zone, and defines that zone', () => {
    const { calendar, event } = readInvitation(writeInvitation('REQUEST', FULL));
    expect(calendar.getAllSubcomponents('vtimezone').map((zone) => zone.getFirstPropertyValue('tzid'))).toEqual(['Europe/Berlin']);
    expect(event.getFirstProperty('dtstart')?.toJSON()).toEqual(['dtstart', { tzid: 'Europe/Berlin' }, 'date-time', '2026-11-19T10:00:00']);
    expect(instantOf(event, 'dtstart')).toBe(Date.UTC(2026, 10, 19, 9));
    expect(instantOf(event, 'dtend')).toBe(Date.UTC(2026, 10, 19, 10));
  });

  it.each([undefined, 'UTC', 'Etc/UTC', 'Europe/Nowhere', '__proto__', 'X:Y\r\nATTENDEE:mailto:mallory@evil.example'])(
    'is in UTC where the zone is %j',
    (timeZone) => {
      const { calendar, event } = readInvitation(writeInvitation('REQUEST', { ...BARE, timeZone }));
      expect(calendar.getAllSubcomponents('vtimezone')).toEqual([]);
      expect(event.getFirstProperty('dtstart')?.toJSON()).toEqual(['dtstart', {}, 'date-time', '2026-11-19T09:00:00Z']);
    },
  );

  it('is for whole days as dates, which are in no zone, the last day not included', () => {
    const { calendar, event } = readInvitation(writeInvitation('REQUEST', ALL_DAY));
    expect(calendar.getAllSubcomponents('vtimezone')).toEqual([]);
    expect(event.getFirstProperty('dtstart')?.toJSON()).toEqual(['dtstart', {}, 'date', '2026-11-19']);
    expect(event.getFirstProperty('dtend')?.toJSON()).toEqual(['dtend', {}, 'date', '2026-11-21']);
  });

  it.each([
    [undefined, 'OPAQUE', 'CONFIRMED', 'BUSY'],
    ['busy', 'OPAQUE', 'CONFIRMED', 'BUSY'],
    ['tentative', 'OPAQUE', 'TENTATIVE', 'TENTATIVE'],
    ['out_of_office', 'OPAQUE', 'CONFIRMED', 'OOF'],
    ['working_elsewhere', 'TRANSPARENT', 'CONFIRMED', 'FREE'],
    ['free', 'TRANSPARENT', 'CONFIRMED', 'FREE'],
  ] as const)('shows %s as %s, %s, and %s to Outlook', (showAs, transp, status, outlook) => {
    const { event } = readInvitation(writeInvitation('REQUEST', { ...BARE, showAs }));
    const read = ['transp', 'status', 'x-microsoft-cdo-busystatus', 'x-microsoft-cdo-intendedstatus'].map((name) =>
      event.getFirstPropertyValue(name),
    );
    expect(read).toEqual([transp, status, outlook, outlook]);
  });

  it('is the same text whenever it is written', () => {
    expect(writeInvitation('REQUEST', FULL)).toBe(writeInvitation('REQUEST', { ...FULL }));
  });
});

describe('an online meeting', () => {
  it('is where the event is, if nobody says another place', () => {
    const { event } = readInvitation(writeInvitation('REQUEST', { ...FULL, location: ' ' }));
    expect(event.getFirstPropertyValue('location')).toBe('https://zoom.example/j/123?pwd=a,b');
  });

  it('has a property of its own, with the name of the service', () => {
    const conferencing = { description: 'Zoom: "big", or^n not', joinUrl: 'https://zoom.example/j/1,2;3' };
    const property = readInvitation(writeInvitation('REQUEST', { ...BARE, conferencing })).event.getFirstProperty('conference');
    expect(property?.getParameter('label')).toBe('Zoom: "big", or^n not');
    expect(property?.getFirstValue()).toBe('https://zoom.example/j/1,2;3');
    expect(property?.getParameter('feature')).toBe('AUDIO,VIDEO');
  });

  it.each(['tel:+49-30-1', 'javascript:alert(1)', 'over there'])('that is not on the web is told and no link: %s', (joinUrl) => {
    const { event } = readInvitation(writeInvitation('REQUEST', { ...BARE, conferencing: { description: '', joinUrl } }));
    expect(event.getFirstProperty('conference')).toBeNull();
    expect(event.getFirstPropertyValue('location')).toBe(joinUrl);
  });
});

/** How often each property may be there: [RFC 5546 §3.2.2](https://www.rfc-editor.org/rfc/rfc5546#section-3.2.2) and §3.2.5, as they stand. */
const MANY = Infinity;
const RULES: Readonly<Record<string, { readonly REQUEST: readonly [number, number]; readonly CANCEL: readonly [number, number] }>> = {
  attendee: { REQUEST: [1, MANY], CANCEL: [0, MANY] },
  dtstamp: { REQUEST: [1, 1], CANCEL: [1, 1] },
  dtstart: { REQUEST: [1, 1], CANCEL: [0, 1] },
  organizer: { REQUEST: [1, 1], CANCEL: [1, 1] },
  sequence: { REQUEST: [0, 1], CANCEL: [1, 1] },
  summary: { REQUEST: [1, 1], CANCEL: [0, 1] },
  uid: { REQUEST: [1, 1], CANCEL: [1, 1] },
  class: { REQUEST: [0, 1], CANCEL: [0, 1] },
  created: { REQUEST: [0, 1], CANCEL: [0, 1] },
  description: { REQUEST: [0, 1], CANCEL: [0, 1] },
  dtend: { REQUEST: [0, 1], CANCEL: [0, 1] },
  duration: { REQUEST: [0, 1], CANCEL: [0, 1] },
  'last-modified': { REQUEST: [0, 1], CANCEL: [0, 1] },
  location: { REQUEST: [0, 1], CANCEL: [0, 1] },
  status: { REQUEST: [0, 1], CANCEL: [0, 1] },
  transp: { REQUEST: [0, 1], CANCEL: [0, 1] },
  url: { REQUEST: [0, 1], CANCEL: [0, 1] },
  'request-status': { REQUEST: [0, 0], CANCEL: [0, 0] },
  // An iana-property: RFC 7986 §5.11.
  conference: { REQUEST: [0, MANY], CANCEL: [0, MANY] },
};

describe.each(EVENTS)('RFC 5546, for an event %s', (_name, event) => {
  it.each(['REQUEST', 'CANCEL'] as const)('is kept to by %s: what must be there is, and what must not is not', (method) => {
    const { calendar, event: written } = readInvitation(writeInvitation(method, event));
    const names = written.getAllProperties().map(({ name }) => name);
    expect(names.filter((name) => RULES[name] === undefined && !name.startsWith('x-'))).toEqual([]);
    for (const [name, rule] of Object.entries(RULES)) {
      const [least, most] = rule[method];
      const count = names.filter((each) => each === name).length;
      expect({ name, fits: count >= least && count <= most }).toEqual({ name, fits: true });
    }
    expect(calendar.getAllProperties().map(({ name }) => name)).toEqual(['version', 'prodid', 'calscale', 'method']);
    expect(calendar.getFirstPropertyValue('method')).toBe(method);
    expect(written.getAllSubcomponents()).toEqual([]);
    const parts = calendar.getAllSubcomponents().map(({ name }) => name);
    expect(parts).toEqual(written.getFirstProperty('dtstart')?.getParameter('tzid') === undefined ? ['vevent'] : ['vtimezone', 'vevent']);
  });
});

describe('a cancellation', () => {
  it('names the event, its version and those whom it concerns, and asks for nothing', () => {
    const { event } = readInvitation(writeInvitation('CANCEL', { ...FULL, sequence: 4, attendees: [{ email: 'amira@partner.example' }] }));
    expect(event.getFirstPropertyValue('uid')).toBe(FULL.uid);
    expect(event.getFirstPropertyValue('sequence')).toBe(4);
    expect(event.getFirstPropertyValue('status')).toBe('CANCELLED');
    const attendees = event.getAllProperties('attendee');
    expect(attendees.map((each) => each.getFirstValue())).toEqual(['MAILTO:amira@partner.example']);
    expect(attendees[0]?.getParameter('rsvp')).toBeUndefined();
    expect(attendees[0]?.getParameter('partstat')).toBeUndefined();
  });

  it('for guests without whom the event takes place does not say that it is cancelled', () => {
    const { event, calendar } = readInvitation(writeInvitation('CANCEL', FULL, { takesPlace: true }));
    expect(calendar.getFirstPropertyValue('method')).toBe('CANCEL');
    expect(event.getFirstProperty('status')).toBeNull();
  });
});

describe('what somebody typed', () => {
  const expected = readInvitation(writeInvitation('REQUEST', FULL))
    .event.getAllProperties()
    .map(({ name }) => name);
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc
      .array(
        fc.constantFrom(
          '\r\n',
          '\n',
          '\r',
          '\u2028',
          '\u0085',
          '\v',
          'END:VEVENT',
          'ATTENDEE:mailto:m@evil.example',
          '"',
          ';CN=',
          ':',
          '\\',
          '^n',
          ',',
          '\0',
          '\ud83d',
          '👩‍👧',
        ),
      )
      .map((parts) => parts.join('')),
  );

  it('is never a line, a parameter or a property of its own', () => {
    fc.assert(
      fc.property(fc.record({ title: hostile, description: hostile, location: hostile, name: hostile }), ({ name, ...texts }) => {
        const event = {
          ...FULL,
          ...texts,
          organizer: { ...FULL.organizer, name },
          attendees: [{ email: 'amira@partner.example', name }],
          conferencing: { description: name, joinUrl: `https://zoom.example/${name}` },
        };
        const text = writeInvitation('REQUEST', event);
        for (const line of text.split('\r\n')) {
          expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
          // What Unicode, and whoever splits lines by it, takes for the end of one.
          expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        }
        const { event: read } = readInvitation(text);
        const names = read.getAllProperties().map((property) => property.name);
        expect(names).toEqual(expected.filter((property, index) => property !== 'attendee' || expected.indexOf(property) === index));
        expect(Object.keys(read.getFirstProperty('organizer')?.toJSON()[1] as object)).toEqual(['cn']);
        expect(Object.keys(read.getFirstProperty('conference')?.toJSON()[1] as object)).toEqual(['feature', 'label']);
        expect(read.getFirstProperty('organizer')?.getFirstValue()).toBe('mailto:meetings@acme.example');
      }),
      { numRuns: 300 },
    );
  });

  it('ends no parameter early, whatever is escaped in it', () => {
    for (const name of ['\\\\:', '\\', '\\\\', '\\"', 'A\\:B']) {
      const event = { ...FULL, organizer: { ...FULL.organizer, name }, attendees: [{ email: 'amira@partner.example', name }] };
      const { event: read } = readInvitation(writeInvitation('REQUEST', event));
      expect(read.getFirstProperty('organizer')?.getFirstValue()).toBe('mailto:meetings@acme.example');
      expect(read.getFirstProperty('attendee')?.getFirstValue()).toBe('MAILTO:amira@partner.example');
    }
  });

  it('stays what it is where it is harmless', () => {
    const title = 'A, b; c: "d" \\n ^n {e} <f> & 100 % שלום';
    const { event } = readInvitation(writeInvitation('REQUEST', { ...BARE, title }));
    expect(event.getFirstPropertyValue('summary')).toBe(title);
  });
});

describe('an event that cannot be written', () => {
  const timed = (startMs: number, endMs: number) => ({ time: { allDay: false as const, startMs, endMs } });
  const days = (startDate: string, endDate: string) => ({ time: { allDay: true as const, startDate, endDate } });
  it.each([
    ['uid', { uid: '' }],
    ['uid', { uid: 'a\r\nATTENDEE:mailto:mallory@evil.example' }],
    ['uid', { uid: 'x'.repeat(256) }],
    ['sequence', { sequence: -1 }],
    ['sequence', { sequence: 0.5 }],
    ['sequence', { sequence: 2 ** 31 }],
    ['stampMs', { stampMs: Number.NaN }],
    ['createdMs', { createdMs: Infinity }],
    ['time', timed(2000, 1000)],
    ['time', timed(Number.NaN, 1000)],
    ['time', days('2026-11-19', '2026-11-19')],
    ['time', days('2026-02-30', '2026-03-03')],
    ['time', days('2026-11-19\r\nX:Y', '2026-11-20')],
    ['organizer.email', { organizer: { name: 'Acme', email: 'meetings@acme.example,mallory@evil.example' } }],
    ['attendees', { attendees: [] }],
    ['attendees[1].email', { attendees: [...BARE.attendees, { email: 'mallory@evil.example\r\nX:Y' }] }],
  ])('is refused by the name of its field, %s, and nothing of it is told', (field, wrong) => {
    const write = () => writeInvitation('REQUEST', { ...BARE, ...wrong });
    expect(write).toThrow(RangeError);
    expect(write).toThrow(`invitation.${field}: expected `);
    expect(write).not.toThrow(/@|evil|mallory/);
  });
});
