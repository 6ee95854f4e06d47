import { describe, expect, test } from 'vitest';
import { AMIRA, CHALLENGE, createAppUnderTest, JONAS, REDIRECT_URI } from '../../../test/app-under-test.ts';

describe('a request that Google refuses on its own page', () => {
  test.each([
    ['an unknown client', { client_id: 'nobody' }, 401, 'invalid_client'],
    ['no client', { client_id: undefined }, 400, 'invalid_request'],
    ['a redirect URI with one more slash', { redirect_uri: `${REDIRECT_URI}/` }, 400, 'redirect_uri_mismatch'],
    ['a redirect URI of another host', { redirect_uri: 'https://evil.example/callback' }, 400, 'redirect_uri_mismatch'],
    ['no response type', { response_type: undefined }, 400, 'invalid_request'],
    ['another response type', { response_type: 'token' }, 400, 'unsupported_response_type'],
    ['an unknown scope', { scope: 'openid https://www.googleapis.com/auth/calendar.everything' }, 400, 'invalid_scope'],
    ['no scope', { scope: undefined }, 400, 'invalid_request'],
    ['an unknown prompt', { prompt: 'login' }, 400, 'invalid_request'],
    ['prompt=none beside another', { prompt: 'none consent' }, 400, 'invalid_request'],
    ['an unknown access type', { access_type: 'forever' }, 400, 'invalid_request'],
    ['an unknown challenge method', { code_challenge_method: 'S512' }, 400, 'invalid_request'],
    ['a challenge that is too short', { code_challenge: 'short' }, 400, 'invalid_request'],
  ])('%s', async (_what, changes, status, error) => {
    const { browser, authorizeUrl } = createAppUnderTest();

    const screen = await browser.visit(authorizeUrl(changes));

    expect(screen.status).toBe(status);
    expect(screen.text).toContain(`Error ${status}: ${error}`);
    expect(screen.location).toBeUndefined();
  });

  test('an embedded web view, by its name or by the switch', async () => {
    const { request, authorizeUrl, control } = createAppUnderTest();
    const headers = { 'User-Agent': 'Mozilla/5.0 (Linux; Android 15; Pixel 9 Build/AP3A; wv) AppleWebKit/537.36' };
    expect(await (await request(authorizeUrl(), { headers })).text()).toContain('Error 403: disallowed_useragent');

    control.set({ disallowedUserAgent: true });
    expect((await request(authorizeUrl())).status).toBe(403);
  });

  test('an account whose administrator restricts the app; others get through', async () => {
    const { connect, control } = createAppUnderTest();
    control.setFor(AMIRA, { adminPolicyEnforced: true });

    await expect(connect({}, { email: AMIRA })).rejects.toThrow('admin_policy_enforced');
    expect((await connect({}, { email: JONAS })).location).toBeDefined();
  });

  test('an account outside the organisation of an internal app', async () => {
    const { browser, authorizeUrl } = createAppUnderTest({ switches: { orgInternal: true } });
    await browser.visit(authorizeUrl());

    const screen = await browser.press(AMIRA);

    expect(screen.status).toBe(403);
    expect(screen.text).toContain('Error 403: org_internal');
  });
});

describe('the account page', () => {
  test('has a button for each account, and works without JavaScript', async () => {
    const { browser, authorizeUrl } = createAppUnderTest();

    const { text } = await browser.visit(authorizeUrl());

    expect(text).toContain('Choose an account');
    expect(text.match(/<button/g)).toHaveLength(2);
    expect(text).toContain(AMIRA);
    expect(text).not.toContain('<script');
  });

  test('puts the account of login_hint first, by address or by sub', async () => {
    const { browser, authorizeUrl, control } = createAppUnderTest();
    const jonas = control.users.find((user) => user.email === JONAS);

    for (const hint of [JONAS, jonas?.sub]) {
      const { text } = await browser.visit(authorizeUrl({ login_hint: hint }));
      expect(text.indexOf(`value="${JONAS}"`)).toBeLessThan(text.indexOf(`value="${AMIRA}"`));
      expect(text).toContain('autofocus');
    }
  });

  test('is skipped for a hinted account that is signed in, where the switch says so', async () => {
    const { browser, authorizeUrl, connect } = createAppUnderTest({ switches: { loginHintSkipsChooser: true } });
    await connect();

    expect((await browser.visit(authorizeUrl({ login_hint: AMIRA }))).location).toBeDefined();
    expect((await browser.visit(authorizeUrl({ login_hint: AMIRA, prompt: 'select_account' }))).text).toContain('Choose an account');
    expect((await browser.visit(authorizeUrl({ login_hint: JONAS }))).text).toContain('Choose an account');
  });

  test('offers only the accounts of the domain that hd names', async () => {
    const { browser, authorizeUrl } = createAppUnderTest();

    const { text } = await browser.visit(authorizeUrl({ hd: 'partner.example' }));

    expect(text).toContain(AMIRA);
    expect(text).not.toContain(JONAS);
  });

  test('escapes what comes from the request', async () => {
    const { browser, authorizeUrl } = createAppUnderTest();

    const { text } = await browser.visit(authorizeUrl({ state: '"><script>alert(1)</script>', login_hint: '<b>' }));

    expect(text).not.toContain('<script>');
  });

  test('carries the opener policy that the switch says', async () => {
    const { browser, authorizeUrl, control } = createAppUnderTest();
    expect((await browser.visit(authorizeUrl())).headers.has('Cross-Origin-Opener-Policy')).toBe(false);

    control.set({ crossOriginOpenerPolicy: true });
    expect((await browser.visit(authorizeUrl())).headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin');
    expect((await browser.press(AMIRA)).headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin');

    control.set({ crossOriginOpenerPolicy: 'same-origin-allow-popups' });
    expect((await browser.visit(authorizeUrl())).headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin-allow-popups');
  });
});

describe('the callback', () => {
  test('carries state unchanged, the issuer, a code, the scopes, authuser, hd and prompt', async () => {
    const { connect } = createAppUnderTest({ issuer: 'https://accounts.google.com' });

    const { location } = await connect();

    expect(location?.href.startsWith(`${REDIRECT_URI}?`)).toBe(true);
    const { code, ...others } = Object.fromEntries(location?.searchParams ?? []);
    expect(code).toMatch(/^4\/0A[\w-]{60,200}$/);
    expect(others).toEqual({
      state: 'a state/with+odd=characters&',
      iss: 'https://accounts.google.com',
      scope:
        'email openid https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/calendar.events https://www.googleapis.com/auth/calendar.freebusy',
      authuser: '0',
      hd: 'partner.example',
      prompt: 'consent',
    });
  });

  test('has no hd for a Gmail address, no state where none was sent, and no iss where the switch says so', async () => {
    const { connect } = createAppUnderTest({ switches: { issInCallback: false } });

    const { location } = await connect({ state: undefined }, { email: JONAS });

    expect([...(location?.searchParams.keys() ?? [])]).toEqual(['code', 'scope', 'authuser', 'prompt']);
  });

  test('comes without a consent page once everything is granted', async () => {
    const { browser, authorizeUrl, connect } = createAppUnderTest();
    await connect();
    await browser.visit(authorizeUrl());

    const { location } = await browser.press(AMIRA);

    expect(location?.searchParams.get('prompt')).toBe('none');
  });
});

describe('prompt=none', () => {
  test('answers login_required to a browser that is not signed in', async () => {
    const { browser, authorizeUrl } = createAppUnderTest();

    const { location } = await browser.visit(authorizeUrl({ prompt: 'none' }));

    expect(location?.searchParams.get('error')).toBe('login_required');
    expect(location?.searchParams.get('state')).toBe('a state/with+odd=characters&');
  });

  test('answers interaction_required where consent is missing, and with a code where it is not', async () => {
    const { browser, authorizeUrl, connect } = createAppUnderTest();
    await connect({ scope: 'openid' });

    const missing = await browser.visit(authorizeUrl({ prompt: 'none' }));
    expect(missing.location?.searchParams.get('error')).toBe('interaction_required');
    const given = await browser.visit(authorizeUrl({ prompt: 'none', scope: 'openid' }));
    expect(given.location?.searchParams.has('code')).toBe(true);
  });

  test('answers interaction_required where several accounts are signed in and none is hinted', async () => {
    const { browser, authorizeUrl, connect } = createAppUnderTest();
    await connect({ scope: 'openid' }, { email: AMIRA });
    await connect({ scope: 'openid' }, { email: JONAS });

    const unclear = await browser.visit(authorizeUrl({ prompt: 'none', scope: 'openid' }));
    expect(unclear.location?.searchParams.get('error')).toBe('interaction_required');
    const hinted = await browser.visit(authorizeUrl({ prompt: 'none', scope: 'openid', login_hint: JONAS }));
    expect(hinted.location?.searchParams.get('authuser')).toBe('1');
  });
});

test('a challenge without a method is a plain one', async () => {
  const { connect, token } = createAppUnderTest();
  const { location } = await connect({ code_challenge_method: undefined });
  const code = location?.searchParams.get('code') ?? '';

  const { status } = await token({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, code_verifier: CHALLENGE });

  expect(status).toBe(200);
});
