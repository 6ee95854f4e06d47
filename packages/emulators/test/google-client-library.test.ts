import { auth, calendar } from 'googleapis/build/src/apis/calendar/index.js';
import { oauth2 } from 'googleapis/build/src/apis/oauth2/index.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGoogleEmulator, type RunningGoogleEmulator } from '../src/index.ts';
import { AMIRA, CHALLENGE, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, VERIFIER } from './app-under-test.ts';
import { createBrowser } from './browser.ts';

const AUTH = 'https://www.googleapis.com/auth/';
let google: RunningGoogleEmulator;

beforeAll(async () => {
  google = await startGoogleEmulator({
    clients: [{ clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, redirectUris: [REDIRECT_URI] }],
    publicUrl: (port) => `http://google.localhost:${port}`,
    issuer: 'https://accounts.google.com',
  });
});

afterAll(() => google.close());

function createClient() {
  const at = (path: string): string => `${google.url}${path}`;
  return new auth.OAuth2({
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    redirectUri: REDIRECT_URI,
    endpoints: {
      oauth2AuthBaseUrl: at('/o/oauth2/v2/auth'),
      oauth2TokenUrl: at('/token'),
      oauth2RevokeUrl: at('/revoke'),
      tokenInfoUrl: at('/tokeninfo'),
      oauth2FederatedSignonJwkCertsUrl: at('/oauth2/v3/certs'),
      oauth2FederatedSignonPemCertsUrl: at('/oauth2/v1/certs'),
    },
  });
}

test('Google’s own client library goes through consent, exchange, verification, the Calendar API, refresh and revocation', async () => {
  const client = createClient();
  const browser = createBrowser(fetch);
  const scope = ['openid', 'email', `${AUTH}calendar.events`, `${AUTH}calendar.calendarlist.readonly`, `${AUTH}calendar.freebusy`];
  await browser.visit(
    client.generateAuthUrl({
      access_type: 'offline',
      prompt: 'consent',
      scope,
      state: 's',
      code_challenge: CHALLENGE,
      code_challenge_method: 'S256' as never,
    }),
  );
  await browser.press(AMIRA);
  const { location } = await browser.press('Allow');
  expect(location?.searchParams.get('iss')).toBe('https://accounts.google.com');

  const { tokens } = await client.getToken({ code: location?.searchParams.get('code') ?? '', codeVerifier: VERIFIER });
  client.setCredentials(tokens);
  const info = await client.getTokenInfo(tokens.access_token ?? '');
  expect(info).toMatchObject({ aud: CLIENT_ID, email: AMIRA, access_type: 'offline' });
  expect(info.scopes).toContain(`${AUTH}calendar.events`);
  expect((await oauth2({ version: 'v2', auth: client, rootUrl: google.url }).userinfo.get()).data).toMatchObject({
    email: AMIRA,
    verified_email: true,
  });

  const api = calendar({ version: 'v3', auth: client, rootUrl: google.url });
  const list = await api.calendarList.list({ maxResults: 2 });
  expect(list.data.items?.[0]).toMatchObject({ id: AMIRA, primary: true, accessRole: 'owner', summary: AMIRA });
  expect(list.data.nextPageToken).toBeDefined();
  const start = { dateTime: '2026-12-01T10:00:00+01:00' };
  const end = { dateTime: '2026-12-01T11:00:00+01:00' };
  const inserted = await api.events.insert({ calendarId: 'primary', requestBody: { summary: 'Interview', start, end } });
  const window = { timeMin: '2026-12-01T00:00:00Z', timeMax: '2026-12-02T00:00:00Z' };
  const events = await api.events.list({ calendarId: 'primary', ...window, singleEvents: true, orderBy: 'startTime' });
  expect(events.data.items?.map((event) => event.summary)).toContain('Interview');
  const busy = await api.freebusy.query({ requestBody: { ...window, items: [{ id: 'primary' }] } });
  expect(busy.data.calendars?.['primary']?.busy).toContainEqual({ start: '2026-12-01T09:00:00Z', end: '2026-12-01T10:00:00Z' });
  await api.events.delete({ calendarId: 'primary', eventId: inserted.data.id ?? '' });

  const { credentials } = await client.refreshAccessToken();
  expect(credentials.access_token).not.toBe(tokens.access_token);
  expect(credentials.refresh_token).toBe(tokens.refresh_token);
  expect((await client.revokeToken(tokens.refresh_token ?? '')).status).toBe(200);
  await expect(client.refreshAccessToken()).rejects.toThrow('invalid_grant');
  await expect(api.calendarList.list()).rejects.toThrow();
});

test('its verifier accepts the ID token against the emulator’s keys, and only for its own client', async () => {
  const client = createClient();
  const browser = createBrowser(fetch);
  await browser.visit(client.generateAuthUrl({ scope: ['openid', 'email'] }));
  await browser.press(AMIRA);
  const { location } = await browser.press('Allow');
  const { tokens } = await client.getToken(location?.searchParams.get('code') ?? '');
  const ticket = await client.verifyIdToken({ idToken: tokens.id_token ?? '', audience: CLIENT_ID });
  expect(ticket.getPayload()).toMatchObject({ email: AMIRA, email_verified: true, hd: 'partner.example', azp: CLIENT_ID });
  await expect(client.verifyIdToken({ idToken: tokens.id_token ?? '', audience: 'another' })).rejects.toThrow('Wrong recipient');
  google.control.set({ idTokenFault: 'bad_signature' });
  // A new consent is not needed any more: choosing the account ends at the callback.
  await browser.visit(client.generateAuthUrl({ scope: ['openid', 'email'] }));
  const again = await browser.press(AMIRA);
  const forged = await client.getToken(again.location?.searchParams.get('code') ?? '');
  await expect(client.verifyIdToken({ idToken: forged.tokens.id_token ?? '', audience: CLIENT_ID })).rejects.toThrow(
    'Invalid token signature',
  );
  google.control.reset();
});
