import { describe, expect, test } from 'vitest';
import { AMIRA, CLIENT_ID, createMicrosoftUnderTest, FULL, JONAS, LEA } from '../../test/microsoft-under-test.ts';

describe('a fault', () => {
  test('strikes the next requests of its group and no others', async () => {
    const { token, request, control } = createMicrosoftUnderTest();
    const refresh = { grant_type: 'refresh_token', refresh_token: 'x' };
    control.addFault({ group: 'token', status: 503, retryAfterSeconds: 3, times: 1 });

    expect((await request('/common/v2.0/.well-known/openid-configuration')).status).toBe(200);
    const struck = await token(refresh);
    expect([struck.status, struck.headers.get('Retry-After'), struck.body['error']]).toEqual([503, '3', 'temporarily_unavailable']);
    expect((await token(refresh)).status).toBe(400);
  });

  test('strikes until it is removed', async () => {
    const { request, control } = createMicrosoftUnderTest();
    const remove = control.addFault({ group: 'identity', status: 502 });

    expect((await request('/common/discovery/v2.0/keys')).status).toBe(502);
    remove();
    expect((await request('/common/discovery/v2.0/keys')).status).toBe(200);
  });

  test('can be a delay alone, or an outage of the pages', async () => {
    const { browser, authorizeUrl, control } = createMicrosoftUnderTest();
    control.addFault({ group: 'authorize', delayMs: 60, times: 1 });
    const start = performance.now();
    expect((await browser.visit(authorizeUrl())).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThan(50);

    control.addFault({ group: 'authorize', status: 503, times: 1 });
    const outage = await browser.visit(authorizeUrl());
    expect(outage.status).toBe(503);
    expect(outage.text).toContain('not Microsoft');
  });
});

test('reset puts switches and faults back to the options of the start', async () => {
  const { browser, authorizeUrl, control } = createMicrosoftUnderTest({ switches: { crossOriginOpenerPolicy: 'unsafe-none' } });
  control.set({ crossOriginOpenerPolicy: false });
  control.addFault({ status: 500 });

  control.reset();

  const { status, headers } = await browser.visit(authorizeUrl());
  expect(status).toBe(200);
  expect(headers.get('Cross-Origin-Opener-Policy')).toBe('unsafe-none');
});

test('the log tells method, path and status of what reached Microsoft, and nothing secret', async () => {
  const { tokens, callWith, control } = createMicrosoftUnderTest();
  const { access_token: accessToken = '' } = await tokens(LEA);
  await callWith(accessToken)('GET', '/me/calendars');

  expect(control.requests.map(({ method, path, status }) => [method, path, status])).toEqual([
    ['GET', '/common/oauth2/v2.0/authorize', 200],
    ['POST', '/common/oauth2/v2.0/authorize/account', 200],
    ['POST', '/common/oauth2/v2.0/authorize/consent', 302],
    ['POST', '/common/oauth2/v2.0/token', 200],
    ['GET', '/v1.0/me/calendars', 200],
  ]);
  expect(JSON.stringify(control.requests)).not.toContain(accessToken);
  control.clearRequests();
  expect(control.requests).toEqual([]);
});

test('organisations, people, clients and events can be added while it runs', async () => {
  const app = createMicrosoftUnderTest();
  app.control.addTenant({ domain: 'Workshop.example', displayName: 'Workshop', consentPolicy: 'user' });
  app.control.addUser({
    email: 'Ida@workshop.example',
    name: 'Ida Krause',
    tenant: 'workshop.example',
    calendars: [{ id: 'AAMkChoir', name: 'Choir' }],
  });
  const start = { dateTime: '2026-12-20T00:00:00', timeZone: 'UTC' };
  const end = { dateTime: '2026-12-21T00:00:00', timeZone: 'UTC' };
  app.control.addEvent('ida@workshop.example', { id: 'concert', subject: 'Concert', isAllDay: true, start, end }, 'AAMkChoir');
  const call = await app.calling('ida@workshop.example', 'Calendars.Read');

  expect((await call('GET', '/me/calendars/AAMkChoir/events/concert')).body).toMatchObject({ subject: 'Concert' });
  expect(app.control.users.map((user) => user.email)).toContain('ida@workshop.example');
  expect(() => app.control.addEvent('ida@workshop.example', { start, end }, 'nowhere')).toThrow(RangeError);
  expect(() => app.control.setFor('nobody@workshop.example', {})).toThrow(RangeError);
  expect(() => app.control.approve({ tenant: 'nowhere.example', clientId: CLIENT_ID })).toThrow(RangeError);
  expect(() => app.control.approve({ tenant: 'workshop.example', clientId: CLIENT_ID, scopes: ['Calendars.Steal'] })).toThrow(RangeError);
});

test('an administrator’s approval outside the pages is for everybody, a person’s for one', async () => {
  const { connect, control } = createMicrosoftUnderTest();
  control.setConsentPolicy('studio.example', 'admin');
  control.approveForUser(AMIRA, CLIENT_ID, FULL.split(' '));

  expect((await connect(AMIRA)).location?.searchParams.has('code')).toBe(true);
  expect((await connect(LEA)).text).toContain('Need admin approval');
  control.approve({ tenant: 'studio.example', clientId: CLIENT_ID });
  expect((await connect(LEA)).location?.searchParams.has('code')).toBe(true);
});

test('access tokens can be ended', async () => {
  const { calling, control } = createMicrosoftUnderTest();
  const call = await calling(JONAS, 'User.Read');
  expect((await call('GET', '/me')).status).toBe(200);

  control.expireAccessTokens(JONAS);

  expect((await call('GET', '/me')).status).toBe(401);
});

test('sessions can be revoked by an administrator', async () => {
  const { tokens, token, control } = createMicrosoftUnderTest();
  const { refresh_token: refreshToken = '' } = await tokens(LEA);
  expect(control.liveRefreshTokens(LEA)).toBe(1);

  control.revokeSessions(LEA);

  expect(control.liveRefreshTokens(LEA)).toBe(0);
  expect((await token({ grant_type: 'refresh_token', refresh_token: refreshToken })).body['error_codes']).toEqual([50173]);
});

test.each([
  [{ clients: [{ clientId: 'app', clientSecret: 'x', redirectUris: [] }] }, 'clients[].clientId'],
  [{ clients: [{ clientId: CLIENT_ID, clientSecret: '', redirectUris: [] }] }, 'clients[].clientSecret'],
  [
    { clients: [{ clientId: CLIENT_ID, clientSecret: 'x', redirectUris: [], signInAudience: 'AzureADMyOrg' as const }] },
    'clients[].homeTenant',
  ],
  [{ tenants: [{ id: 'partner', domain: 'partner.example', displayName: 'P' }] }, 'tenants[].id'],
  [{ users: [{ email: AMIRA, name: 'A', tenant: 'nowhere.example' }] }, 'users[].tenant'],
  [{ users: [{ email: AMIRA, name: 'A', timeZone: 'Mars' }] }, 'users[].timeZone'],
  [{ publicUrl: 'nowhere' }, 'publicUrl'],
])('an option that cannot be says which one it is: %#', (options, name) => {
  expect(() => createMicrosoftUnderTest(options)).toThrow(name);
});
