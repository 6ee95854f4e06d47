import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { calendarTests } from '../calendar.contract.ts';
import type { Credential } from '../provider.ts';
import { AMIRA, type ExchangeCalendarsUnderTest, loginOf, startExchangeCalendars } from './exchange-people.contract.ts';

const DAY_MS = 86_400_000;
/** Monday of the week in which the emulator's people have their events. */
const MONDAY = Math.floor(Date.now() / DAY_MS) * DAY_MS - ((new Date().getUTCDay() + 6) % 7) * DAY_MS;
const WEEK = { fromMs: MONDAY, toMs: MONDAY + 7 * DAY_MS };
const SAVED = { calendarId: 'calendar', idempotencyKey: 'key-1' };

function valueOf<T>(outcome: { readonly outcome: 'ok'; readonly value: T } | { readonly outcome: string }): T {
  if ('value' in outcome) return outcome.value;
  throw new Error(`the call ended as ${JSON.stringify(outcome)}`);
}

function withServer(credential: Credential, serverVersion: string): Credential {
  return { ...credential, ...(credential.login && { login: { ...credential.login, serverVersion } }) };
}

describe.each([
  ['2007_SP1', 'Exchange2007_SP1', '8.1.436.0'],
  ['2010', 'Exchange2010', '14.3.513.0'],
  ['2013', 'Exchange2013', '15.0.1497.48'],
  ['2016', 'Exchange2013', '15.1.2507.39'],
  ['SE', 'Exchange2013', '15.2.2562.17'],
] as const)('the calendars of Exchange %s', (version, schema, build) => {
  let under: ExchangeCalendarsUnderTest;
  let credential: Credential;
  let people = 0;

  beforeAll(async () => {
    under = await startExchangeCalendars({ version });
  });
  afterAll(() => under.emulator.close());
  beforeEach(() => {
    const email = `person${(people += 1)}@corp.example`;
    under.emulator.control.addPerson({ email, name: 'Person', password: 'right' });
    credential = loginOf(email, email, 'right');
    under.emulator.control.clearRequests();
  });

  calendarTests({
    reader: () => Promise.resolve(under.reader),
    modes: () => ['full', 'free_busy'],
    credential: () => Promise.resolve(credential),
    stale: ({ mailbox = '' }) => loginOf(mailbox, mailbox, 'expired'),
  });

  const asked = () =>
    under.emulator.control.requests.filter(({ operation }) => operation !== undefined).map((each) => [each.operation, each.requestVersion]);

  it('are asked in the lowest schema that has what is needed, learnt on the way', async () => {
    await under.reader.listCalendars(credential, 'full');
    expect(asked()).toEqual([
      ['GetFolder', 'Exchange2007_SP1'],
      ['FindFolder', 'Exchange2007_SP1'],
    ]);
    under.emulator.control.clearRequests();
    const event = { title: 'x', time: { allDay: false, startMs: MONDAY, endMs: MONDAY + 1000 } } as const;
    valueOf(await under.reader.createEvent(credential, { ...SAVED, event }));
    expect(asked()).toEqual([
      ['FindItem', 'Exchange2007_SP1'],
      ['CreateItem', schema === 'Exchange2013' ? 'Exchange2010' : schema],
      ['GetItem', schema],
    ]);
  });

  it('are changed in the lowest schema that says it: zones need 2010, and working elsewhere 2013', async () => {
    const time = { allDay: false, startMs: MONDAY, endMs: MONDAY + 1000 } as const;
    const { providerEventId: eventId } = valueOf(await under.reader.createEvent(credential, { ...SAVED, event: { title: 'x', time } }));
    const changedIn = async (changes: Parameters<typeof under.reader.updateEvent>[1]['changes']) => {
      under.emulator.control.clearRequests();
      valueOf(await under.reader.updateEvent(withServer(credential, build), { calendarId: 'calendar', eventId, changes }));
      return asked().find(([operation]) => operation === 'UpdateItem')?.[1];
    };
    expect(await changedIn({ title: 'y', description: 'z', attendees: [{ email: 'a@b.example', name: undefined }] })).toBe(
      'Exchange2007_SP1',
    );
    expect(await changedIn({ time, timeZone: 'Asia/Tokyo' })).toBe(schema === 'Exchange2013' ? 'Exchange2010' : schema);
    // Who works elsewhere is free before 2013, in the same words everywhere.
    expect(await changedIn({ showAs: 'working_elsewhere' })).toBe(schema === 'Exchange2013' ? schema : 'Exchange2007_SP1');
  });

  it('are asked in the right schema at once where the server said its version before', async () => {
    valueOf(await under.reader.freeBusy(withServer(credential, build), { mode: 'full', ...WEEK }));
    expect(asked()).toEqual([['FindItem', schema]]);
  });

  it('are found where the server was another when the person connected', async () => {
    for (const before of ['8.1.436.0', '15.2.2562.17', 'made up']) {
      valueOf(await under.reader.freeBusy(withServer(credential, before), { mode: 'free_busy', ...WEEK }));
      const event = { title: 'x', time: { allDay: true, startDate: '2031-05-17', endDate: '2031-05-18' }, timeZone: 'Asia/Tokyo' } as const;
      const made = valueOf(await under.reader.createEvent(withServer(credential, before), { ...SAVED, idempotencyKey: before, event }));
      expect(made).toMatchObject({ time: event.time, timeZone: 'Asia/Tokyo' });
    }
  });

  it('are one in free/busy mode, by the name that it has in full mode, and nobody is asked', async () => {
    const only = { providerCalendarId: 'calendar', name: undefined, primary: true, readonly: true, integratedConferencing: false };
    expect(await under.reader.listCalendars(credential, 'free_busy')).toEqual({ outcome: 'ok', value: [only] });
    expect(under.emulator.control.requests).toEqual([]);
    const calendars = valueOf(await under.reader.listCalendars(credential, 'full'));
    expect(calendars.filter(({ primary }) => primary).map(({ providerCalendarId }) => providerCalendarId)).toEqual(['calendar']);
  });

  it('tell availability in free/busy mode by that operation alone, over any range', async () => {
    const range = { fromMs: MONDAY, toMs: MONDAY + 200 * DAY_MS };
    const spans = valueOf(await under.reader.freeBusy(AMIRA, { mode: 'free_busy', ...range }));
    expect(new Set(asked().map(([operation]) => operation))).toEqual(new Set(['GetUserAvailability']));
    expect(spans).toEqual(
      valueOf(await under.reader.freeBusy(AMIRA, { mode: 'full', ...range })).filter(
        ({ providerCalendarId }) => providerCalendarId === 'calendar',
      ),
    );
    expect(spans.filter(({ status }) => status === 'busy').length).toBeGreaterThan(100);
    expect(await under.reader.freeBusy(AMIRA, { mode: 'free_busy', calendarIds: ['AAMkAG'], ...WEEK })).toMatchObject({
      outcome: 'not_found',
    });
    expect(await under.reader.freeBusy(AMIRA, { mode: 'free_busy', calendarIds: [], ...WEEK })).toEqual({ outcome: 'ok', value: [] });
  });

  it('are written with whatever a text may hold, and log in once for each call, on one connection', async () => {
    const title = `</t:Subject>&amp; "quotes" 'and' <b>é😀</b>\u0007`;
    const event = {
      title,
      time: { allDay: false, startMs: MONDAY, endMs: MONDAY + 1000 },
      description: 'one\ntwo\tthree & <four>',
    } as const;
    const made = valueOf(await under.reader.createEvent(credential, { ...SAVED, idempotencyKey: 'key"&<1', event }));
    expect(made).toMatchObject({ title: title.slice(0, -1), description: event.description });
    const requests = under.emulator.control.requests;
    expect(requests.filter(({ credentials }) => credentials?.step === 'authenticate')).toHaveLength(1);
    expect(new Set(requests.map(({ connection }) => connection)).size).toBe(1);
  });
});
