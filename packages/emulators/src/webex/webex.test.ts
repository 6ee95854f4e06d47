import { describe, expect, test } from 'vitest';
import { AMIRA, CLIENT, JONAS, serviceUnderTest, STATE, VERIFIER, type ServiceUnderTest } from '../../test/service-under-test.ts';
import { createWebexEmulator, type WebexControl, type WebexEmulatorOptions } from './create-webex-emulator.ts';
import { startWebexEmulator } from './start-webex-emulator.ts';

const SCOPE = 'spark:people_read meeting:schedules_read meeting:schedules_write';
const WAYS = {
  authorizePath: '/v1/authorize',
  tokenPath: '/v1/access_token',
  clientIn: 'body',
  allowButton: 'Accept',
  scope: SCOPE,
} as const;
const MEETING = { title: 'Interview', start: '2026-12-01T10:00:00+01:00', end: '2026-12-01T11:00:00+01:00', timezone: 'Europe/Berlin' };

function createUnderTest(options: Partial<WebexEmulatorOptions> = {}): ServiceUnderTest & { control: WebexControl } {
  const { app, control } = createWebexEmulator({ clients: [CLIENT], ...options });
  return { ...serviceUnderTest(app, WAYS), control };
}

describe('signing in', () => {
  test('ends with a code, or with access_denied', async () => {
    const { browser, authorizeUrl, connect } = createUnderTest();
    expect((await connect()).location?.searchParams.get('code')).toMatch(/^[\w-]{40,}$/);

    await browser.visit(authorizeUrl());
    expect((await browser.press(AMIRA)).text).toContain('Manage (schedule, update, delete) your Webex meetings');
    const { location } = await browser.press('Decline');

    expect(Object.fromEntries(location?.searchParams ?? [])).toEqual({ error: 'access_denied', state: STATE });
  });

  test.each([
    ['no scope', undefined],
    ['a scope that is not registered', `${SCOPE} spark:rooms_read`],
  ])('is refused with %s', async (_what, scope) => {
    const { browser, authorizeUrl } = createUnderTest();

    expect((await browser.visit(authorizeUrl({ scope }))).location?.searchParams.get('error')).toBe('invalid_scope');
  });
});

describe('tokens', () => {
  test('live for fourteen days, and the refresh token for ninety from its last use', async () => {
    let now = Date.now();
    const app = createUnderTest({ now: () => now });
    const first = await app.tokens();
    expect(first).toMatchObject({ expires_in: 1_209_599, refresh_token_expires_in: 7_775_999, token_type: 'Bearer', scope: SCOPE });
    const call = app.callWith(first['access_token'] ?? '');
    const refresh = (): ReturnType<typeof app.token> => app.token({ grant_type: 'refresh_token', refresh_token: first['refresh_token'] });

    now += 1_209_599_000;
    expect((await call('GET', '/v1/people/me')).status).toBe(401);
    const second = await refresh();
    expect(second.body).toMatchObject({ refresh_token: first['refresh_token'], refresh_token_expires_in: 7_775_999 });
    now += 80 * 86_400_000;
    expect((await refresh()).status).toBe(200);
    now += 7_775_999_000;
    const late = await refresh();

    expect(late.status).toBe(400);
    expect(late.body['message']).toBe('The refresh token provided is expired, revoked, malformed, or invalid.');
  });

  test('need the client in the form, its secret, and the verifier', async () => {
    const { connect, exchange, token } = createUnderTest();

    expect((await exchange(await connect(), { client_secret: 'wrong' })).status).toBe(401);
    expect((await exchange(await connect(), { code_verifier: `${VERIFIER}x` })).status).toBe(400);
    expect((await token({ grant_type: 'client_credentials' })).status).toBe(400);
    const screen = await connect();
    expect((await exchange(screen)).status).toBe(200);
    expect((await exchange(screen)).body['message']).toContain('authorization code');
  });
});

test('people/me says who the person is', async () => {
  const call = await createUnderTest().calling();

  const { body } = await call('GET', '/v1/people/me');

  expect(body).toMatchObject({ emails: [AMIRA], displayName: 'Amira Haddad', type: 'person' });
  expect(Buffer.from(String(body['id']), 'base64url').toString()).toMatch(/^ciscospark:\/\/us\/PEOPLE\/[\da-f-]{36}$/);
});

describe('a meeting', () => {
  test('is made with an address, a number and a password', async () => {
    const app = createUnderTest();

    const { status, body } = await (await app.calling())('POST', '/v1/meetings', MEETING);

    expect(status).toBe(200);
    expect(body).toMatchObject({ ...MEETING, meetingType: 'meetingSeries', hostEmail: AMIRA });
    expect(body['webLink']).toBe(`https://partner.webex.example/partner/j.php?MTID=m${String(body['id'])}`);
    expect(body['meetingNumber']).toMatch(/^\d{11}$/);
    expect(body['password']).toEqual(expect.any(String));
    expect(app.control.meetings).toHaveLength(1);
  });

  test('is changed whole by PUT, in part by PATCH, and is deleted once', async () => {
    const call = await createUnderTest().calling();
    const made = (await call('POST', '/v1/meetings', MEETING)).body;
    const path = `/v1/meetings/${String(made['id'])}`;

    expect((await call('PATCH', path, { title: 'Talk' })).body).toEqual({ ...made, title: 'Talk' });
    expect((await call('PUT', path, { title: 'Talk' })).status).toBe(400);
    expect((await call('PUT', path, MEETING)).body['message']).toBe("'password' is required.");
    expect((await call('PUT', path, { ...MEETING, password: made['password'] })).body).toEqual(made);
    expect((await call('GET', path)).body).toEqual(made);
    expect((await call('DELETE', path)).status).toBe(204);
    expect((await call('DELETE', path)).status).toBe(404);
  });

  test('of somebody else does not exist', async () => {
    const app = createUnderTest();
    const { body } = await (await app.calling())('POST', '/v1/meetings', MEETING);

    expect((await (await app.calling({}, JONAS))('GET', `/v1/meetings/${String(body['id'])}`)).status).toBe(404);
  });

  test.each([
    ['no title', { title: undefined }],
    ['no end', { end: undefined }],
    ['a time that is none', { start: 'soon' }],
    ['an unknown zone', { timezone: 'Mars/Base' }],
    ['nine minutes', { end: '2026-12-01T10:09:00+01:00' }],
    ['a whole day', { end: '2026-12-02T10:00:00+01:00' }],
  ])('is refused with %s', async (_what, changes) => {
    const { status, body } = await (await createUnderTest().calling())('POST', '/v1/meetings', { ...MEETING, ...changes });

    expect(status).toBe(400);
    expect(body).toEqual({
      message: expect.any(String),
      errors: [{ description: body['message'] }],
      trackingId: expect.stringMatching(/^ROUTER_/),
    });
  });

  test('without an offset is on the wall clock of its zone', async () => {
    const call = await createUnderTest().calling();

    expect(
      (await call('POST', '/v1/meetings', { ...MEETING, start: '2026-12-01 10:00:00', end: '2026-12-01T11:00:00+01:00' })).status,
    ).toBe(200);
  });
});

test.each([
  ['GET', '/v1/people/me', 'spark:people_read'],
  ['POST', '/v1/meetings', 'meeting:schedules_write'],
  ['DELETE', '/v1/meetings/1', 'meeting:schedules_write'],
  ['GET', '/v1/meetings/1', 'meeting:schedules_read'],
])('%s %s needs its scope and a token', async (method, path, needed) => {
  const app = createUnderTest();
  const scope = SCOPE.split(' ')
    .filter((word) => word !== needed)
    .join(' ');

  const { status, body } = await (await app.calling({ scope }))(method, path);

  expect([status, body['message']]).toEqual([403, `Missing required scope: ${needed}`]);
  expect((await app.request(path, { method })).status).toBe(401);
});

test('faults strike, and it listens', async () => {
  const webex = await startWebexEmulator({ clients: [CLIENT], faults: [{ group: 'api', status: 429, retryAfterSeconds: 9, times: 1 }] });

  const struck = await fetch(`${webex.url}/v1/people/me`);
  expect([struck.status, struck.headers.get('Retry-After')]).toEqual([429, '9']);
  expect((await fetch(`${webex.url}/v1/people/me`)).status).toBe(401);
  await webex.close();
});
