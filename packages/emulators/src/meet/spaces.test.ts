import { auth } from 'googleapis/build/src/apis/calendar/index.js';
import { meet } from 'googleapis/build/src/apis/meet/index.js';
import { describe, expect, test } from 'vitest';
import {
  AMIRA,
  CLIENT_ID,
  CLIENT_SECRET,
  createAppUnderTest,
  JONAS,
  REDIRECT_URI,
  VERIFIER,
  type AppUnderTest,
} from '../../test/app-under-test.ts';
import { createBrowser } from '../../test/browser.ts';
import { startGoogleEmulator } from '../index.ts';

const CREATED = 'https://www.googleapis.com/auth/meetings.space.created';
const FREE_BUSY = 'https://www.googleapis.com/auth/calendar.freebusy';

interface Answer {
  readonly status: number;
  readonly body: { name: string; meetingUri: string; meetingCode: string; error: { message: string; details?: { reason: string }[] } };
}

async function callerOf(app: AppUnderTest, scope: string, email = AMIRA): Promise<(path: string, init?: RequestInit) => Promise<Answer>> {
  const { access_token: token } = await app.tokens({ scope, prompt: 'consent' }, { email });
  return async (path, init = {}) => {
    const response = await app.request(path, { ...init, headers: { Authorization: `Bearer ${token ?? ''}` } });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  };
}

const CREATE = { method: 'POST' };

describe('the consent page', () => {
  test('says what the scope permits, as a box where something else is asked too', async () => {
    const { browser, authorizeUrl } = createAppUnderTest();

    await browser.visit(authorizeUrl({ scope: `openid email ${CREATED}` }));
    expect((await browser.press(AMIRA)).text).toContain('Google Meet conferences created by the app');
    await browser.visit(authorizeUrl({ scope: `openid email ${CREATED} ${FREE_BUSY}` }));
    expect((await browser.press(AMIRA)).text).toContain(`type="checkbox" name="scope" value="${CREATED}"`);
  });
});

describe('a space', () => {
  test('has no conference to end, and only its owner is told so', async () => {
    const app = createAppUnderTest();
    const call = await callerOf(app, `openid email ${CREATED}`);
    const { body: space } = await call('/v2/spaces', CREATE);
    const end = async (by: typeof call, name: string): Promise<unknown> => {
      const { status, body } = await by(`/v2/${name}:endActiveConference`, CREATE);
      return [status, (body.error as unknown as { status: string }).status];
    };

    expect(await end(call, space.name)).toEqual([400, 'FAILED_PRECONDITION']);
    expect(await end(call, `spaces/${space.meetingCode}`)).toEqual([403, 'PERMISSION_DENIED']);
    expect(await end(await callerOf(app, `openid email ${CREATED}`, JONAS), space.name)).toEqual([403, 'PERMISSION_DENIED']);
  });

  test('has a name, a code and an address, and is found by name and code', async () => {
    const app = createAppUnderTest();
    const call = await callerOf(app, `openid email ${CREATED}`);

    const { status, body } = await call('/v2/spaces', CREATE);

    expect(status).toBe(200);
    expect(body.name).toMatch(/^spaces\/[\w-]{12}$/);
    expect(body.meetingUri).toBe(`https://meet.google.com/${body.meetingCode}`);
    expect((await call(`/v2/${body.name}`)).body).toEqual(body);
    expect((await call(`/v2/spaces/${body.meetingCode}`)).body).toEqual(body);
    expect(app.control.spaces).toMatchObject([{ ownerEmail: AMIRA, meetingCode: body.meetingCode }]);
  });

  test('can be told who may enter without knocking, and takes no other word', async () => {
    const call = await callerOf(createAppUnderTest(), CREATED);

    expect((await call('/v2/spaces', { ...CREATE, body: '{"config":{"accessType":"OPEN"}}' })).body).toMatchObject({
      config: { accessType: 'OPEN' },
    });
    expect((await call('/v2/spaces', { ...CREATE, body: '{"config":{"accessType":"AJAR"}}' })).status).toBe(400);
    expect((await call('/v2/spaces', { ...CREATE, body: 'no JSON' })).status).toBe(400);
  });

  test('of somebody else is not shown', async () => {
    const app = createAppUnderTest();
    const { body } = await (await callerOf(app, CREATED))('/v2/spaces', CREATE);

    expect((await (await callerOf(app, CREATED, JONAS))(`/v2/${body.name}`)).status).toBe(403);
  });

  test('is refused without a token, with a dead one, without the scope, and where Meet is off', async () => {
    let now = Date.now();
    const app = createAppUnderTest({ now: () => now });
    const call = await callerOf(app, CREATED);
    expect((await app.request('/v2/spaces', CREATE)).status).toBe(401);
    const narrow = await (await callerOf(app, 'https://www.googleapis.com/auth/calendar'))('/v2/spaces', CREATE);
    expect(narrow.status).toBe(403);
    expect(narrow.body.error.details?.[0]?.reason).toBe('ACCESS_TOKEN_SCOPE_INSUFFICIENT');
    app.control.setFor(AMIRA, { meetOff: true });
    expect((await call('/v2/spaces', CREATE)).status).toBe(403);
    app.control.reset();

    now += 3_599_000;

    expect((await call('/v2/spaces', CREATE)).status).toBe(401);
    expect(app.control.spaces).toEqual([]);
  });

  test('is struck by faults of its own group', async () => {
    const app = createAppUnderTest();
    const call = await callerOf(app, CREATED);
    app.control.addFault({ group: 'meet', email: AMIRA, status: 429, times: 1 });

    const struck = await call('/v2/spaces', CREATE);

    expect([struck.status, struck.body.error.details?.[0]?.reason]).toEqual([429, 'RATE_LIMIT_EXCEEDED']);
    expect((await call('/v2/spaces', CREATE)).status).toBe(200);
  });
});

test('Google’s own client library makes a space', async () => {
  const google = await startGoogleEmulator({
    clients: [{ clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, redirectUris: [REDIRECT_URI] }],
  });
  const endpoints = { oauth2AuthBaseUrl: `${google.url}/o/oauth2/v2/auth`, oauth2TokenUrl: `${google.url}/token` };
  const client = new auth.OAuth2({ clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, redirectUri: REDIRECT_URI, endpoints });
  const browser = createBrowser(fetch);
  await browser.visit(client.generateAuthUrl({ scope: [CREATED], code_challenge: VERIFIER, code_challenge_method: 'plain' as never }));
  await browser.press(AMIRA);
  const { location } = await browser.press('Allow');
  client.setCredentials((await client.getToken({ code: location?.searchParams.get('code') ?? '', codeVerifier: VERIFIER })).tokens);

  const { data } = await meet({ version: 'v2', auth: client, rootUrl: google.url }).spaces.create({ requestBody: {} });

  expect(data.meetingUri).toBe(`https://meet.google.com/${data.meetingCode ?? ''}`);
  await google.close();
});
