import { describe, expect, test } from 'vitest';
import { AMIRA, CLIENT, JONAS, serviceUnderTest, type ServiceUnderTest } from '../../test/service-under-test.ts';
import { createZoomEmulator, type ZoomControl, type ZoomEmulatorOptions } from './create-zoom-emulator.ts';
import { startZoomEmulator } from './start-zoom-emulator.ts';

const WAYS = { authorizePath: '/oauth/authorize', tokenPath: '/oauth/token', clientIn: 'header', allowButton: 'Allow' } as const;
const MEETING = { topic: 'Interview', type: 2, start_time: '2026-12-01T10:00:00Z', duration: 45, timezone: 'Europe/Berlin' };
const MEETINGS = '/v2/users/me/meetings';

function createUnderTest(options: Partial<ZoomEmulatorOptions> = {}): ServiceUnderTest & { control: ZoomControl } {
  const { app, control } = createZoomEmulator({ clients: [CLIENT], ...options });
  return { ...serviceUnderTest(app, WAYS), control };
}

test('users/me says who the person is, always by the same id', async () => {
  const app = createUnderTest();
  const call = await app.calling();

  const { body } = await call('GET', '/v2/users/me');

  expect(body).toMatchObject({ email: AMIRA, first_name: 'Amira', display_name: 'Amira Haddad', status: 'active' });
  expect(String(body['id'])).toHaveLength(22);
  const jonas = await (await app.calling({}, JONAS))('GET', '/v2/users/me');
  expect(jonas.body['id']).not.toBe(body['id']);
  expect((await (await app.calling())('GET', '/v2/users/me')).body['id']).toBe(body['id']);
});

describe('a meeting', () => {
  test('is made with an address, a passcode, and an address for the host alone', async () => {
    const app = createUnderTest();
    const call = await app.calling();

    const { status, body } = await call('POST', MEETINGS, MEETING);

    expect(status).toBe(201);
    expect(body).toMatchObject({ ...MEETING, host_email: AMIRA, status: 'waiting' });
    expect(String(body['id'])).toMatch(/^\d{11}$/);
    expect(body['join_url']).toMatch(new RegExp(`^https://us05web\\.zoom\\.example/j/${String(body['id'])}\\?pwd=`));
    expect(body['start_url']).toContain('zak=');
    expect(body['password']).toMatch(/^\w{6}$/);
    expect(app.control.meetings).toMatchObject([{ ownerEmail: AMIRA, topic: 'Interview' }]);
  });

  test('is another one each time', async () => {
    const app = createUnderTest();
    const call = await app.calling();
    await call('POST', MEETINGS, MEETING);
    await call('POST', MEETINGS, MEETING);

    expect(new Set(app.control.meetings.map(({ id }) => id)).size).toBe(2);
  });

  test('is changed in part, keeps its address, and is deleted once', async () => {
    const call = await createUnderTest().calling();
    const made = (await call('POST', MEETINGS, MEETING)).body;
    const path = `/v2/meetings/${String(made['id'])}`;

    expect((await call('PATCH', path, { topic: 'Talk', start_time: '2026-12-02T09:00:00Z' })).status).toBe(204);

    expect((await call('GET', path)).body).toEqual({ ...made, topic: 'Talk', start_time: '2026-12-02T09:00:00Z' });
    expect((await call('DELETE', path)).status).toBe(204);
    const gone = await call('DELETE', path);
    expect([gone.status, gone.body]).toEqual([404, { code: 3001, message: `Meeting does not exist: ${String(made['id'])}.` }]);
    expect((await call('PATCH', path, {})).status).toBe(404);
  });

  test('of somebody else does not exist', async () => {
    const app = createUnderTest();
    const { body } = await (await app.calling())('POST', MEETINGS, MEETING);
    const jonas = await app.calling({}, JONAS);

    expect((await jonas('GET', `/v2/meetings/${String(body['id'])}`)).status).toBe(404);
    expect((await jonas('DELETE', `/v2/meetings/${String(body['id'])}`)).status).toBe(404);
    expect(app.control.meetings).toHaveLength(1);
  });

  test.each([
    ['topic', 'x'.repeat(201)],
    ['type', 7],
    ['start_time', '2026-12-01T10:00:00+01:00'],
    ['start_time', 'soon'],
    ['duration', 'an hour'],
    ['password', 'longer than ten'],
  ])('is refused with a wrong %s', async (field, value) => {
    const { status, body } = await (await createUnderTest().calling())('POST', MEETINGS, { ...MEETING, [field]: value });

    expect(status).toBe(400);
    expect(body).toEqual({ code: 300, message: 'Validation Failed.', errors: [{ field, message: 'Invalid field.' }] });
  });

  test('is refused when the body is no object', async () => {
    const { body } = await (await createUnderTest().calling())('POST', MEETINGS);

    expect(body).toEqual({ code: 300, message: 'Request Body should be a valid JSON object.' });
  });
});

describe('a call without the right', () => {
  test.each([
    ['GET', '/v2/users/me', 'user:read:user'],
    ['POST', MEETINGS, 'meeting:write:meeting'],
    ['GET', '/v2/meetings/1', 'meeting:read:meeting'],
    ['PATCH', '/v2/meetings/1', 'meeting:update:meeting'],
    ['DELETE', '/v2/meetings/1', 'meeting:delete:meeting'],
  ])('scope is a 400: %s %s', async (method, path, needed) => {
    const all = 'user:read:user meeting:read:meeting meeting:write:meeting meeting:update:meeting meeting:delete:meeting';
    const call = await createUnderTest().calling({
      scope: all
        .split(' ')
        .filter((scope) => scope !== needed)
        .join(' '),
    });

    const { status, body } = await call(method, path);

    expect([status, body]).toEqual([400, { code: 4711, message: `Invalid access token, does not contain scopes:[${needed}].` }]);
  });

  test('token is a 401: none, unknown, or too old', async () => {
    let now = Date.now();
    const app = createUnderTest({ now: () => now });
    const call = await app.calling();
    expect((await app.request('/v2/users/me')).body).toEqual({ code: 124, message: 'Invalid access token.' });
    expect((await app.callWith('made-up')('GET', '/v2/users/me')).status).toBe(401);

    now += 3_599_000;

    const old = await call('GET', '/v2/users/me');
    expect([old.status, old.body]).toEqual([401, { code: 124, message: 'Access token is expired.' }]);
  });

  test('classic scopes allow what they did', async () => {
    const app = createUnderTest({ clients: [{ ...CLIENT, scopes: ['meeting:write', 'user:read'] }] });
    const call = await app.calling();

    const { body } = await call('POST', MEETINGS, MEETING);

    expect((await call('DELETE', `/v2/meetings/${String(body['id'])}`)).status).toBe(204);
    expect((await call('GET', '/v2/users/me')).status).toBe(200);
  });
});

test('a person makes and changes a hundred meetings in a day of UTC, and hears until when to wait', async () => {
  let now = Date.parse('2026-11-21T22:00:00Z');
  const app = createUnderTest({ now: () => now, switches: { dailyMeetingLimit: 2 } });
  const call = await app.calling();
  const { body } = await call('POST', MEETINGS, MEETING);
  await call('PATCH', `/v2/meetings/${String(body['id'])}`, { topic: 'Talk' });

  const refused = await call('POST', MEETINGS, MEETING);

  expect(refused.status).toBe(429);
  expect(refused.headers.get('Retry-After')).toBe('2026-11-22T00:00:00Z');
  expect(refused.headers.get('X-RateLimit-Type')).toBe('Daily-limit');
  expect(refused.body['code']).toBe(429);
  expect((await (await app.calling({}, JONAS))('POST', MEETINGS, MEETING)).status).toBe(201);
  now += 2 * 3_600_000;
  expect((await (await app.calling())('POST', MEETINGS, MEETING)).status).toBe(201);
});

test('faults strike the group and the person that they name', async () => {
  const app = createUnderTest();
  const call = await app.calling();
  app.control.addFault({ group: 'api', email: AMIRA, status: 503, retryAfterSeconds: 3, times: 1 });
  app.control.addFault({ group: 'token', status: 500, times: 1 });

  const struck = await call('GET', '/v2/users/me');
  expect([struck.status, struck.headers.get('Retry-After')]).toEqual([503, '3']);
  expect((await call('GET', '/v2/users/me')).status).toBe(200);
  expect((await app.token({})).status).toBe(500);
});

test('it listens, and the log tells what reached it and nothing secret', async () => {
  const zoom = await startZoomEmulator({ clients: [CLIENT], publicUrl: (port) => `http://zoom.localhost:${port}` });

  expect((await fetch(`${zoom.url}/v2/users/me`)).status).toBe(401);
  expect((await fetch(`${zoom.url}/nowhere?token=secret`)).status).toBe(404);

  expect(zoom.control.requests.map(({ path, status }) => [path, status])).toEqual([
    ['/v2/users/me', 401],
    ['/nowhere', 404],
  ]);
  await zoom.close();
  await expect(fetch(zoom.url)).rejects.toThrow();
});
