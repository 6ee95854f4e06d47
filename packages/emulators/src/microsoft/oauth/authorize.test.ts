import { describe, expect, test } from 'vitest';
import {
  AMIRA,
  CLIENT_ID,
  CLIENT_SECRET,
  createMicrosoftUnderTest,
  FULL,
  JONAS,
  LEA,
  NOOR,
  REDIRECT_URI,
  STATE,
} from '../../../test/microsoft-under-test.ts';
import { CONSUMERS_TENANT_ID } from '../directory/tenants.ts';

describe('an authorization request', () => {
  test('ends at the callback with a code and the state, after account and consent', async () => {
    const { browser, authorizeUrl } = createMicrosoftUnderTest();

    const account = await browser.visit(authorizeUrl());
    expect(account.status).toBe(200);
    expect(account.text).toContain('to continue to Planner');
    const consent = await browser.press(LEA);
    expect(consent.text).toContain('Have full access to your calendars');
    const { location, status } = await browser.press('Accept');

    expect(status).toBe(302);
    expect(`${location?.origin}${location?.pathname}`).toBe(REDIRECT_URI);
    expect(location?.searchParams.get('code')).toMatch(/^1\.AXoA[\w-]{100,}$/);
    expect(location?.searchParams.get('state')).toBe(STATE);
    expect(location?.searchParams.get('session_state')).toMatch(/^[\w-]{36}$/);
  });

  test.each([
    ['an unknown tenant', { tenant: 'nowhere.example' }, 90002],
    ['what can be no tenant', { tenant: 'no_where' }, 900023],
    ['no client', { client_id: undefined }, 900144],
    ['an unknown client', { client_id: '99999999-2222-4333-8444-555555555555' }, 700016],
    ['no redirect URI', { redirect_uri: undefined }, 900971],
    ['another redirect URI', { redirect_uri: `${REDIRECT_URI}/` }, 50011],
  ])('with %s stays on Microsoft’s page', async (_what, { tenant, ...changes }: Record<string, string | undefined>, code) => {
    const { browser, authorizeUrl } = createMicrosoftUnderTest();

    const { status, text, location } = await browser.visit(authorizeUrl(changes, tenant));

    expect(location).toBeUndefined();
    expect(status).toBe(400);
    expect(text).toContain(`AADSTS${code}:`);
  });

  test.each([
    ['no response type', { response_type: undefined }, 'invalid_request', 900144],
    ['another response type', { response_type: 'token' }, 'unsupported_response_type', 70005],
    ['another response mode', { response_mode: 'web_message' }, 'unsupported_response_mode', 70007],
    ['no scope', { scope: ' ' }, 'invalid_request', 900144],
    ['an unknown permission', { scope: 'openid Calendars.Steal' }, 'invalid_client', 650053],
    ['an unknown resource', { scope: 'https://nowhere.example/Calendars.Read' }, 'invalid_resource', 500011],
    ['.default beside a name', { scope: 'https://graph.microsoft.com/.default Calendars.Read' }, 'invalid_scope', 70011],
    ['another prompt', { prompt: 'sometimes' }, 'invalid_request', 90023],
    ['a method without a challenge', { code_challenge: undefined }, 'invalid_request', 50147],
    ['a challenge too short', { code_challenge: 'short' }, 'invalid_request', 501491],
    ['another challenge method', { code_challenge_method: 'S512' }, 'invalid_request', 90023],
  ])('with %s ends at the callback with an error', async (_what, changes: Record<string, string | undefined>, error, code) => {
    const { browser, authorizeUrl } = createMicrosoftUnderTest();

    const { location } = await browser.visit(authorizeUrl(changes));

    expect(location?.searchParams.get('error')).toBe(error);
    expect(location?.searchParams.get('error_description')).toMatch(
      new RegExp(`^AADSTS${code}: .+ Trace ID: \\S+ Correlation ID: \\S+ Timestamp: \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\dZ$`),
    );
    expect(location?.searchParams.get('error_uri')).toBe(`https://login.microsoftonline.com/error?code=${code}`);
    expect(location?.searchParams.get('state')).toBe(STATE);
  });

  test('may ask for several resources at once', async () => {
    const { connect } = createMicrosoftUnderTest();
    const scope = 'openid https://graph.microsoft.com/User.Read https://outlook.office365.com/EWS.AccessAsUser.All';

    expect((await connect(LEA, { scope })).location?.searchParams.has('code')).toBe(true);
  });

  test('carries Cross-Origin-Opener-Policy on every page and redirect, unless the switch takes it off', async () => {
    const { browser, authorizeUrl, control } = createMicrosoftUnderTest();
    const policies = [
      (await browser.visit(authorizeUrl())).headers,
      (await browser.press(LEA)).headers,
      (await browser.press('Accept')).headers,
    ].map((headers) => headers.get('Cross-Origin-Opener-Policy'));

    expect(policies).toEqual(['same-origin', 'same-origin', 'same-origin']);
    control.set({ crossOriginOpenerPolicy: 'same-origin-allow-popups' });
    expect((await browser.visit(authorizeUrl())).headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin-allow-popups');
    control.set({ crossOriginOpenerPolicy: false });
    expect((await browser.visit(authorizeUrl())).headers.has('Cross-Origin-Opener-Policy')).toBe(false);
  });

  test('answers in the fragment or by a form where it asks for that', async () => {
    const { connect, control } = createMicrosoftUnderTest();
    control.approveForUser(LEA, CLIENT_ID, FULL.split(' '));

    const fragment = await connect(LEA, { response_mode: 'fragment' });
    expect(fragment.location?.search).toBe('');
    expect(new URLSearchParams(fragment.location?.hash.slice(1)).get('state')).toBe(STATE);
    const form = await connect(LEA, { response_mode: 'form_post' });
    expect(form.status).toBe(200);
    expect(form.text).toContain(`action="${REDIRECT_URI}"`);
    expect(form.text).toMatch(/name="code" value="1\.AXoA/);
  });
});

describe('the redirect URI', () => {
  const client = { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, redirectUris: ['http://localhost:3000/callback'] };

  test('of the computer itself may have any port, and nothing else different', async () => {
    const { browser, authorizeUrl } = createMicrosoftUnderTest({ clients: [client] });
    const ask = async (uri: string): Promise<number> => (await browser.visit(authorizeUrl({ redirect_uri: uri }))).status;

    expect(await ask('http://localhost:3000/callback')).toBe(200);
    expect(await ask('http://localhost:50123/callback')).toBe(200);
    expect(await ask('http://localhost/callback')).toBe(200);
    expect(await ask('http://localhost:50123/Callback')).toBe(400);
    expect(await ask('https://localhost:50123/callback')).toBe(400);
    expect(await ask('http://127.0.0.1:3000/callback')).toBe(400);
  });

  test.each([
    ['http://connect.example/callback', 'https'],
    ['https://connect.example/callback#x', 'fragment'],
    ['https://*.connect.example/callback', 'wildcard'],
    ['https://connect.example/callback?a=1', 'query'],
    [`https://connect.example/${'x'.repeat(256)}`, '256'],
    ['callback', 'absolute'],
  ])('%s cannot be registered', (uri, reason) => {
    expect(() => createMicrosoftUnderTest({ clients: [{ ...client, redirectUris: [uri] }] })).toThrow(reason);
  });
});

describe('single sign-on', () => {
  test('goes on without a question for the hinted account, once it is signed in and everything is consented to', async () => {
    const { browser, authorizeUrl, control } = createMicrosoftUnderTest();
    control.approve({ tenant: 'partner.example', clientId: CLIENT_ID });
    expect((await browser.visit(authorizeUrl({ login_hint: AMIRA }))).text).toContain('Pick an account');
    expect((await browser.press(AMIRA)).location?.searchParams.has('code')).toBe(true);

    expect((await browser.visit(authorizeUrl({ login_hint: AMIRA }))).location?.searchParams.has('code')).toBe(true);
  });

  test('asks where another account is hinted, where two are signed in, and where the app wants it', async () => {
    const { browser, authorizeUrl } = createMicrosoftUnderTest();
    await browser.visit(authorizeUrl());
    await browser.press(LEA);
    await browser.press('Accept');
    const asks = async (changes: Record<string, string>): Promise<boolean> =>
      (await browser.visit(authorizeUrl(changes))).text.includes('Pick an account');

    expect(await asks({})).toBe(false);
    expect(await asks({ login_hint: JONAS })).toBe(true);
    expect(await asks({ prompt: 'login', login_hint: LEA })).toBe(true);
    expect(await asks({ prompt: 'select_account' })).toBe(true);
    await browser.press(JONAS);
    expect(await asks({})).toBe(true);
    expect(await asks({ login_hint: LEA })).toBe(false);
  });

  test('with prompt=none answers at once, or says what it would have to ask', async () => {
    const { browser, authorizeUrl, control } = createMicrosoftUnderTest();
    const silently = async (changes: Record<string, string> = {}): Promise<(string | null | undefined)[]> => {
      const { location } = await browser.visit(authorizeUrl({ prompt: 'none', ...changes }));
      return [location?.searchParams.get('error'), /AADSTS\d+/.exec(location?.searchParams.get('error_description') ?? '')?.[0]];
    };

    expect(await silently()).toEqual(['login_required', 'AADSTS50058']);
    await browser.visit(authorizeUrl());
    await browser.press(AMIRA);
    expect(await silently()).toEqual(['interaction_required', 'AADSTS65001']);
    control.approve({ tenant: 'partner.example', clientId: CLIENT_ID });
    expect(await silently()).toEqual([null, undefined]);
    expect(await silently({ login_hint: JONAS })).toEqual(['login_required', 'AADSTS50058']);
    await browser.visit(authorizeUrl({ prompt: 'select_account' }));
    await browser.press(NOOR);
    expect(await silently()).toEqual(['interaction_required', 'AADSTS16000']);
    expect(await silently({ login_hint: AMIRA })).toEqual([null, undefined]);
    control.setFor(AMIRA, { signInError: 50076 });
    expect(await silently({ login_hint: AMIRA })).toEqual(['interaction_required', 'AADSTS50076']);
  });

  test('ends with logging out', async () => {
    const { browser, authorizeUrl } = createMicrosoftUnderTest();
    await browser.visit(authorizeUrl());
    await browser.press(LEA);
    await browser.visit('http://microsoft.test/common/oauth2/v2.0/logout');

    expect((await browser.visit(authorizeUrl())).text).toContain('Pick an account');
  });
});

describe('the address decides who may sign in', () => {
  test.each([
    ['common', LEA, undefined],
    ['common', JONAS, undefined],
    ['organizations', LEA, undefined],
    ['organizations', JONAS, 500208],
    ['consumers', JONAS, undefined],
    [CONSUMERS_TENANT_ID, JONAS, undefined],
    ['consumers', LEA, 500208],
    ['studio.example', LEA, undefined],
    ['studio.example', AMIRA, 50020],
    ['studio.example', JONAS, 50020],
  ])('%s: %s', async (tenant, email, code) => {
    const { connect } = createMicrosoftUnderTest();

    const { location, text } = await connect(email, {}, tenant);

    if (code === undefined) expect(location?.searchParams.has('code')).toBe(true);
    else expect(text).toContain(`AADSTS${code}:`);
  });

  test.each([
    ['AzureADMyOrg', 'common', 50194],
    ['AzureADMyOrg', 'studio.example', 700016],
    ['AzureADMyOrg', 'consumers', 9002332],
    ['AzureADMultipleOrgs', 'consumers', 9002332],
    ['PersonalMicrosoftAccount', 'common', 9002331],
  ] as const)('an app for %s is refused at %s', async (signInAudience, tenant, code) => {
    const client = {
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      redirectUris: [REDIRECT_URI],
      homeTenant: 'partner.example',
      signInAudience,
    };
    const { browser, authorizeUrl } = createMicrosoftUnderTest({ clients: [client] });

    expect((await browser.visit(authorizeUrl({}, tenant))).text).toContain(`AADSTS${code}:`);
  });

  test('an app for organisations takes no personal account at common', async () => {
    const client = {
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      redirectUris: [REDIRECT_URI],
      signInAudience: 'AzureADMultipleOrgs',
    } as const;
    const { connect } = createMicrosoftUnderTest({ clients: [client] });

    expect((await connect(JONAS)).text).toContain('AADSTS500208:');
  });

  test('domain_hint narrows the accounts that are offered', async () => {
    const { browser, authorizeUrl } = createMicrosoftUnderTest();
    const offered = async (hint: string): Promise<boolean[]> => {
      const { text } = await browser.visit(authorizeUrl({ domain_hint: hint }));
      return [AMIRA, LEA, JONAS].map((email) => text.includes(email));
    };

    expect(await offered('organizations')).toEqual([true, true, false]);
    expect(await offered('consumers')).toEqual([false, false, true]);
    expect(await offered('studio.example')).toEqual([false, true, false]);
  });
});

test('going back from the account page says no more than that', async () => {
  const { browser, authorizeUrl } = createMicrosoftUnderTest();
  await browser.visit(authorizeUrl());

  const { location } = await browser.press('Back');

  expect(Object.fromEntries(location?.searchParams ?? [])).toEqual({ error: 'access_denied', error_subcode: 'cancel', state: STATE });
});

test('an account that does not exist stays on Microsoft’s page', async () => {
  const { request, authorizeUrl } = createMicrosoftUnderTest();
  const url = authorizeUrl().replace('/authorize?', '/authorize/account?');

  const response = await request(url, { method: 'POST', body: new URLSearchParams({ account: 'nobody@partner.example' }) });

  expect(await response.text()).toContain('AADSTS50034:');
});
