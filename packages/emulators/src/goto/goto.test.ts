import { describe, expect, test } from 'vitest';
import { AMIRA, CLIENT, JONAS, serviceUnderTest, STATE, type ServiceUnderTest } from '../../test/service-under-test.ts';
import { createGoToEmulator, type GoToControl, type GoToEmulatorOptions } from './create-goto-emulator.ts';
import { startGoToEmulator } from './start-goto-emulator.ts';

const WAYS = { authorizePath: '/oauth/authorize', tokenPath: '/oauth/token', clientIn: 'header', allowButton: 'Allow' } as const;
const MEETINGS = '/G2M/rest/meetings';
const MEETING = {
  subject: 'Interview',
  starttime: '2026-12-01T10:00:00Z',
  endtime: '2026-12-01T11:00:00Z',
  passwordrequired: false,
  conferencecallinfo: 'VoIP',
  timezonekey: '',
  meetingtype: 'scheduled',
};

function createUnderTest(options: Partial<GoToEmulatorOptions> = {}): ServiceUnderTest & { control: GoToControl } {
  const { app, control } = createGoToEmulator({ clients: [CLIENT], ...options });
  return { ...serviceUnderTest(app, WAYS), control };
}

async function made(call: Awaited<ReturnType<ServiceUnderTest['calling']>>): Promise<{ joinURL: string; meetingid: number }> {
  const { status, body } = await call('POST', MEETINGS, MEETING);
  expect(status).toBe(201);
  return (body as unknown as { joinURL: string; meetingid: number }[])[0] as { joinURL: string; meetingid: number };
}

test('signing in ends with a code, or with access_denied', async () => {
  const { browser, authorizeUrl, connect } = createUnderTest();
  expect((await connect()).location?.searchParams.get('code')).toMatch(/^[\w-]{40,}$/);

  await browser.visit(authorizeUrl());
  await browser.press(AMIRA);
  const { location } = await browser.press('Deny');

  expect(Object.fromEntries(location?.searchParams ?? [])).toEqual({ error: 'access_denied', state: STATE });
});

describe('tokens', () => {
  test('end with a revocation, which says nothing of what was there', async () => {
    const { app } = createGoToEmulator({ clients: [CLIENT] });
    const { tokens, token } = serviceUnderTest(app, WAYS);
    const { refresh_token: refreshToken = '' } = await tokens();
    const basic = `Basic ${Buffer.from(`${CLIENT.clientId}:${CLIENT.clientSecret}`).toString('base64')}`;
    const revoke = async (authorization: string): Promise<number> => {
      const body = new URLSearchParams({ token: refreshToken, token_type_hint: 'refresh_token' });
      return (await app.request('/oauth/revoke', { method: 'POST', headers: { authorization }, body })).status;
    };

    expect([await revoke('Basic eDp5'), await revoke(basic), await revoke(basic)]).toEqual([401, 200, 200]);
    expect((await token({ grant_type: 'refresh_token', refresh_token: refreshToken })).body).toMatchObject({ error: 'invalid_grant' });
  });

  test('say whose they are, and live for an hour', async () => {
    let now = Date.now();
    const app = createUnderTest({ now: () => now });
    const tokens = await app.tokens();
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'collab: identity:scim.me', principal: AMIRA });
    const call = app.callWith(tokens['access_token'] ?? '');
    expect((await call('GET', '/identity/v1/Users/me')).status).toBe(200);

    now += 3_600_000;

    const dead = await call('GET', '/identity/v1/Users/me');
    expect([dead.status, dead.body]).toEqual([403, { int_err_code: 'InvalidToken', msg: 'Invalid token passed' }]);
  });

  test('are refreshed without a new refresh token, for thirty days', async () => {
    let now = Date.now();
    const { tokens, token } = createUnderTest({ now: () => now });
    const { refresh_token: refreshToken } = await tokens();
    const refresh = (): ReturnType<typeof token> => token({ grant_type: 'refresh_token', refresh_token: refreshToken });

    expect((await refresh()).body).not.toHaveProperty('refresh_token');
    expect((await refresh()).status).toBe(200);
    now += 30 * 86_400_000;

    expect((await refresh()).body['error']).toBe('invalid_grant');
  });

  test('rotate where that is asked for: the old one is refused', async () => {
    const { tokens, token } = createUnderTest({ switches: { rotateRefreshTokens: true } });
    const { refresh_token: first } = await tokens();

    const { body } = await token({ grant_type: 'refresh_token', refresh_token: first });

    expect(body['refresh_token']).not.toBe(first);
    expect((await token({ grant_type: 'refresh_token', refresh_token: first })).status).toBe(400);
    expect((await token({ grant_type: 'refresh_token', refresh_token: String(body['refresh_token']) })).status).toBe(200);
  });

  test('need the client in a Basic header, and a code that was not used', async () => {
    const { connect, exchange, token } = createUnderTest();
    const wrong = await token({ grant_type: 'authorization_code', code: 'x' }, { id: CLIENT.clientId, secret: 'wrong' });
    expect([wrong.status, wrong.body['error']]).toEqual([401, 'invalid_client']);
    const screen = await connect();

    expect((await exchange(screen)).status).toBe(200);
    expect((await exchange(screen)).body['error']).toBe('invalid_grant');
  });
});

test('Users/me is a SCIM record with an id that stays', async () => {
  const app = createUnderTest();

  const { body } = await (await app.calling())('GET', '/identity/v1/Users/me');

  expect(body).toMatchObject({ userName: AMIRA, emails: [{ value: AMIRA, primary: true }], name: { givenName: 'Amira' } });
  expect(body['id']).toMatch(/^\d{18}$/);
  expect((await (await app.calling())('GET', '/identity/v1/Users/me')).body['id']).toBe(body['id']);
});

describe('a meeting', () => {
  test('comes in an array, with its address', async () => {
    const app = createUnderTest();

    const meeting = await made(await app.calling());

    expect(meeting).toMatchObject({ joinURL: `https://meet.goto.example/${meeting.meetingid}`, conferenceCallInfo: 'VoIP' });
    expect(app.control.meetings).toMatchObject([{ ownerEmail: AMIRA, subject: 'Interview' }]);
  });

  test('is changed, and deleted once', async () => {
    const call = await createUnderTest().calling();
    const path = `${MEETINGS}/${(await made(call)).meetingid}`;

    expect((await call('PUT', path, { ...MEETING, subject: 'Talk' })).status).toBe(204);
    expect((await call('GET', path)).body).toMatchObject([{ subject: 'Talk', startTime: MEETING.starttime }]);
    expect((await call('DELETE', path)).status).toBe(204);
    const gone = await call('DELETE', path);
    expect([gone.status, gone.body['int_err_code']]).toEqual([404, 'NoSuchMeeting']);
  });

  test('of somebody else does not exist', async () => {
    const app = createUnderTest();
    const { meetingid } = await made(await app.calling());

    expect((await (await app.calling({}, JONAS))('PUT', `${MEETINGS}/${meetingid}`, MEETING)).status).toBe(404);
  });

  test.each([
    ['timezonekey', undefined],
    ['passwordrequired', 'false'],
    ['meetingtype', 'someday'],
    ['starttime', '2026-12-01T10:00:00+01:00'],
    ['endtime', '2026-12-01T09:00:00Z'],
  ])('is refused with a wrong or missing %s', async (field, value) => {
    const { status, body } = await (await createUnderTest().calling())('POST', MEETINGS, { ...MEETING, [field]: value });

    expect([status, body]).toEqual([400, { int_err_code: 'InvalidRequest', msg: `Invalid or missing field: ${field}` }]);
  });
});

test.each([
  ['POST', MEETINGS, 'identity:scim.me'],
  ['GET', '/identity/v1/Users/me', 'collab:'],
])('%s %s needs its scope and a token', async (method, path, scope) => {
  const app = createUnderTest();

  expect((await (await app.calling({ scope }))(method, path)).body['int_err_code']).toBe('AccessDenied');
  expect((await app.request(path, { method })).body['int_err_code']).toBe('InvalidToken');
});

test('faults strike, and it listens', async () => {
  const goTo = await startGoToEmulator({ clients: [CLIENT], faults: [{ group: 'token', status: 503, times: 1 }] });

  expect((await fetch(`${goTo.url}/oauth/token`, { method: 'POST' })).status).toBe(503);
  expect((await fetch(`${goTo.url}/oauth/token`, { method: 'POST' })).status).toBe(401);
  await goTo.close();
});
