import type { RunningMicrosoftEmulator } from '@calendar-connect/emulators';
import type { AccessMode } from '@calendar-connect/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOutbound } from '../../outbound/outbound.ts';
import type { CalendarReader } from '../calendar-reader.ts';
import type { Credential } from '../provider.ts';
import { createMicrosoftCalendar } from './calendar.ts';
import { AMIRA, ATTEMPT, CLIENT, JONAS, LEA, microsoftAt, signIn, startEmulator } from './microsoft-people.contract.ts';
import { parseMicrosoftOptions } from './options.ts';

const OTTO = 'otto@partner.example';
const DAY_MS = 86_400_000;
/** Monday of the week in which the emulator's people have their events. */
const MONDAY = Math.floor(Date.now() / DAY_MS) * DAY_MS - ((new Date().getUTCDay() + 6) % 7) * DAY_MS;
const WEEK = { fromMs: MONDAY, toMs: MONDAY + 7 * DAY_MS };

describe('the calendars of microsoft at its emulator', () => {
  let emulator: RunningMicrosoftEmulator;
  let reader: CalendarReader;

  beforeEach(async () => {
    emulator = await startEmulator();
    reader = createMicrosoftCalendar(
      parseMicrosoftOptions({
        clientId: CLIENT.clientId,
        clientSecret: CLIENT.clientSecret,
        endpoints: { graph: emulator.url },
        outbound: createOutbound({ timeoutMs: 10_000 }),
      }),
    );
    emulator.control.approve({ tenant: 'partner.example', clientId: CLIENT.clientId });
  });
  afterEach(() => emulator.close());

  async function credentialOf(account: string, mode: AccessMode = 'full'): Promise<Credential> {
    const connect = await microsoftAt(emulator.url).connect();
    const reading = connect.readCallback(await signIn(connect.authorizationUrl(CLIENT, { ...ATTEMPT, mode }), { account }));
    if (reading.outcome !== 'code') throw new Error(`the callback was read as ${reading.outcome}`);
    const outcome = await connect.exchange(CLIENT, { ...ATTEMPT, mode, code: reading.code });
    if (outcome.outcome !== 'connected') throw new Error(`the exchange ended as ${JSON.stringify(outcome)}`);
    emulator.control.clearRequests();
    return outcome.credential;
  }

  async function calendarsOf(credential: Credential) {
    const outcome = await reader.listCalendars(credential, 'full');
    if (outcome.outcome !== 'ok') throw new Error(`the list ended as ${JSON.stringify(outcome)}`);
    return outcome.value;
  }

  const asked = (): string[] =>
    emulator.control.requests.map(({ method, path }) => `${method} ${path.split('/').at(-1)?.split('?')[0] ?? ''}`);

  it('lists who may write and where Teams is', async () => {
    expect(await calendarsOf(await credentialOf(AMIRA))).toMatchObject([
      { name: 'Calendar', primary: true, readonly: false, integratedConferencing: true },
      { name: 'Team holidays', primary: false, readonly: false },
      { name: 'Room plan', primary: false, readonly: true },
    ]);
    expect(await calendarsOf(await credentialOf(JONAS))).toMatchObject([{ integratedConferencing: false }, { name: 'Family' }]);
  });

  it('lists a week: occurrences with their series, whole days by date, Windows zones by their IANA names', async () => {
    const credential = await credentialOf(AMIRA);
    const calendarId = (await calendarsOf(credential))[0]?.providerCalendarId ?? '';
    const outcome = await reader.listEvents(credential, { calendarId, ...WEEK });
    if (outcome.outcome !== 'ok') throw new Error(`the list ended as ${JSON.stringify(outcome)}`);
    const events = new Map(outcome.value.map((event) => [event.title, event]));
    expect(outcome.value.filter(({ seriesId }) => seriesId === 'amirastandup')).toHaveLength(5);
    const date = (offset: number): string => new Date(MONDAY + offset * DAY_MS).toISOString().slice(0, 10);
    expect(events.get('Trade fair')).toMatchObject({
      time: { allDay: true, startDate: date(3), endDate: date(5) },
      showAs: 'out_of_office',
      location: 'Leipzig',
    });
    expect(events.get('Doctor')).toMatchObject({ sensitivity: 'private', timeZone: 'Europe/Berlin' });
    expect(events.get('Budget talk with Jonas')).toMatchObject({
      providerEventId: 'amirabudget',
      organizer: { email: AMIRA, name: 'Amira Haddad' },
      attendees: [{ email: JONAS, name: 'Jonas Weber' }],
      participation: 'accepted',
    });
  });

  it.each([
    ['a work account', AMIRA, ['GET calendar', 'POST getSchedule']],
    ['a personal account, which has no getSchedule', JONAS, ['GET calendar', 'POST getSchedule', 'GET calendarView']],
  ])('asks for the availability of %s, and keeps nothing but that', async (_what, account, calls) => {
    const credential = await credentialOf(account, 'free_busy');
    const outcome = await reader.freeBusy(credential, { mode: 'free_busy', ...WEEK });
    if (outcome.outcome !== 'ok') throw new Error(`the query ended as ${JSON.stringify(outcome)}`);
    expect(asked()).toEqual(calls);
    expect(outcome.value.length).toBeGreaterThan(1);
    for (const span of outcome.value) {
      expect(Object.keys(span).toSorted()).toEqual(['providerCalendarId', 'status', 'time']);
      expect(Object.keys(span.time).toSorted()).toEqual(['allDay', 'endMs', 'startMs']);
    }
  });

  it('reads other calendars by the times of their events', async () => {
    const credential = await credentialOf(JONAS, 'free_busy');
    const [primary = '', family = ''] = (await calendarsOf(credential)).map(({ providerCalendarId }) => providerCalendarId);
    const outcome = await reader.freeBusy(credential, { mode: 'free_busy', calendarIds: [family, primary, family], ...WEEK });
    if (outcome.outcome !== 'ok') throw new Error(`the query ended as ${JSON.stringify(outcome)}`);
    expect(new Set(outcome.value.map(({ providerCalendarId }) => providerCalendarId))).toEqual(new Set([family, primary]));
  });

  it('says that there is no mailbox, to every call and never for an account that is only personal', async () => {
    const credential = await credentialOf(OTTO);
    const none = { outcome: 'no_mailbox', operatorHint: expect.stringContaining('MailboxNotEnabledForRESTAPI') };
    expect(await reader.listCalendars(credential, 'full')).toEqual(none);
    expect(await reader.freeBusy(credential, { mode: 'full', ...WEEK })).toEqual(none);
    expect(await reader.listEvents(credential, { calendarId: 'c', ...WEEK })).toEqual(none);
    expect(await reader.deleteEvent(credential, { calendarId: 'c', eventId: 'e' })).toEqual(none);
  });

  it('tells a calendar that is read-only from a grant that does not reach', async () => {
    const [full, freeBusy] = [await credentialOf(AMIRA), await credentialOf(AMIRA, 'free_busy')];
    const [primary, , shared] = (await calendarsOf(full)).map(({ providerCalendarId }) => providerCalendarId);
    const event = { title: 'x', time: { allDay: false, startMs: MONDAY, endMs: MONDAY + 1 } } as const;
    const request = { idempotencyKey: 'key-1', event };
    expect(await reader.createEvent(full, { calendarId: shared ?? '', ...request })).toMatchObject({ outcome: 'denied' });
    // Microsoft gives whatever was consented to before: Amira's free/busy token would otherwise write.
    const narrow = { ...freeBusy, accessToken: (await credentialOf(LEA, 'free_busy')).accessToken, grantedScopes: ['Calendars.ReadBasic'] };
    expect(await reader.createEvent(narrow, { calendarId: primary ?? '', ...request })).toMatchObject({ outcome: 'forbidden' });
  });

  it.each([
    ['a zone of its own', 'Asia/Tokyo', 'Asia/Tokyo'],
    ['a zone that Microsoft does not know', 'Mars/Olympus', 'UTC'],
  ])('creates an event in %s without moving it', async (_what, timeZone, shown) => {
    const credential = await credentialOf(LEA);
    const calendarId = (await calendarsOf(credential))[0]?.providerCalendarId ?? '';
    const time = { allDay: false, startMs: MONDAY, endMs: MONDAY + 1_800_000 } as const;
    const event = { title: 'Call', time, timeZone, showAs: 'tentative' } as const;
    expect(await reader.createEvent(credential, { calendarId, idempotencyKey: 'key-1', event })).toMatchObject({
      outcome: 'ok',
      value: { time, timeZone: shown, showAs: 'tentative' },
    });
  });

  it('waits as long as it is told, and asks once', async () => {
    const credential = await credentialOf(LEA);
    for (const status of [429, 503] as const) {
      const end = emulator.control.addFault({ group: 'graph', status, retryAfterSeconds: 7 });
      emulator.control.clearRequests();
      expect(await reader.freeBusy(credential, { mode: 'full', ...WEEK })).toMatchObject({ outcome: 'unavailable', retryAfterMs: 7_000 });
      expect(asked()).toHaveLength(1);
      end();
    }
  });

  it('reads more events than a page holds, to the last', async () => {
    const account = 'many@studio.example';
    const startOf = (index: number): string => new Date(MONDAY + index * 600_000).toISOString().slice(0, -1);
    const events = Array.from({ length: 1001 }, (_, index) => ({
      subject: `Event ${index}`,
      start: { dateTime: startOf(index), timeZone: 'UTC' },
      end: { dateTime: startOf(index + 1), timeZone: 'UTC' },
    }));
    emulator.control.addUser({ email: account, name: 'Many Events', tenant: 'studio.example', events });
    const credential = await credentialOf(account);
    const calendarId = (await calendarsOf(credential))[0]?.providerCalendarId ?? '';
    const range = { fromMs: MONDAY, toMs: MONDAY + 1001 * 600_000 };
    emulator.control.clearRequests();
    const outcome = await reader.listEvents(credential, { calendarId, ...range });
    if (outcome.outcome !== 'ok') throw new Error(`the list ended as ${JSON.stringify(outcome)}`);
    expect(new Set(outcome.value.map(({ providerEventId }) => providerEventId)).size).toBe(1001);
    expect(asked()).toHaveLength(6);
    expect(await reader.freeBusy(credential, { mode: 'full', calendarIds: [calendarId], ...range })).toMatchObject({
      value: [{ status: 'busy', time: { startMs: range.fromMs, endMs: range.toMs } }],
    });
  });
});
