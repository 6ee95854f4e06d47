import type { RunningMicrosoftEmulator } from '@calendar-connect/emulators';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { calendarTests } from '../../calendar.contract.ts';
import type { CalendarReader, ProviderEvent } from '../../calendar-reader.ts';
import type { Credential, Provider } from '../../provider.ts';
import { AMIRA, CLIENT, LEA, NOOR, startEmulator } from '../microsoft-people.contract.ts';
import { apisAsked, credentialIn, doorTo, ewsAt } from './ews-people.contract.ts';
import { EWS_ENDS_AT_MS, EWS_SCOPE } from './legacy-ews.ts';

const OTTO = 'otto@partner.example';
const DAY_MS = 86_400_000;
/** Monday of the week in which the emulator's people have their events. */
const MONDAY = Math.floor(Date.now() / DAY_MS) * DAY_MS - ((new Date().getUTCDay() + 6) % 7) * DAY_MS;
const WEEK = { fromMs: MONDAY, toMs: MONDAY + 7 * DAY_MS };
const EWS_SCOPES = [EWS_SCOPE, 'https://outlook.office365.com/User.Read'];

function valueOf<T>(outcome: { readonly outcome: 'ok'; readonly value: T } | { readonly outcome: string }): T {
  if ('value' in outcome) return outcome.value;
  throw new Error(`the call ended as ${JSON.stringify(outcome)}`);
}

describe('the calendars of microsoft over EWS at its emulator', () => {
  let emulator: RunningMicrosoftEmulator;
  let provider: Provider;
  let reader: CalendarReader;

  beforeEach(async () => {
    emulator = await startEmulator();
    // The emulator's people live in this week, and EWS ends by the clock one day.
    provider = ewsAt(emulator.url, { now: () => Math.min(Date.now(), EWS_ENDS_AT_MS - 1) });
    reader = await provider.calendar();
    emulator.control.approve({ tenant: 'partner.example', clientId: CLIENT.clientId, scopes: EWS_SCOPES });
  });
  afterEach(() => emulator.close());

  const credentialOf = async (account: string): Promise<Credential> => {
    const credential = await credentialIn(provider, account);
    emulator.control.clearRequests();
    return credential;
  };

  calendarTests({
    reader: () => Promise.resolve(reader),
    modes: () => ['full'],
    credential: () => credentialOf(LEA),
  });

  it('is granted for one resource, and keeps the address that calls are routed by', async () => {
    const credential = await credentialOf(AMIRA);
    expect(credential.grantedScopes).toEqual(expect.arrayContaining(EWS_SCOPES));
    expect(credential.grantedScopes.join(' ')).not.toMatch(/Calendars|graph/);
    expect(credential.mailbox).toBe(AMIRA);
    const connect = await provider.connect();
    expect(await connect.refresh(CLIENT, credential)).toMatchObject({ outcome: 'refreshed', credential: { mailbox: AMIRA } });
  });

  it('lists calendars, which is the primary one, and who may write', async () => {
    const credential = await credentialOf(AMIRA);
    expect(valueOf(await reader.listCalendars(credential, 'full'))).toEqual([
      { providerCalendarId: expect.any(String), name: 'Calendar', primary: true, readonly: false, integratedConferencing: false },
      { providerCalendarId: expect.any(String), name: 'Team holidays', primary: false, readonly: false, integratedConferencing: false },
      { providerCalendarId: expect.any(String), name: 'Room plan', primary: false, readonly: true, integratedConferencing: false },
    ]);
    expect(apisAsked(emulator)).toEqual(['ews']);
  });

  it('lists a week: occurrences with their series, whole days by date, texts plain', async () => {
    const credential = await credentialOf(AMIRA);
    const [primary] = valueOf(await reader.listCalendars(credential, 'full'));
    const events = valueOf(await reader.listEvents(credential, { calendarId: primary?.providerCalendarId ?? '', ...WEEK }));
    const byTitle = new Map(events.map((event) => [event.title, event]));
    const date = (offset: number): string => new Date(MONDAY + offset * DAY_MS).toISOString().slice(0, 10);
    expect(events.filter(({ seriesId }) => seriesId === 'amirastandup')).toHaveLength(5);
    expect(new Set(events.map(({ providerEventId }) => providerEventId)).size).toBe(events.length);
    expect(byTitle.get('Trade fair')).toMatchObject({
      time: { allDay: true, startDate: date(3), endDate: date(5) },
      showAs: 'out_of_office',
      seriesId: undefined,
    });
    expect(byTitle.get('Doctor')).toMatchObject({ sensitivity: 'private', timeZone: 'Europe/Berlin' });
    expect(byTitle.get('Budget talk with Jonas')).toMatchObject({
      description: 'Numbers for next year. Bring the draft.',
      organizer: { email: AMIRA, name: 'Amira Haddad' },
      attendees: [{ email: 'jonas@outlook.example', name: 'Jonas Weber', status: 'needs_action' }],
      participation: 'accepted',
    } satisfies Partial<ProviderEvent>);
  });

  it('reads more events than one call finds, to the last, and over more than two years', async () => {
    const account = 'many@studio.example';
    const startOf = (index: number): string => new Date(MONDAY + index * 600_000).toISOString().slice(0, -1);
    const events = Array.from({ length: 1001 }, (_, index) => ({
      start: { dateTime: startOf(index), timeZone: 'UTC' },
      end: { dateTime: startOf(index + 1), timeZone: 'UTC' },
    }));
    emulator.control.addUser({ email: account, name: 'Many Events', tenant: 'studio.example', events });
    const credential = await credentialOf(account);
    const [primary] = valueOf(await reader.listCalendars(credential, 'full'));
    const calendarId = primary?.providerCalendarId ?? '';
    const range = { fromMs: MONDAY - 400 * DAY_MS, toMs: MONDAY + 400 * DAY_MS };
    const found = valueOf(await reader.listEvents(credential, { calendarId, ...range }));
    expect(new Set(found.map(({ providerEventId }) => providerEventId)).size).toBe(1001);
    expect(found).toHaveLength(1001);
    expect(valueOf(await reader.freeBusy(credential, { mode: 'full', ...range }))).toEqual([
      { providerCalendarId: calendarId, status: 'busy', time: { allDay: false, startMs: MONDAY, endMs: MONDAY + 1001 * 600_000 } },
    ]);
  });

  it('tells availability without a word of what it is about', async () => {
    const credential = await credentialOf(AMIRA);
    const spans = valueOf(await reader.freeBusy(credential, { mode: 'full', ...WEEK }));
    expect(spans.length).toBeGreaterThan(3);
    expect(new Set(spans.map(({ status }) => status))).toEqual(new Set(['busy', 'free']));
    expect(JSON.stringify(spans)).not.toMatch(/Stand-up|Doctor|Budget|fair/);
  });

  it('tells a calendar that is read-only from one that is not there', async () => {
    const credential = await credentialOf(AMIRA);
    const calendars = valueOf(await reader.listCalendars(credential, 'full'));
    const create = (calendarId: string) =>
      reader.createEvent(credential, {
        calendarId,
        idempotencyKey: 'key-1',
        event: { title: 'x', time: { allDay: false, startMs: MONDAY, endMs: MONDAY + 1000 } },
      });
    expect(await create(calendars[2]?.providerCalendarId ?? '')).toMatchObject({ outcome: 'denied' });
    expect(await create('AAMkunknown=')).toMatchObject({ outcome: 'not_found' });
  });

  it('changes no event by the id of another calendar, and makes none again that was deleted', async () => {
    const credential = await credentialOf(AMIRA);
    const calendars = valueOf(await reader.listCalendars(credential, 'full'));
    const [own = '', team = ''] = calendars.map(({ providerCalendarId }) => providerCalendarId);
    const request = {
      calendarId: own,
      idempotencyKey: 'key-1',
      event: { title: 'x', time: { allDay: true, startDate: '2031-05-17', endDate: '2031-05-18' } },
    } as const;
    const { providerEventId: eventId } = valueOf(await reader.createEvent(credential, request));
    expect(await reader.updateEvent(credential, { calendarId: team, eventId, changes: { title: 'y' } })).toMatchObject({
      outcome: 'not_found',
    });
    expect(await reader.deleteEvent(credential, { calendarId: team, eventId })).toMatchObject({ outcome: 'ok' });
    expect(valueOf(await reader.createEvent(credential, request)).providerEventId).toBe(eventId);
    await reader.deleteEvent(credential, { calendarId: own, eventId });
    expect(await reader.createEvent(credential, request)).toMatchObject({ outcome: 'conflict' });
  });

  it('takes guests away, and says what Exchange would not take', async () => {
    const credential = await credentialOf(AMIRA);
    const [own] = valueOf(await reader.listCalendars(credential, 'full'));
    const target = { calendarId: own?.providerCalendarId ?? '', eventId: 'amirabudget' };
    expect(valueOf(await reader.updateEvent(credential, { ...target, changes: { attendees: [] } }))).toMatchObject({
      attendees: [],
      title: 'Budget talk with Jonas',
    });
    expect(valueOf(await reader.updateEvent(credential, { ...target, changes: {} }))).toMatchObject({ title: 'Budget talk with Jonas' });
    const backwards = { allDay: false, startMs: MONDAY + 1000, endMs: MONDAY } as const;
    expect(await reader.updateEvent(credential, { ...target, changes: { time: backwards } })).toMatchObject({ outcome: 'invalid' });
    expect(await reader.updateEvent(credential, { ...target, changes: { attendees: [{ email: 'nobody' }] } })).toMatchObject({
      outcome: 'invalid',
    });
  });

  it('writes and reads back whatever a text may hold', async () => {
    const credential = await credentialOf(LEA);
    const [own] = valueOf(await reader.listCalendars(credential, 'full'));
    const title = `</t:Subject>&amp; "quotes" 'and' <b>é😀</b>\u0007`;
    const description = 'one\ntwo\tthree & <four>';
    const time = { allDay: false, startMs: MONDAY, endMs: MONDAY + 1000 } as const;
    const made = valueOf(
      await reader.createEvent(credential, {
        calendarId: own?.providerCalendarId ?? '',
        idempotencyKey: 'key"&<1',
        event: { title, description, location: '', time },
      }),
    );
    expect(made).toMatchObject({ title: title.slice(0, -1), description, location: undefined });
  });

  it('says that the organisation has EWS switched off, and that there is no mailbox', async () => {
    const [lea, otto] = [await credentialOf(LEA), await credentialOf(OTTO)];
    emulator.control.setEwsEnabled('studio.example', false);
    expect(await reader.listCalendars(lea, 'full')).toEqual({
      outcome: 'forbidden',
      operatorHint: expect.stringContaining('the organisation has EWS switched off'),
    });
    const none = { outcome: 'no_mailbox', operatorHint: expect.stringContaining('ErrorNonExistentMailbox') };
    expect(await reader.listCalendars(otto, 'full')).toEqual(none);
    expect(await reader.freeBusy(otto, { mode: 'full', ...WEEK })).toEqual(none);
    expect(await reader.listEvents(otto, { calendarId: 'c', ...WEEK })).toEqual(none);
    expect(await reader.deleteEvent(otto, { calendarId: 'c', eventId: 'e' })).toEqual(none);
    emulator.control.setMailbox(OTTO, 'none');
    expect(await reader.listCalendars(otto, 'full')).toMatchObject({ outcome: 'no_mailbox' });
  });

  it('waits as long as a busy server wants, and asks once', async () => {
    const credential = await credentialOf(NOOR);
    emulator.control.addFault({ group: 'ews', status: 500, ewsCode: 'ErrorServerBusy', retryAfterSeconds: 297, times: 1 });
    expect(await reader.listCalendars(credential, 'full')).toMatchObject({ outcome: 'unavailable', retryAfterMs: 297_000 });
    emulator.control.addFault({ group: 'ews', status: 503, retryAfterSeconds: 7, times: 1 });
    expect(await reader.freeBusy(credential, { mode: 'full', ...WEEK })).toMatchObject({ outcome: 'unavailable', retryAfterMs: 7000 });
    expect(emulator.control.requests).toHaveLength(2);
  });
});

describe('a connection by EWS', () => {
  let emulator: RunningMicrosoftEmulator;
  let now = Date.parse('2027-03-30T12:00:00Z');

  beforeEach(async () => {
    now = Date.parse('2027-03-30T12:00:00Z');
    emulator = await startEmulator();
  });
  afterEach(() => emulator.close());

  const by = (legacyEws: boolean): Provider => ewsAt(emulator.url, { legacyEws, outbound: doorTo() });

  /** Which API lists the calendars of a credential. */
  async function apisFor(provider: Provider, credential: Credential): Promise<readonly string[]> {
    emulator.control.clearRequests();
    expect(await (await provider.calendar()).listCalendars(credential, 'full')).toMatchObject({ outcome: 'ok' });
    return apisAsked(emulator);
  }

  it('goes on by EWS where the option is off, and one by Graph where it is on', async () => {
    const [ews, graph] = [await credentialIn(by(true), LEA), await credentialIn(by(false), LEA)];
    for (const provider of [by(true), by(false)]) {
      expect(await apisFor(provider, ews)).toEqual(['ews']);
      expect(await apisFor(provider, graph)).toEqual(['graph']);
    }
  });

  it('moves to Graph, and back, with the next consent, even where the other still stands', async () => {
    const first = await credentialIn(by(true), LEA);
    const moved = await credentialIn(by(false), LEA);
    expect(moved.mailbox).toBeUndefined();
    expect([await apisFor(by(false), moved), await apisFor(by(false), await credentialIn(by(true), LEA))]).toEqual([['graph'], ['ews']]);
    const refreshed = await (await by(false).connect()).refresh(CLIENT, first);
    expect(await apisFor(by(false), refreshed.outcome === 'refreshed' ? refreshed.credential : moved)).toEqual(['ews']);
  });

  it('is told to connect again when EWS is gone, without a call', async () => {
    const provider = ewsAt(emulator.url, { legacyEws: true, now: () => now });
    const credential = { ...(await credentialIn(by(true), LEA)), accessTokenExpiresAtMs: EWS_ENDS_AT_MS + DAY_MS };
    const reader = await provider.calendar();
    expect(await reader.listCalendars(credential, 'full')).toMatchObject({ outcome: 'ok' });
    now = EWS_ENDS_AT_MS;
    emulator.control.clearRequests();
    const target = { calendarId: 'c', eventId: 'e' };
    const event = { title: 'x', time: { allDay: true, startDate: '2027-04-01', endDate: '2027-04-02' } } as const;
    for (const outcome of [
      await reader.listCalendars(credential, 'full'),
      await reader.freeBusy(credential, { mode: 'full', ...WEEK }),
      await reader.listEvents(credential, { calendarId: 'c', ...WEEK }),
      await reader.createEvent(credential, { calendarId: 'c', idempotencyKey: 'k', event }),
      await reader.updateEvent(credential, { ...target, changes: {} }),
      await reader.deleteEvent(credential, target),
    ]) {
      expect(outcome).toEqual({ outcome: 'forbidden', operatorHint: expect.stringContaining('connecting again moves to Microsoft Graph') });
    }
    expect(emulator.control.requests).toEqual([]);
    expect(provider.modes.full?.scopes).toContain('Calendars.ReadWrite');
  });
});
