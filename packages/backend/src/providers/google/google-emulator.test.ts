import type { AccessMode } from '@calendar-connect/protocol';
import { type RunningGoogleEmulator, startGoogleEmulator } from '@calendar-connect/emulators';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOutbound } from '../../outbound/outbound.ts';
import { providerContract } from '../provider.contract.ts';
import type { AuthorizationRequest, Credential, ExchangeOutcome, Provider, ProviderClient } from '../provider.ts';
import { google } from './google.ts';
import type { GoogleOptions } from './options.ts';
import { redirectQuery, submitForm } from '../submit-form.contract.ts';

const PERSON = 'amira@partner.example';
const PREFIX = 'https://www.googleapis.com/auth/';
const REDIRECT_URI = 'http://connect.localhost:3000/connect/callback/google';
const CLIENT: ProviderClient = {
  id: 'pcl_000000000000000000000001',
  clientId: '123456789012-test.apps.googleusercontent.com',
  clientSecret: 'GOCSPX-test-secret',
};

function startEmulator(): Promise<RunningGoogleEmulator> {
  return startGoogleEmulator({ clients: [{ clientId: CLIENT.clientId, clientSecret: CLIENT.clientSecret, redirectUris: [REDIRECT_URI] }] });
}

function googleAt(url: string, options: Partial<GoogleOptions> = {}): Provider {
  return google({
    clientId: CLIENT.clientId,
    clientSecret: CLIENT.clientSecret,
    endpoints: {
      issuer: url,
      authorization: `${url}/o/oauth2/v2/auth`,
      token: `${url}/token`,
      revocation: `${url}/revoke`,
      keys: `${url}/oauth2/v3/certs`,
      api: url,
    },
    outbound: createOutbound({ timeoutMs: 500 }),
    ...options,
  });
}

/** How a person goes through Google's pages; by default as Amira, who agrees to all. */
interface Choices {
  readonly account?: string;
  readonly decision?: 'allow' | 'cancel';
  readonly untick?: readonly string[];
}

async function answerConsent(url: URL, { account = PERSON, decision = 'allow', untick = [] }: Choices = {}): Promise<URLSearchParams> {
  const consent = await submitForm(await fetch(url), { holding: 'name="account"', press: { account } });
  return redirectQuery(await submitForm(consent, { holding: 'name="decision"', press: { decision }, untick }));
}

for (const freeBusyScopes of ['calendar.events.freebusy', 'calendar.freebusy'] as const) {
  providerContract(`google, free/busy by ${freeBusyScopes}`, async () => {
    const emulator = await startEmulator();
    let closed: Promise<void> | undefined;
    return {
      provider: googleAt(emulator.url, { freeBusyScopes, outbound: createOutbound({ timeoutMs: 10_000 }) }),
      client: CLIENT,
      redirectUri: REDIRECT_URI,
      approve: (url) => answerConsent(url),
      revocation: 'supported',
      decline: (url) => answerConsent(url, { decision: 'cancel' }),
      close: () => (closed ??= emulator.close()),
    };
  });
}

describe('google at its emulator', () => {
  let emulator: RunningGoogleEmulator;
  let provider: Provider;

  beforeEach(async () => {
    emulator = await startEmulator();
    provider = googleAt(emulator.url);
  });
  afterEach(() => emulator.close());

  async function exchange(mode: AccessMode = 'full', choices: Choices = {}): Promise<ExchangeOutcome> {
    const connect = await provider.connect();
    const request: AuthorizationRequest = {
      redirectUri: REDIRECT_URI,
      mode,
      state: 'state-1',
      nonce: 'nonce-1',
      codeVerifier: 'verifier-0123456789-verifier-0123456789-012',
      loginHint: undefined,
      interaction: 'choose',
    };
    const reading = connect.readCallback(await answerConsent(connect.authorizationUrl(CLIENT, request), choices));
    if (reading.outcome !== 'code') throw new Error(`the callback was read as ${reading.outcome}`);
    return connect.exchange(CLIENT, { ...request, code: reading.code });
  }

  async function credential(mode: AccessMode = 'full', choices: Choices = {}): Promise<Credential> {
    const outcome = await exchange(mode, choices);
    if (outcome.outcome !== 'connected') throw new Error(`the exchange ended as ${JSON.stringify(outcome)}`);
    return outcome.credential;
  }

  it('learns the organisation, which makes it gsuite', async () => {
    const outcome = await exchange();
    expect(outcome).toMatchObject({ outcome: 'connected', identity: { name: PERSON, email: PERSON, organisation: 'partner.example' } });
    if (outcome.outcome === 'connected') expect(provider.providerService(outcome.identity, 'full')).toBe('gsuite');
  });

  it('gets a refresh token again from somebody who consented before', async () => {
    expect((await credential()).refreshToken).not.toBe((await credential()).refreshToken);
  });

  it.each(['full', 'free_busy'] as const)('gets %s exactly what it asks for', async (mode) => {
    expect(new Set((await credential(mode)).grantedScopes)).toEqual(new Set(provider.modes[mode]?.scopes));
  });

  it('gets no more in free/busy mode from somebody who gave full access before', async () => {
    await credential('full');
    expect((await credential('free_busy')).grantedScopes).not.toContain(`${PREFIX}calendar.events`);
  });

  it('notices a box left unticked, and can give back the rest', async () => {
    const outcome = await exchange('full', { untick: [`${PREFIX}calendar.events`] });
    expect(outcome).toMatchObject({ outcome: 'scopes_missing', missing: [`${PREFIX}calendar.events`], identity: { name: PERSON } });
    if (outcome.outcome === 'scopes_missing') {
      expect(await (await provider.connect()).revoke(CLIENT, outcome.credential)).toEqual({ outcome: 'revoked' });
    }
    expect(emulator.control.liveRefreshTokens(PERSON)).toBe(0);
  });

  it.each(['bad_signature', 'wrong_audience', 'wrong_issuer', 'wrong_nonce', 'expired'] as const)(
    'believes no id token with %s',
    async (idTokenFault) => {
      emulator.control.set({ idTokenFault });
      expect(await exchange()).toMatchObject({ outcome: 'failed', reason: 'identity_unverified' });
    },
  );

  it('makes no connection without a refresh token', async () => {
    emulator.control.set({ dropRefreshToken: true });
    expect(await exchange()).toMatchObject({ outcome: 'failed', reason: 'no_refresh_token' });
  });

  it('knows when access that was given for a time ends', async () => {
    emulator.control.set({ timeBasedAccessSeconds: 86_400 });
    const { endsAtMs = 0 } = await credential();
    expect(Math.abs(endsAtMs - Date.now() - 86_400_000)).toBeLessThan(5_000);
  });

  it.each([{ denyRefresh: true }, { adminPolicyEnforced: true }])('finds a grant dead after %j', async (change) => {
    const held = await credential();
    emulator.control.setFor(PERSON, change);
    expect(await (await provider.connect()).refresh(CLIENT, held)).toMatchObject({ outcome: 'rejected' });
  });

  it.each([429, 500, 503] as const)('waits as long as it is told by a %d, and asks once', async (status) => {
    const held = await credential();
    emulator.control.addFault({ status, retryAfterSeconds: 7 });
    emulator.control.clearRequests();
    const connect = await provider.connect();
    const wait = { outcome: 'unavailable', retryAfterMs: 7_000 };
    expect(await connect.refresh(CLIENT, held)).toMatchObject(wait);
    expect(await connect.revoke(CLIENT, held)).toMatchObject(wait);
    expect(await (await provider.calendar()).listCalendars(held, 'full')).toMatchObject(wait);
    expect(emulator.control.requests).toHaveLength(3);
  });

  it('does not wait for an answer that does not come', async () => {
    const held = await credential();
    emulator.control.addFault({ delayMs: 5_000 });
    expect(await (await provider.connect()).refresh(CLIENT, held)).toMatchObject({ outcome: 'unavailable' });
  });

  it('tells used-up quotas from missing rights', async () => {
    const held = await credential();
    const calendar = await provider.calendar();
    emulator.control.addFault({ group: 'calendar', status: 403, reason: 'userRateLimitExceeded', times: 1 });
    expect(await calendar.listCalendars(held, 'full')).toMatchObject({ outcome: 'unavailable' });
    const narrow = await exchange('free_busy', { untick: [`${PREFIX}calendar.calendarlist.readonly`] });
    if (narrow.outcome !== 'scopes_missing') throw new Error(`the exchange ended as ${JSON.stringify(narrow)}`);
    expect(await calendar.listCalendars(narrow.credential, 'free_busy')).toMatchObject({ outcome: 'forbidden' });
  });

  it('lists calendars with who may write and where Meet is allowed', async () => {
    const outcome = await (await provider.calendar()).listCalendars(await credential(), 'full');
    if (outcome.outcome !== 'ok') throw new Error(`the list ended as ${JSON.stringify(outcome)}`);
    expect(outcome.value).toContainEqual({
      providerCalendarId: PERSON,
      name: expect.any(String),
      primary: true,
      readonly: false,
      integratedConferencing: true,
    });
    expect(outcome.value.filter(({ readonly }) => readonly).map(({ name }) => name)).toEqual(['Room plan', 'Holidays in Germany']);
  });

  it.each([
    [{ meetPendingMs: 300 }, { outcome: 'ok', value: { meetingUrl: expect.stringMatching(/^https:\/\/meet\.google\.com\//) } }],
    [{ meetPendingMs: Infinity }, { outcome: 'ok', value: { meetingUrl: undefined, conferencingState: 'pending' } }],
    [{ meetFails: true }, { outcome: 'ok', value: { meetingUrl: undefined, conferencingState: 'failed' } }],
    [{ meetOff: true }, { outcome: 'invalid' }],
  ])('makes a conference with an event, or says what became of it: %j', async (change, expected) => {
    emulator.control.setFor(PERSON, change);
    const [calendar, held] = [await provider.calendar(), await credential()];
    const time = { allDay: false, startMs: Date.parse('2031-05-17T09:00:00Z'), endMs: Date.parse('2031-05-17T10:00:00Z') } as const;
    const event = { title: 'Talk', time, conferencing: 'integrated' } as const;
    expect(await calendar.createEvent(held, { calendarId: PERSON, idempotencyKey: 'key-1', event })).toMatchObject(expected);
    const list = await calendar.listCalendars(held, 'full');
    const primary = list.outcome === 'ok' ? list.value.find((one) => one.primary) : undefined;
    expect(primary?.integratedConferencing).toBe(!('meetOff' in change));
  });

  it('lists more calendars than a page holds', async () => {
    const account = 'many@partner.example';
    const calendars = Array.from({ length: 260 }, (_, index) => ({
      id: `c_${index}@group.calendar.google.com`,
      summary: `Calendar ${index}`,
    }));
    emulator.control.addUser({ email: account, name: 'Many Calendars', calendars });
    const outcome = await (await provider.calendar()).listCalendars(await credential('full', { account }), 'full');
    if (outcome.outcome !== 'ok') throw new Error(`the list ended as ${JSON.stringify(outcome)}`);
    expect(new Set(outcome.value.map(({ providerCalendarId }) => providerCalendarId)).size).toBe(261);
    expect(emulator.control.requests.filter(({ path }) => path.endsWith('/calendarList'))).toHaveLength(2);
  });

  it('ends with the revocation, everywhere', async () => {
    const [first, second] = [await credential('full'), await credential('free_busy')];
    const connect = await provider.connect();
    expect(await connect.revoke(CLIENT, second)).toEqual({ outcome: 'revoked' });
    expect(await connect.refresh(CLIENT, first)).toMatchObject({ outcome: 'rejected' });
    expect(await (await provider.calendar()).listCalendars(first, 'full')).toEqual({ outcome: 'unauthorized' });
  });
});
