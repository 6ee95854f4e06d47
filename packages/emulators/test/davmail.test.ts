import { describe, expect, test } from 'vitest';
import type { ExchangeVersion } from '../src/exchange/versions.ts';
import type { AuthenticationScheme } from '../src/exchange/sites/site.ts';
import { DAVMAIL_JAR, startDavmail, type DavAnswer, type RunningDavmail } from './davmail-under-test.ts';
import { AMIRA, MAIL, NOW_MS, startExchangeUnderTest, type ExchangeUnderTest } from './exchange-under-test.ts';

const CALENDAR = `/users/${AMIRA.email}/calendar/`;
const NAMESPACES = 'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:S="http://calendarserver.org/ns/"';
const TIMEOUT = { timeout: 60_000 };

const STANDARD = 'BEGIN:STANDARD DTSTART:16010101T030000 TZOFFSETFROM:+0200 TZOFFSETTO:+0100 RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10';
const DAYLIGHT = 'BEGIN:DAYLIGHT DTSTART:16010101T020000 TZOFFSETFROM:+0100 TZOFFSETTO:+0200 RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3';
const ZONE = `BEGIN:VTIMEZONE TZID:Europe/Berlin ${STANDARD} END:STANDARD ${DAYLIGHT} END:DAYLIGHT END:VTIMEZONE`.split(' ');

function calendarOf(event: readonly string[], zone: readonly string[] = []): string {
  const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Test//EN', ...zone, 'BEGIN:VEVENT', 'DTSTAMP:20261118T120000Z', ...event];
  return [...lines, 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n');
}

function lunch(summary: string, start: string, end: string): string {
  const times = [`DTSTART;TZID=Europe/Berlin:${start}`, `DTEND;TZID=Europe/Berlin:${end}`];
  return calendarOf(['UID:lunch-1', `SUMMARY:${summary}`, 'LOCATION:Canteen', 'TRANSP:OPAQUE', ...times], ZONE);
}

function properties(davmail: RunningDavmail): Promise<DavAnswer> {
  const body = `<D:propfind ${NAMESPACES}><D:prop><D:displayname/><D:resourcetype/><S:getctag/></D:prop></D:propfind>`;
  return davmail.ask('PROPFIND', CALENDAR, { body, headers: { Depth: '0' } });
}

function query(davmail: RunningDavmail, filter = ''): Promise<DavAnswer> {
  const wanted = '<D:prop><D:getetag/><C:calendar-data/></D:prop>';
  const body = `<C:calendar-query ${NAMESPACES}>${wanted}<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">${filter}</C:comp-filter></C:comp-filter></C:filter></C:calendar-query>`;
  return davmail.ask('REPORT', CALENDAR, { body, headers: { Depth: '1' } });
}

function put(davmail: RunningDavmail, name: string, body: string): Promise<DavAnswer> {
  return davmail.ask('PUT', `${CALENDAR}${name}`, { body, headers: { 'Content-Type': 'text/calendar; charset=utf-8' } });
}

/** Title, start, end and rule, in the zone that DavMail writes. */
function told({ events }: DavAnswer): readonly (readonly (string | undefined)[])[] {
  return events.map(({ summary, start, end, recurrenceRule }) => [summary, start?.value, end?.value, start?.tzid, recurrenceRule]);
}

const STAND_UP = ['Stand-up', '20261116T093000', '20261116T094500', 'Europe/Berlin', 'FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TU,WE,TH,FR'];
const BUDGET = ['Budget talk', '20261117T110000', '20261117T120000', 'Europe/Berlin', undefined];
const WEEK = [
  STAND_UP,
  BUDGET,
  ['Doctor', '20261118T150000', '20261118T160000', 'Europe/Berlin', undefined],
  ['Writing time', '20261119T090000', '20261119T120000', 'Europe/Berlin', undefined],
];

interface Behind {
  readonly version?: ExchangeVersion;
  readonly schemes?: readonly AuthenticationScheme[];
}

async function start({ version = '2016', schemes = ['basic'] }: Behind = {}) {
  const clock = { ms: NOW_MS };
  const hosts = [{ name: MAIL, https: { kind: 'exchange', authentication: { ews: schemes } } as const }];
  const exchange = await startExchangeUnderTest({ version, hosts, now: () => clock.ms });
  return { clock, exchange, davmail: await startDavmail(exchange, AMIRA) };
}

/** What Amira's calendar has besides what it began with. */
function added(exchange: ExchangeUnderTest) {
  return exchange.control
    .eventsOf(AMIRA.email)
    .filter(({ id }) => !id.startsWith('AAMkAGamira'))
    .map(({ iCalUId, fields, startMs, endMs }) => ({
      uid: iCalUId,
      subject: fields.subject,
      place: fields.location?.displayName,
      start: new Date(startMs).toISOString(),
      end: new Date(endMs).toISOString(),
      isAllDay: fields.isAllDay,
      showAs: fields.showAs,
    }));
}

const title =
  DAVMAIL_JAR === undefined
    ? 'DavMail is not installed here: Debian has it as `davmail`, elsewhere DAVMAIL_JAR names its jar'
    : 'DavMail, which nobody here wrote';

describe.runIf(DAVMAIL_JAR)(title, () => {
  test.each<[ExchangeVersion, readonly AuthenticationScheme[], string]>([
    ['2010', ['basic'], 'Exchange2010_SP1'],
    ['2013', ['ntlm'], 'Exchange2013'],
    ['2016', ['negotiate', 'ntlm'], 'Exchange2013_SP1'],
    ['SE', ['negotiate', 'ntlm', 'basic'], 'Exchange2013_SP1'],
  ])('lists the calendar of a mailbox of Exchange %s that offers %j', TIMEOUT, async (version, schemes, spoken) => {
    const { exchange, davmail } = await start({ version, schemes });
    const calendar = await properties(davmail);
    expect([calendar.status, calendar.texts('displayname')]).toEqual([207, ['Calendar']]);
    const listed = await query(davmail);
    expect(told(listed)).toEqual(WEEK);
    expect(listed.events[0]?.location).toBe('Room Elbe');
    const calls = exchange.control.requests.filter(({ operation }) => operation !== undefined);
    expect(new Set(calls.map(({ requestVersion }) => requestVersion))).toEqual(new Set(['Exchange2007', spoken]));
    expect(new Set(calls.map(({ status, person }) => `${status} ${person}`))).toEqual(new Set([`200 ${AMIRA.email}`]));
    expect(new Set(exchange.control.connectionAttempts)).toEqual(new Set([`${MAIL}:443`]));
  });

  test('lists the calendar of a mailbox of Exchange 2007, by the days that it is asked for', TIMEOUT, async () => {
    const { davmail } = await start({ version: '2007_SP1' });
    expect((await query(davmail)).events.map(({ summary }) => summary)).toEqual(WEEK.map(([summary]) => summary));
    const day = await query(davmail, '<C:time-range start="20261117T000000Z" end="20261118T000000Z"/>');
    expect(day.events.map(({ summary }) => summary)).toEqual(['Stand-up', 'Budget talk']);
  });

  test('lists the events of some days, and fetches one by the address that the list has for it', TIMEOUT, async () => {
    const { davmail } = await start();
    await put(davmail, 'lunch-1.ics', lunch('Lunch', '20261120T123000', '20261120T131500'));
    const tuesday = await query(davmail, '<C:time-range start="20261117T000000Z" end="20261118T000000Z"/>');
    expect(told(tuesday)).toEqual([STAND_UP, BUDGET]);
    const href = (await query(davmail)).texts('href').at(-1) ?? '';
    const wanted = `<D:prop><D:getetag/><C:calendar-data/></D:prop><D:href>${href}</D:href>`;
    const body = `<C:calendar-multiget ${NAMESPACES}>${wanted}</C:calendar-multiget>`;
    expect(told(await davmail.ask('REPORT', CALENDAR, { body, headers: { Depth: '1' } }))).toEqual([
      ['Lunch', '20261120T123000', '20261120T131500', 'Europe/Berlin', undefined],
    ]);
  });

  test('puts an event into the mailbox, changes it and takes it away', TIMEOUT, async () => {
    const { clock, exchange, davmail } = await start();
    const tags = [(await properties(davmail)).texts('getctag')];
    expect((await put(davmail, 'lunch-1.ics', lunch('Lunch', '20261120T123000', '20261120T131500'))).status).toBe(201);
    const place = { uid: 'lunch-1', place: 'Canteen', isAllDay: false, showAs: 'busy' };
    expect(added(exchange)).toEqual([{ ...place, subject: 'Lunch', start: '2026-11-20T11:30:00.000Z', end: '2026-11-20T12:15:00.000Z' }]);
    expect(told(await query(davmail)).at(-1)).toEqual(['Lunch', '20261120T123000', '20261120T131500', 'Europe/Berlin', undefined]);

    clock.ms += 60_000;
    tags.push((await properties(davmail)).texts('getctag'));
    expect((await put(davmail, 'lunch-1.ics', lunch('Long lunch', '20261120T120000', '20261120T140000'))).status).toBe(200);
    expect(added(exchange)).toEqual([
      { ...place, subject: 'Long lunch', start: '2026-11-20T11:00:00.000Z', end: '2026-11-20T13:00:00.000Z' },
    ]);
    tags.push((await properties(davmail)).texts('getctag'));
    expect(tags[2]).not.toEqual(tags[1]);

    expect((await davmail.ask('DELETE', `${CALENDAR}lunch-1.ics`)).status).toBe(200);
    expect(added(exchange)).toEqual([]);
    expect((await davmail.ask('GET', `${CALENDAR}lunch-1.ics`)).status).toBe(404);
  });

  test('puts a whole day and a series into the mailbox', TIMEOUT, async () => {
    const { exchange, davmail } = await start();
    const day = calendarOf(['UID:day-1', 'SUMMARY:Day off', 'DTSTART;VALUE=DATE:20261123', 'DTEND;VALUE=DATE:20261124']);
    expect((await put(davmail, 'day-1.ics', day)).status).toBe(201);
    const times = ['DTSTART;TZID=Europe/Berlin:20261120T083000', 'DTEND;TZID=Europe/Berlin:20261120T090000'];
    const series = calendarOf(['UID:series-1', 'SUMMARY:Review', ...times, 'RRULE:FREQ=WEEKLY;BYDAY=FR;COUNT=4'], ZONE);
    expect((await put(davmail, 'series-1.ics', series)).status).toBe(201);
    expect(added(exchange)).toMatchObject([
      { subject: 'Day off', isAllDay: true, start: '2026-11-22T23:00:00.000Z', end: '2026-11-23T23:00:00.000Z' },
      { subject: 'Review', isAllDay: false, start: '2026-11-20T07:30:00.000Z', end: '2026-11-20T08:00:00.000Z' },
    ]);
    expect(told(await query(davmail)).slice(4)).toEqual([
      ['Day off', '20261123', '20261124', undefined, undefined],
      ['Review', '20261120T083000', '20261120T090000', 'Europe/Berlin', 'FREQ=WEEKLY;INTERVAL=1;BYDAY=FR;COUNT=4'],
    ]);
  });

  test.each<[AuthenticationScheme]>([['basic'], ['ntlm']])('gets nothing with a wrong password by %s', TIMEOUT, async (scheme) => {
    const { exchange, davmail } = await start({ schemes: [scheme] });
    const refused = await davmail.ask('PROPFIND', CALENDAR, { as: { ...AMIRA, password: 'guess' }, headers: { Depth: '0' } });
    expect(refused.status).toBe(401);
    const logins = exchange.control.requests.flatMap(({ login }) => login ?? []);
    expect(new Set(logins)).toEqual(new Set(['wrong_password']));
  });
});
