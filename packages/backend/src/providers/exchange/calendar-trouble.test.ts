import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventDraft } from '../calendar-reader.ts';
import { createExchangeCalendar } from './calendar.ts';
import { AMIRA, type ExchangeCalendarsUnderTest, loginOf, startExchangeCalendars } from './exchange-people.contract.ts';

const DAY_MS = 86_400_000;
const DAY = Date.parse('2031-05-17T00:00:00Z');
const RANGE = { fromMs: DAY, toMs: DAY + DAY_MS };
const EMAIL = 'amira@corp.example';
const JONAS = loginOf('jonas@corp.example', 'CORP\\jweber', 'Jonas-s Password 2');
const EVENT: EventDraft = { title: 'x', time: { allDay: false, startMs: DAY, endMs: DAY + 1000 } };

function valueOf<T>(outcome: { readonly outcome: 'ok'; readonly value: T } | { readonly outcome: string }): T {
  if ('value' in outcome) return outcome.value;
  throw new Error(`the call ended as ${JSON.stringify(outcome)}`);
}

describe.each(['2007_SP1', 'SE'] as const)('an Exchange %s on a bad day', (version) => {
  let under: ExchangeCalendarsUnderTest;

  beforeEach(async () => {
    under = await startExchangeCalendars({ version });
  });
  afterEach(() => under.emulator.close());

  const create = (idempotencyKey = 'key-1') => under.reader.createEvent(AMIRA, { calendarId: 'calendar', idempotencyKey, event: EVENT });
  const failedLogins = (): number | undefined => under.emulator.control.people.find(({ email }) => email === EMAIL)?.failedLogins;

  it.each([
    ['Exchange', { ewsCode: 'ErrorServerBusy', backOffMs: 297_749 }],
    ['the web server in front of it', { status: 503, headers: { 'Retry-After': '298' } }],
  ])('is left alone by every call for as long as %s says, and asked after that', async (says, fault) => {
    const { control } = under.emulator;
    let nowMs = 0;
    const reader = createExchangeCalendar({ openAccount: under.openAccount, now: () => nowMs });
    control.addFault({ group: 'ews', operation: 'FindFolder', ...fault, times: 1 });
    const first = await reader.listCalendars(AMIRA, 'full');
    expect(first).toMatchObject({ outcome: 'unavailable' });
    // 2007 has no throttling of its own, and does not say for how long.
    if (version === '2007_SP1' && says === 'Exchange') return expect(first).toMatchObject({ retryAfterMs: undefined });
    control.clearRequests();
    nowMs = 290_000;
    const retryAfterMs = ('backOffMs' in fault ? 297_749 : 298_000) - nowMs;
    expect(await reader.listCalendars(AMIRA, 'full')).toMatchObject({ outcome: 'unavailable', retryAfterMs });
    expect(await reader.freeBusy(AMIRA, { mode: 'free_busy', ...RANGE })).toMatchObject({ outcome: 'unavailable', retryAfterMs });
    expect(await reader.createEvent(AMIRA, { calendarId: 'calendar', idempotencyKey: 'k', event: EVENT })).toMatchObject({ retryAfterMs });
    expect(control.connectionAttempts).toEqual([]);
    expect(await reader.listCalendars(JONAS, 'full')).toMatchObject({ outcome: 'ok' });
    nowMs += retryAfterMs;
    expect(await reader.listCalendars(AMIRA, 'full')).toMatchObject({ outcome: 'ok' });
  });

  it('has three connections of one account at once, however many calls there are', async () => {
    const open = new Set<object>();
    let most = 0;
    const reader = createExchangeCalendar({
      now: Date.now,
      openAccount: (account) => {
        const connection = under.openAccount(account);
        open.add(connection);
        most = Math.max(most, open.size);
        return { send: (request) => connection.send(request), close: () => (open.delete(connection), connection.close()) };
      },
    });
    const calls = Array.from({ length: 8 }, () => reader.freeBusy(AMIRA, { mode: 'free_busy', ...RANGE }));
    expect(new Set((await Promise.all(calls)).map(({ outcome }) => outcome))).toEqual(new Set(['ok']));
    expect([most, open.size]).toEqual([3, 0]);
  });

  it('refuses a password that was changed meanwhile, which is tried once', async () => {
    valueOf(await under.reader.listCalendars(AMIRA, 'full'));
    under.emulator.control.setFor(EMAIL, { password: 'another' });
    expect(await under.reader.listCalendars(AMIRA, 'full')).toEqual({ outcome: 'unauthorized' });
    expect(failedLogins()).toBe(1);
    expect(await create()).toEqual({ outcome: 'unauthorized' });
    expect(failedLogins()).toBe(2);
  });

  it.each(['locked', 'disabled', 'password_expired', 'must_change_password'] as const)(
    'does not let in an account that is %s',
    async (state) => {
      const { control } = under.emulator;
      control.setFor(EMAIL, { state });
      expect(await under.reader.freeBusy(AMIRA, { mode: 'free_busy', ...RANGE })).toEqual({ outcome: 'unauthorized' });
      control.set({ tellsAccountState: true });
      expect(await create()).toEqual({ outcome: 'unauthorized' });
    },
  );

  it('has EWS switched off, or lets other programs in only', async () => {
    const { control } = under.emulator;
    control.setFor(EMAIL, { ewsEnabled: false });
    for (const ewsDisabledAnswer of ['forbidden', 'access_denied'] as const) {
      control.set({ ewsDisabledAnswer });
      expect(await under.reader.listCalendars(AMIRA, 'full')).toMatchObject({
        outcome: 'forbidden',
        operatorHint: expect.stringContaining('EwsEnabled'),
      });
    }
    control.setFor(EMAIL, { ewsEnabled: true });
    control.set({ allowedUserAgents: ['Outlook'] });
    expect(await under.reader.listCalendars(AMIRA, 'full')).toMatchObject({ outcome: 'forbidden' });
    control.set({ allowedUserAgents: ['CalendarConnect'] });
    expect(await under.reader.listCalendars(AMIRA, 'full')).toMatchObject({ outcome: 'ok' });
  });

  it('has the mailbox no longer', async () => {
    for (const mailbox of ['exchange_online', 'none'] as const) {
      under.emulator.control.setFor(EMAIL, { mailbox });
      expect(await under.reader.listCalendars(AMIRA, 'full')).toMatchObject({ outcome: 'no_mailbox' });
      expect(await under.reader.freeBusy(AMIRA, { mode: 'full', ...RANGE })).toMatchObject({ outcome: 'no_mailbox' });
      expect(await create()).toMatchObject({ outcome: 'no_mailbox' });
    }
  });

  it('ends the connection in the middle: what reads is asked again, and what writes is not', async () => {
    const { control } = under.emulator;
    control.addFault({ group: 'ews', operation: 'FindFolder', drop: true, times: 1 });
    expect(await under.reader.listCalendars(AMIRA, 'full')).toMatchObject({ outcome: 'ok' });
    control.addFault({ group: 'ews', operation: 'CreateItem', drop: true, times: 1 });
    expect(await create()).toMatchObject({ outcome: 'unavailable' });
    expect(control.requests.filter(({ operation }) => operation === 'CreateItem')).toHaveLength(1);
    // Whoever asks again with the same key gets one event.
    const made = valueOf(await create());
    expect(valueOf(await create()).providerEventId).toBe(made.providerEventId);
    expect(valueOf(await under.reader.listEvents(AMIRA, { calendarId: 'calendar', ...RANGE }))).toHaveLength(1);
  });

  it('answers what is none of Exchange’s, which is no free day', async () => {
    for (const body of ['<!DOCTYPE html><html></html>', '<s:Envelope xmlns:s="x"><s:Body/></s:Envelope>', '{"busy":[]}', '']) {
      const end = under.emulator.control.addFault({ group: 'ews', email: EMAIL, body });
      for (const mode of ['full', 'free_busy'] as const) {
        expect(await under.reader.freeBusy(AMIRA, { mode, ...RANGE })).toMatchObject({ outcome: 'unavailable' });
      }
      end();
    }
  });

  it('has more events than one answer holds, and all of them are read, over more than two years', async () => {
    const at = (index: number) => ({ dateTime: new Date(DAY + index * 600_000).toISOString().slice(0, 19), timeZone: 'UTC' });
    for (let index = 0; index < 1001; index += 1) {
      under.emulator.control.addEvent(EMAIL, { subject: 'x', start: at(index), end: at(index + 1) });
    }
    const range = { fromMs: DAY - 400 * DAY_MS, toMs: DAY + 400 * DAY_MS };
    const events = valueOf(await under.reader.listEvents(AMIRA, { calendarId: 'calendar', ...range }));
    expect(new Set(events.filter(({ title }) => title === 'x').map(({ providerEventId }) => providerEventId)).size).toBe(1001);
  });

  it('tells a calendar that is read-only from one that is not there', async () => {
    const calendars = valueOf(await under.reader.listCalendars(AMIRA, 'full'));
    expect(calendars.map(({ name, primary, readonly }) => [name, primary, readonly])).toEqual([
      ['Calendar', true, false],
      ['Team holidays', false, false],
      ['Room plan', false, true],
    ]);
    const into = (calendarId = '') => under.reader.createEvent(AMIRA, { calendarId, idempotencyKey: 'k', event: EVENT });
    expect(await into(calendars[2]?.providerCalendarId)).toMatchObject({ outcome: 'denied' });
    expect(await into('AAMkunknown=')).toMatchObject({ outcome: 'not_found' });
  });

  it('changes no event by the name of another calendar, and makes none again that was deleted', async () => {
    const [, team] = valueOf(await under.reader.listCalendars(AMIRA, 'full'));
    const { providerEventId: eventId } = valueOf(await create());
    const elsewhere = { calendarId: team?.providerCalendarId ?? '', eventId };
    expect(await under.reader.updateEvent(AMIRA, { ...elsewhere, changes: { title: 'y' } })).toMatchObject({ outcome: 'not_found' });
    expect(await under.reader.deleteEvent(AMIRA, elsewhere)).toMatchObject({ outcome: 'ok' });
    expect(valueOf(await create()).title).toBe('x');
    valueOf(await under.reader.deleteEvent(AMIRA, { calendarId: 'calendar', eventId }));
    expect(await create()).toMatchObject({ outcome: 'conflict' });
  });
});
