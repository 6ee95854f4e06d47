import { describe, expect, test } from 'vitest';
import { AMIRA, createAppUnderTest, JONAS } from '../../test/app-under-test.ts';

const LIST = '/users/me/calendarList';

describe('a fault', () => {
  test('strikes the next requests of its group and no others', async () => {
    const app = createAppUnderTest();
    const call = await app.calling(['calendar']);
    app.control.addFault({ group: 'calendar', status: 429, retryAfterSeconds: 7, times: 2 });

    const first = await call('GET', LIST);
    expect(first.status).toBe(429);
    expect(first.headers.get('Retry-After')).toBe('7');
    expect(first.body.error.errors[0]).toMatchObject({ domain: 'usageLimits', reason: 'rateLimitExceeded' });
    expect((await app.request('/oauth2/v3/certs')).status).toBe(200);
    expect((await call('GET', LIST)).status).toBe(429);
    expect((await call('GET', LIST)).status).toBe(200);
  });

  test('strikes until it is removed', async () => {
    const app = createAppUnderTest({ faults: [{ group: 'token', status: 503 }] });
    const call = { grant_type: 'refresh_token', refresh_token: '1//0' };
    expect((await app.token(call)).status).toBe(503);
    const remove = app.control.addFault({ group: 'revoke', status: 500 });
    expect((await app.request('/revoke?token=x', { method: 'POST' })).status).toBe(500);

    remove();
    expect((await app.request('/revoke?token=x', { method: 'POST' })).status).toBe(400);
    expect((await app.token(call)).status).toBe(503);
  });

  test('can strike one person’s calendar calls', async () => {
    const app = createAppUnderTest();
    const amira = await app.calling(['calendar'], AMIRA);
    const jonas = await app.calling(['calendar'], JONAS);
    app.control.addFault({ group: 'calendar', email: AMIRA, status: 403, reason: 'userRateLimitExceeded' });

    const struck = await amira('GET', LIST);
    expect(struck.status).toBe(403);
    expect(struck.body.error.errors[0]?.reason).toBe('userRateLimitExceeded');
    expect((await jonas('GET', LIST)).status).toBe(200);
  });

  test('can be a delay alone, or an outage of the pages', async () => {
    const { request, authorizeUrl, control } = createAppUnderTest();
    control.addFault({ group: 'authorize', delayMs: 60, times: 1 });
    const start = performance.now();
    expect((await request(authorizeUrl())).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThan(50);

    control.addFault({ group: 'authorize', status: 502, times: 1 });
    expect((await request(authorizeUrl())).status).toBe(502);
  });
});

test('reset puts switches and faults back to the options of the start', async () => {
  const { request, authorizeUrl, control } = createAppUnderTest({ switches: { crossOriginOpenerPolicy: true } });
  control.set({ crossOriginOpenerPolicy: false, disallowedUserAgent: true });
  control.addFault({ status: 500 });

  control.reset();

  const response = await request(authorizeUrl());
  expect(response.status).toBe(200);
  expect(response.headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin');
});

test('the log tells method, path and status of what reached Google, and nothing secret', async () => {
  const { tokens, request, control } = createAppUnderTest();
  control.clearRequests();
  const { access_token: accessToken = '' } = await tokens();
  await request(`/tokeninfo?access_token=${accessToken}`);

  expect(control.requests.map(({ method, path, status }) => [method, path, status])).toEqual([
    ['GET', '/o/oauth2/v2/auth', 200],
    ['POST', '/o/oauth2/v2/auth/account', 200],
    ['POST', '/o/oauth2/v2/auth/consent', 302],
    ['POST', '/token', 200],
    ['GET', '/tokeninfo', 200],
  ]);
  expect(JSON.stringify(control.requests)).not.toContain(accessToken);
});

test('people, clients and events can be added while it runs', async () => {
  const app = createAppUnderTest();
  app.control.addUser({ email: 'lea@gmail.example', name: 'Lea Sommer', calendars: [{ id: 'c_choir', summary: 'Choir' }] });
  app.control.addEvent('c_choir', { id: 'concert', summary: 'Concert', start: { date: '2026-12-20' }, end: { date: '2026-12-21' } });
  const call = await app.calling(['calendar'], 'lea@gmail.example');

  expect(app.control.users.map((user) => user.email)).toContain('lea@gmail.example');
  expect((await call('GET', '/calendars/c_choir/events/concert')).body).toMatchObject({ summary: 'Concert' });
  expect(() => app.control.addEvent('c_nowhere', { start: {}, end: {} })).toThrow(RangeError);
  expect(() => app.control.setFor('nobody@gmail.example', {})).toThrow(RangeError);
});

test('a person can end every grant, and codes that are on their way', async () => {
  const { connect, tokens, token, control } = createAppUnderTest();
  const { refresh_token: refreshToken = '' } = await tokens();
  const { location } = await connect();

  control.revokeAllFor(AMIRA);

  expect((await token({ grant_type: 'refresh_token', refresh_token: refreshToken })).body['error']).toBe('invalid_grant');
  expect((await token({ grant_type: 'authorization_code', code: location?.searchParams.get('code') ?? '' })).body['error']).toBe(
    'invalid_grant',
  );
});
