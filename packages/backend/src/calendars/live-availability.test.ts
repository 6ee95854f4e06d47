import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeCalendars } from '../accounts/calendar-list.ts';
import { createCredentialRenewal } from '../accounts/credential-renewal.ts';
import { calendarsPlace, credentialPlace, writeCredential } from '../accounts/sealed-places.ts';
import type { Backend } from '../backend.ts';
import { openBackend } from '../open-backend.ts';
import type { CalendarAccessOutcome, CalendarReader, FreeBusyQuery, FreeBusySpan, ProviderCalendar } from '../providers/calendar-reader.ts';
import { google } from '../providers/google/google.ts';
import { openSqlite } from '../storage/sqlite.ts';
import { createScene, HOUR, NOW } from '../storage/store-fixtures.contract.ts';
import type { AuthorizedAccount } from '../storage/questions/authorized-account.ts';
import { calendarsOf } from './account-calendars.ts';
import type { AvailabilitySpan } from './availability.ts';
import { createLiveAvailability } from './live-availability.ts';

/** The only key. */
const KEYS = `k1:${Buffer.from('a key of thirty-two bytes, no more').subarray(0, 32).toString('base64url')}`;
const NINE = Date.UTC(2026, 10, 3, 9);
const CALENDARS = ['work', 'team', 'gone'].map((providerCalendarId, index): ProviderCalendar => ({
  providerCalendarId,
  name: providerCalendarId,
  primary: index === 0,
  readonly: false,
  integratedConferencing: false,
}));

let backend: Backend;
let account: AuthorizedAccount;
let freeBusy: (query: FreeBusyQuery) => Promise<CalendarAccessOutcome<readonly FreeBusySpan[]>>;
let asked: (readonly string[] | undefined)[];

beforeEach(async () => {
  asked = [];
  const reader: Pick<CalendarReader, 'freeBusy'> = {
    freeBusy: (_credential, query) => {
      asked.push(query.calendarIds);
      return freeBusy(query);
    },
  };
  backend = await openBackend({
    publicUrl: 'https://connect.example',
    database: openSqlite({ file: ':memory:' }),
    keys: KEYS,
    providers: [{ ...google({ clientId: 'operator', clientSecret: 'secret' }), calendar: async () => reader as CalendarReader }],
    log: () => undefined,
    now: () => NOW,
  });
  account = await connectedAccount();
});
afterEach(() => backend.store.close());

async function connectedAccount(): Promise<AuthorizedAccount> {
  const { store, vault } = backend;
  const scene = await createScene(store);
  const [accountId, profileId] = [scene.id('acc_'), scene.id('pro_')];
  const place = { id: profileId, applicationId: scene.application.id };
  const credential = { accessToken: 'a', accessTokenExpiresAtMs: NOW + HOUR, refreshToken: 'r', grantedScopes: [], endsAtMs: undefined };
  const { account } = await scene.stand({
    providerClientId: backend.providers.get('google')?.operatorClient.id ?? '',
    candidate: { accountId, profileId, grantId: scene.id('grn_'), dataKey: vault.createDataKey(accountId) },
    seal: (dataKey) => ({
      credential: vault.seal(dataKey, credentialPlace(place), writeCredential(credential)),
      calendars: vault.seal(dataKey, calendarsPlace(place), writeCalendars(CALENDARS)),
    }),
  });
  const found = await account();
  if (found === undefined) throw new Error('the account was not found');
  return found;
}

async function ask(budgetMs?: number): Promise<readonly (AvailabilitySpan & { readonly name: string | undefined })[]> {
  const calendars = calendarsOf(backend, account);
  const deps = { ...backend, renewal: createCredentialRenewal(backend), ...(budgetMs === undefined ? {} : { budgetMs }) };
  const query = { account, calendars, from: '2026-11-03', to: '2026-11-04', timeZone: 'Europe/Berlin', includeManaged: false };
  const spans = await createLiveAvailability(deps).ask(query);
  return spans.map((span) => ({ ...span, name: calendars.find(({ calendarId }) => calendarId === span.calendarId)?.calendar.name }));
}

const busyAt = (query: FreeBusyQuery): CalendarAccessOutcome<readonly FreeBusySpan[]> => ({
  outcome: 'ok',
  value: (query.calendarIds ?? []).map((providerCalendarId) => ({
    providerCalendarId,
    status: 'busy',
    time: { allDay: false, startMs: NINE, endMs: NINE + HOUR },
  })),
});

describe('availability as the providers tell it', () => {
  it('is unknown for the one calendar that cannot be read, over the whole range, and told for the others', async () => {
    freeBusy = async (query) => (query.calendarIds?.includes('gone') ? { outcome: 'not_found', operatorHint: '' } : busyAt(query));
    const day = { allDay: false, startMs: Date.parse('2026-11-02T23:00:00Z'), endMs: Date.parse('2026-11-03T23:00:00Z') };
    const spans = await ask();
    expect(spans.map(({ name, status, time }) => [name, status, time])).toEqual([
      ['gone', 'unknown', day],
      ...['work', 'team']
        .toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
        .map((name) => [name, 'busy', { allDay: false, startMs: NINE, endMs: NINE + HOUR }]),
    ]);
    expect(asked).toEqual([['work', 'team', 'gone'], ['work'], ['team'], ['gone']]);
  });

  it('is unknown when a provider takes longer than there is time, and the answer does not wait for it', async () => {
    freeBusy = () => new Promise(() => undefined);
    const begun = performance.now();
    const spans = await ask(50);
    expect(performance.now() - begun).toBeLessThan(1500);
    expect(spans.map(({ status }) => status)).toEqual(['unknown', 'unknown', 'unknown']);
  });

  it('is unknown where something breaks that nobody foresaw', async () => {
    freeBusy = () => Promise.reject(new TypeError('surprise'));
    expect((await ask()).map(({ status }) => status)).toEqual(['unknown', 'unknown', 'unknown']);
  });

  it('asks a provider in trouble once, and not once for each calendar', async () => {
    freeBusy = async () => ({ outcome: 'unavailable', retryAfterMs: undefined, operatorHint: '' });
    await ask();
    expect(asked).toHaveLength(1);
  });

  it('leaves out whole days that are none of the days asked for', async () => {
    const allDay = (startDate: string, endDate: string): FreeBusySpan => ({
      providerCalendarId: 'work',
      status: 'busy',
      time: { allDay: true, startDate, endDate },
    });
    freeBusy = async () => ({
      outcome: 'ok',
      value: [allDay('2026-11-02', '2026-11-03'), allDay('2026-11-03', '2026-11-04'), allDay('2026-11-04', '2026-11-05')],
    });
    expect((await ask()).map(({ time }) => time)).toEqual([{ allDay: true, startDate: '2026-11-03', endDate: '2026-11-04' }]);
  });
});

function idOf(name: string): string {
  return calendarsOf(backend, account).find(({ calendar }) => calendar.name === name)?.calendarId ?? '';
}
