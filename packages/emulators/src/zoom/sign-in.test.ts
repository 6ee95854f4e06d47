import { describe, expect, test } from 'vitest';
import {
  AMIRA,
  CLIENT,
  JONAS,
  REDIRECT_URI,
  serviceUnderTest,
  STATE,
  VERIFIER,
  type ServiceUnderTest,
} from '../../test/service-under-test.ts';
import { createZoomEmulator, type ZoomControl, type ZoomEmulatorOptions } from './create-zoom-emulator.ts';

const WAYS = { authorizePath: '/oauth/authorize', tokenPath: '/oauth/token', clientIn: 'header', allowButton: 'Allow' } as const;

function createUnderTest(options: Partial<ZoomEmulatorOptions> = {}): ServiceUnderTest & { control: ZoomControl } {
  const { app, control } = createZoomEmulator({ clients: [CLIENT], publicUrl: 'http://zoom.test', ...options });
  return { ...serviceUnderTest(app, WAYS), control };
}

describe('the pages', () => {
  test('ask for an account, then for consent, and go to the callback with a code and the state', async () => {
    const { browser, authorizeUrl } = createUnderTest();

    const accounts = await browser.visit(authorizeUrl());
    expect(accounts.text).toContain('this is not Zoom');
    expect(accounts.text).toContain(JONAS);
    const consent = await browser.press(AMIRA);
    expect(consent.text).toContain('Planner wants access to your Zoom account');
    expect(consent.text).toContain('meeting:write:meeting');
    const { location } = await browser.press('Allow');

    expect(`${location?.origin}${location?.pathname}`).toBe(REDIRECT_URI);
    expect(location?.searchParams.get('state')).toBe(STATE);
    expect(location?.searchParams.get('code')).toMatch(/^[\w-]{40,}$/);
  });

  test('go to the callback without a code when somebody declines', async () => {
    const { browser, authorizeUrl } = createUnderTest();
    await browser.visit(authorizeUrl());
    await browser.press(AMIRA);

    const { location } = await browser.press('Decline');

    expect(Object.fromEntries(location?.searchParams ?? [])).toEqual({ error: 'access_denied', state: STATE });
  });

  test.each([
    ['an unknown app', { client_id: 'another' }],
    ['another redirect URI', { redirect_uri: `${REDIRECT_URI}/` }],
  ])('stay with Zoom for %s', async (_what, changes) => {
    const { browser, authorizeUrl } = createUnderTest();

    const { status, location } = await browser.visit(authorizeUrl(changes));

    expect([status, location]).toEqual([400, undefined]);
  });

  test.each([
    ['a scope that is not registered', { scope: 'meeting:write' }, 'invalid_scope'],
    ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
    ['a challenge that is none', { code_challenge: 'short' }, 'invalid_request'],
  ])('send %s to the callback', async (_what, changes, error) => {
    const { browser, authorizeUrl } = createUnderTest();

    const { location } = await browser.visit(authorizeUrl(changes));

    expect(location?.searchParams.get('error')).toBe(error);
  });

  test('stay with Zoom where the administrator does not allow the app, and set the opener policy that is asked for', async () => {
    const { browser, authorizeUrl, control } = createUnderTest({ switches: { crossOriginOpenerPolicy: true } });
    control.setFor(AMIRA, { appBlocked: true });

    expect((await browser.visit(authorizeUrl())).headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin');
    const { status, location } = await browser.press(AMIRA);

    expect([status, location]).toEqual([403, undefined]);
  });
});

describe('a code', () => {
  test('gives tokens for an hour, with the scopes of the registration', async () => {
    const { connect, exchange } = createUnderTest();

    const { status, headers, body } = await exchange(await connect());

    expect(status).toBe(200);
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(body).toMatchObject({ token_type: 'bearer', expires_in: 3599, api_url: 'http://zoom.test' });
    expect(String(body['scope']).split(' ')).toContain('meeting:delete:meeting');
  });

  test('gives the scopes that were asked for, where some were', async () => {
    const { tokens } = createUnderTest();

    expect((await tokens({ scope: 'user:read:user meeting:write:meeting' }))['scope']).toBe('user:read:user meeting:write:meeting');
  });

  test('works once, for its redirect URI and its verifier, and for five minutes', async () => {
    let now = Date.now();
    const { connect, exchange } = createUnderTest({ now: () => now });

    const first = await connect();
    expect((await exchange(first)).status).toBe(200);
    expect((await exchange(first)).body).toEqual({ error: 'invalid_grant', reason: 'Invalid authorization code' });
    const elsewhere = await exchange(await connect(), { redirect_uri: 'https://elsewhere.example' });
    expect(elsewhere.body).toEqual({ error: 'invalid_request', reason: 'Redirect URI mismatch.' });
    expect((await exchange(await connect(), { code_verifier: `${VERIFIER}x` })).status).toBe(400);
    expect((await exchange(await connect(), { code_verifier: undefined })).status).toBe(400);
    const late = await connect();
    now += 300_000;
    expect((await exchange(late)).status).toBe(400);
  });

  test('needs no challenge, and can come in the query of the token request', async () => {
    const { connect, request } = createUnderTest();
    const { location } = await connect({ code_challenge: undefined, code_challenge_method: undefined });
    const query = new URLSearchParams({
      grant_type: 'authorization_code',
      code: location?.searchParams.get('code') ?? '',
      redirect_uri: REDIRECT_URI,
    });
    const headers = { Authorization: `Basic ${Buffer.from(`${CLIENT.clientId}:${CLIENT.clientSecret}`).toString('base64')}` };

    expect((await request(`/oauth/token?${query.toString()}`, { method: 'POST', headers })).status).toBe(200);
  });

  test('needs the client in a Basic header', async () => {
    const { token, request } = createUnderTest();
    const form = { grant_type: 'authorization_code', code: 'x' };

    const wrong = await token(form, { id: CLIENT.clientId, secret: 'wrong' });
    expect(wrong.status).toBe(401);
    expect(wrong.body).toEqual({ error: 'invalid_client', reason: 'Invalid client_id or client_secret' });
    const inBody = new URLSearchParams({ ...form, client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret });
    expect((await request('/oauth/token', { method: 'POST', body: inBody })).status).toBe(401);
  });
});

describe('refreshing', () => {
  test('gives a new refresh token and refuses the old one', async () => {
    const { tokens, token } = createUnderTest();
    const first = await tokens();

    const second = await token({ grant_type: 'refresh_token', refresh_token: first['refresh_token'] });

    expect(second.status).toBe(200);
    expect(second.body['refresh_token']).not.toBe(first['refresh_token']);
    const again = await token({ grant_type: 'refresh_token', refresh_token: first['refresh_token'] });
    expect([again.status, again.body]).toEqual([400, { error: 'invalid_grant', reason: 'Invalid Token!' }]);
    expect((await token({ grant_type: 'refresh_token', refresh_token: String(second.body['refresh_token']) })).status).toBe(200);
  });

  test('is refused to another app, after ninety days, and when the person took the consent back', async () => {
    let now = Date.now();
    const app = createUnderTest({ now: () => now });
    app.control.addClient({ ...CLIENT, clientId: 'another' });
    const refresh = async (refreshToken: string | undefined, id = CLIENT.clientId): Promise<number> =>
      (await app.token({ grant_type: 'refresh_token', refresh_token: refreshToken }, { id, secret: CLIENT.clientSecret })).status;

    const { refresh_token: refreshToken } = await app.tokens();
    expect(await refresh(refreshToken, 'another')).toBe(400);
    app.control.setFor(AMIRA, { denyRefresh: true });
    expect(await refresh(refreshToken)).toBe(400);
    app.control.reset();
    expect(app.control.liveRefreshTokens(AMIRA)).toBe(1);
    now += 90 * 86_400_000;
    expect(await refresh(refreshToken)).toBe(400);
    const { refresh_token: another } = await app.tokens();
    app.control.revokeAllFor(AMIRA);
    expect(await refresh(another)).toBe(400);
  });

  test('calls a dead token what Zoom called it in earlier years, where that is asked for', async () => {
    const { token } = createUnderTest({ switches: { deadTokensAreInvalidRequest: true } });

    const { body } = await token({ grant_type: 'refresh_token', refresh_token: 'dead' });

    expect(body).toEqual({ error: 'invalid_request', reason: 'Invalid Token!' });
  });

  test('ends with the next consent of the same person, where that is asked for', async () => {
    const { tokens, token, control } = createUnderTest({ switches: { onePairPerApp: true } });
    const { refresh_token: amiras } = await tokens();
    const { refresh_token: jonass } = await tokens({}, JONAS);

    await tokens();

    expect((await token({ grant_type: 'refresh_token', refresh_token: amiras })).status).toBe(400);
    expect((await token({ grant_type: 'refresh_token', refresh_token: jonass })).status).toBe(200);
    expect(control.liveRefreshTokens(AMIRA)).toBe(1);
  });

  test.each([
    ['no grant type', {}, 'unsupported_grant_type'],
    ['another grant type', { grant_type: 'password' }, 'unsupported_grant_type'],
    ['no refresh token', { grant_type: 'refresh_token' }, 'invalid_request'],
  ])('is refused with %s', async (_what, form, error) => {
    const { status, body } = await createUnderTest().token(form);

    expect([status, body['error']]).toEqual([400, error]);
  });
});

test('revoking either token ends both, and a second time there is nothing to revoke', async () => {
  const { tokens, token, callWith, request } = createUnderTest();
  const headers = { Authorization: `Basic ${Buffer.from(`${CLIENT.clientId}:${CLIENT.clientSecret}`).toString('base64')}` };
  const { access_token: accessToken = '', refresh_token: refreshToken } = await tokens();
  const revoke = (): ReturnType<typeof request> => request(`/oauth/revoke?token=${accessToken}`, { method: 'POST', headers });

  expect((await request(`/oauth/revoke?token=${accessToken}`, { method: 'POST' })).status).toBe(401);
  expect((await revoke()).body).toEqual({ status: 'success' });

  expect((await callWith(accessToken)('GET', '/v2/users/me')).status).toBe(401);
  expect((await token({ grant_type: 'refresh_token', refresh_token: refreshToken })).status).toBe(400);
  expect((await revoke()).status).toBe(400);
});
