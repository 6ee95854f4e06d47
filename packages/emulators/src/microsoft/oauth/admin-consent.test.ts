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
} from '../../../test/microsoft-under-test.ts';

const GRAPH_DEFAULT = 'https://graph.microsoft.com/.default';

function adminUrl(path: string, changes: Record<string, string | undefined> = {}): string {
  const parameters = { client_id: CLIENT_ID, redirect_uri: REDIRECT_URI, state: 's1', ...changes };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.append(name, value);
  return `http://microsoft.test${path}?${query.toString()}`;
}

describe('an administrator who accepts', () => {
  test('at the older endpoint allows what the registration lists, and the app is told the tenant', async () => {
    const { otherBrowser, connect, tenantId } = createMicrosoftUnderTest();
    const administrator = otherBrowser();
    await administrator.visit(adminUrl('/partner.example/adminconsent'));

    const page = await administrator.press(NOOR);
    expect(page.text).toContain('Review for your organization, Partner Ltd');
    expect(page.text).toContain('Have full access to your calendars');
    const { location } = await administrator.press('Accept');

    expect(Object.fromEntries(location?.searchParams ?? [])).toEqual({
      tenant: tenantId('partner.example'),
      admin_consent: 'True',
      state: 's1',
    });
    expect((await connect(AMIRA)).location?.searchParams.has('code')).toBe(true);
  });

  test('at the newer endpoint allows what scope asks for, and no more', async () => {
    const { otherBrowser, connect } = createMicrosoftUnderTest();
    const administrator = otherBrowser();
    const scope = 'https://graph.microsoft.com/User.Read https://graph.microsoft.com/Calendars.ReadBasic';
    await administrator.visit(adminUrl('/organizations/v2.0/adminconsent', { scope }));
    await administrator.press(NOOR);

    const { location } = await administrator.press('Accept');

    expect(location?.searchParams.get('scope')).toBe(scope);
    expect((await connect(AMIRA, { scope: 'openid User.Read Calendars.ReadBasic' })).location?.searchParams.has('code')).toBe(true);
    expect((await connect(AMIRA, { scope: FULL })).text).toContain('Need admin approval');
  });

  test('allows application permissions with .default alone', async () => {
    const permissions = { delegated: ['User.Read'], application: ['Calendars.ReadWrite'] };
    const client = { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, redirectUris: [REDIRECT_URI], permissions };
    const { browser, token, callWith } = createMicrosoftUnderTest({ clients: [client] });
    await browser.visit(adminUrl('/partner.example/v2.0/adminconsent', { scope: GRAPH_DEFAULT }));
    expect((await browser.press(NOOR)).text).toContain('Calendars.ReadWrite');
    await browser.press('Accept');

    const { status, body } = await token({ grant_type: 'client_credentials', scope: GRAPH_DEFAULT }, 'partner.example');

    expect(status).toBe(200);
    const me = await callWith(String(body['access_token']))('GET', '/me');
    expect(me.status).toBe(400);
    expect(me.body.error.message).toContain('only valid with delegated authentication flow');
  });

  test('may wait for it to take effect', async () => {
    let now = Date.now();
    const { browser, otherBrowser, authorizeUrl } = createMicrosoftUnderTest({ now: () => now, switches: { adminConsentLagMs: 60_000 } });
    const administrator = otherBrowser();
    await administrator.visit(adminUrl('/partner.example/adminconsent'));
    await administrator.press(NOOR);
    await administrator.press('Accept');
    await browser.visit(authorizeUrl());

    expect((await browser.press(AMIRA)).text).toContain('Need admin approval');
    now += 60_000;
    expect((await browser.visit(authorizeUrl())).location?.searchParams.has('code')).toBe(true);
  });

  test('and is signed in sees the question at once', async () => {
    const { browser } = createMicrosoftUnderTest();
    await browser.visit(adminUrl('/partner.example/adminconsent'));
    await browser.press(NOOR);

    expect((await browser.visit(adminUrl('/partner.example/adminconsent'))).text).toContain('Permissions requested');
  });
});

describe('an answer that is an error says admin_consent=True all the same', () => {
  test('when the administrator declines', async () => {
    const { browser, connect } = createMicrosoftUnderTest();
    await browser.visit(adminUrl('/partner.example/adminconsent'));
    await browser.press(NOOR);

    const { location } = await browser.press('Cancel');

    expect(location?.searchParams.get('admin_consent')).toBe('True');
    expect(location?.searchParams.get('error')).toBe('access_denied');
    expect(location?.searchParams.get('error_description')).toMatch(/^AADSTS65004:/);
    expect(location?.searchParams.get('state')).toBe('s1');
    expect(location?.searchParams.has('tenant')).toBe(false);
    expect((await connect(AMIRA)).text).toContain('Need admin approval');
  });

  test('when the account is of another organisation', async () => {
    const { browser } = createMicrosoftUnderTest();
    await browser.visit(adminUrl('/studio.example/adminconsent'));

    const { location } = await browser.press(NOOR);

    expect(location?.searchParams.get('admin_consent')).toBe('True');
    expect(location?.searchParams.get('error')).toBe('access_denied');
    expect(location?.searchParams.get('error_description')).toMatch(/^AADSTS50020:/);
  });

  test('when it is a personal account', async () => {
    const { browser } = createMicrosoftUnderTest();
    await browser.visit(adminUrl('/common/adminconsent'));

    expect((await browser.press(JONAS)).location?.searchParams.get('error_description')).toMatch(/^AADSTS500208:/);
  });

  test('when a fault says so', async () => {
    const { browser, control } = createMicrosoftUnderTest();
    control.addFault({ group: 'adminconsent', aadsts: 90097, times: 1 });

    const { location } = await browser.visit(adminUrl('/partner.example/adminconsent'));

    expect(location?.searchParams.get('admin_consent')).toBe('True');
    expect(location?.searchParams.get('error_description')).toMatch(/^AADSTS90097:/);
  });

  test('when the newer endpoint is asked without scope', async () => {
    const { browser } = createMicrosoftUnderTest();

    const { location } = await browser.visit(adminUrl('/partner.example/v2.0/adminconsent'));

    expect(location?.searchParams.get('error_description')).toMatch(/^AADSTS900144:.*scope/);
  });
});

test('somebody who is no administrator ends at Need admin approval, and the app is told nothing', async () => {
  const { browser } = createMicrosoftUnderTest();
  await browser.visit(adminUrl('/partner.example/adminconsent'));

  const page = await browser.press(AMIRA);
  expect(page.text).toContain('Need admin approval');
  expect(page.location).toBeUndefined();
  const { location } = await browser.press('Return to the application');

  expect(location?.searchParams.get('error_subcode')).toBe('cancel');
  expect(location?.searchParams.get('admin_consent')).toBe('True');
});

test('a guest is no administrator, and a forged form does not make one', async () => {
  const { browser, request, connect } = createMicrosoftUnderTest();
  await browser.visit(adminUrl('/partner.example/adminconsent'));
  expect((await browser.press(LEA)).text).toContain('Need admin approval');
  const url = adminUrl('/partner.example/adminconsent').replace('/adminconsent?', '/adminconsent/decision?');

  const response = await request(url, { method: 'POST', body: new URLSearchParams({ account: AMIRA, decision: 'accept' }) });

  expect(response.headers.has('Location')).toBe(false);
  expect((await connect(AMIRA)).text).toContain('Need admin approval');
});

test('the tenant of the answer can be a forger’s', async () => {
  const forgedTenant = 'aaaaaaaa-0000-4000-8000-000000000000';
  const { browser } = createMicrosoftUnderTest({ switches: { forgedTenant } });
  await browser.visit(adminUrl('/partner.example/adminconsent'));
  await browser.press(NOOR);

  expect((await browser.press('Accept')).location?.searchParams.get('tenant')).toBe(forgedTenant);
});

test.each([
  ['the consumers’ endpoint', '/consumers/adminconsent', {}, 500208],
  ['an unknown tenant', '/nowhere.example/adminconsent', {}, 90002],
  ['another redirect URI', '/partner.example/adminconsent', { redirect_uri: 'https://evil.example/' }, 50011],
  ['an unknown client', '/partner.example/adminconsent', { client_id: '99999999-2222-4333-8444-555555555555' }, 700016],
])('%s stays on Microsoft’s page', async (_what, path, changes, code) => {
  const { browser } = createMicrosoftUnderTest();

  const { location, text, headers } = await browser.visit(adminUrl(path, changes));

  expect(location).toBeUndefined();
  expect(text).toContain(`AADSTS${code}:`);
  expect(headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin');
});
