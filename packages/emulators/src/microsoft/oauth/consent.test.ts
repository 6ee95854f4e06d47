import { describe, expect, test } from 'vitest';
import {
  AMIRA,
  CLIENT_ID,
  createMicrosoftUnderTest,
  FREE_BUSY,
  FULL,
  JONAS,
  LEA,
  MIKA,
  NOOR,
  STATE,
} from '../../../test/microsoft-under-test.ts';

const SIGN_IN = 'openid email profile offline_access User.Read';
const PLACES = `${SIGN_IN} Place.Read.All`;

describe('who may consent', () => {
  test.each([
    ['somebody whose organisation allows it', LEA, FULL, true],
    ['nobody but the administrator to some permissions', LEA, PLACES, false],
    ['nobody to calendars under Microsoft’s managed policy', AMIRA, FULL, false],
    ['nobody to free/busy either', AMIRA, FREE_BUSY, false],
    ['anybody to signing in under that policy', AMIRA, SIGN_IN, true],
    ['the administrator to everything', NOOR, PLACES, true],
    ['anybody with a personal account', JONAS, FULL, true],
  ])('%s', async (_what, email, scope, may) => {
    const { browser, authorizeUrl } = createMicrosoftUnderTest();
    await browser.visit(authorizeUrl({ scope }));

    const { text } = await browser.press(email);

    expect(text.includes('Permissions requested')).toBe(may);
    expect(text.includes('Need admin approval')).toBe(!may);
  });

  test('a closed organisation does not even let people sign in', async () => {
    const { browser, authorizeUrl, control } = createMicrosoftUnderTest();
    control.setConsentPolicy('studio.example', 'closed');
    await browser.visit(authorizeUrl({ scope: 'openid' }));

    expect((await browser.press(LEA)).text).toContain('Need admin approval');
  });

  test('a guest is under the policy of the organisation visited', async () => {
    const { browser, authorizeUrl } = createMicrosoftUnderTest();
    await browser.visit(authorizeUrl({}, 'partner.example'));

    const { text } = await browser.press(LEA);

    expect(text).toContain('Need admin approval');
    expect(text).toContain('resources in Partner Ltd');
  });

  test('a form that accepts what the person may not is not believed', async () => {
    const { request, authorizeUrl } = createMicrosoftUnderTest();
    const url = authorizeUrl().replace('/authorize?', '/authorize/consent?');

    const response = await request(url, { method: 'POST', body: new URLSearchParams({ account: AMIRA, decision: 'accept' }) });

    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Need admin approval');
  });
});

describe('consent', () => {
  test('is asked once, and again for what is new or with prompt=consent', async () => {
    const { browser, authorizeUrl, connect } = createMicrosoftUnderTest();
    await connect(LEA, { scope: FREE_BUSY });
    const next = async (changes: Record<string, string>): Promise<string> => (await browser.visit(authorizeUrl(changes))).text;

    expect(await next({ scope: FREE_BUSY })).toBe('');
    const more = await next({ scope: FULL });
    expect(more).toContain('Have full access to your calendars');
    expect(more).not.toContain('Sign in and read');
    expect(await next({ scope: FREE_BUSY, prompt: 'consent' })).toContain('Read basic details of your calendars');
  });

  test('with prompt=consent ends at Need admin approval even where the administrator has consented', async () => {
    const { connect, control } = createMicrosoftUnderTest();
    control.approve({ tenant: 'partner.example', clientId: CLIENT_ID });

    expect((await connect(AMIRA)).location?.searchParams.has('code')).toBe(true);
    const { browser, authorizeUrl } = createMicrosoftUnderTest();
    await browser.visit(authorizeUrl({ prompt: 'consent' }));
    expect((await browser.press(AMIRA)).text).toContain('Need admin approval');
  });

  test('of an administrator is for everybody only where the box is ticked', async () => {
    const { request, authorizeUrl, connect } = createMicrosoftUnderTest();
    const url = authorizeUrl().replace('/authorize?', '/authorize/consent?');
    const accept = async (box: Record<string, string>): Promise<Response> =>
      request(url, { method: 'POST', body: new URLSearchParams({ account: NOOR, decision: 'accept', ...box }) });

    await accept({});
    expect((await connect(AMIRA)).text).toContain('Need admin approval');
    await accept({ for_organization: '1' });
    expect((await connect(AMIRA)).location?.searchParams.has('code')).toBe(true);
  });

  test('declined is AADSTS65004, whose error the switch can change', async () => {
    const { browser, authorizeUrl, control } = createMicrosoftUnderTest();
    const decline = async (): Promise<URLSearchParams | undefined> => {
      await browser.visit(authorizeUrl({ prompt: 'select_account' }));
      await browser.press(LEA);
      return (await browser.press('Cancel')).location?.searchParams;
    };

    const declined = await decline();
    expect(declined?.get('error')).toBe('access_denied');
    expect(declined?.get('error_description')).toMatch(/^AADSTS65004: User declined to consent to access the app\./);
    expect(declined?.get('state')).toBe(STATE);
    control.setFor(LEA, { declineError: 'consent_required' });
    expect((await decline())?.get('error')).toBe('consent_required');
  });

  test('declined with a personal account has a text of its own', async () => {
    const { browser, authorizeUrl } = createMicrosoftUnderTest();
    await browser.visit(authorizeUrl());
    await browser.press(JONAS);

    const { location } = await browser.press('Cancel');

    expect(Object.fromEntries(location?.searchParams ?? [])).toEqual({
      error: 'access_denied',
      error_description: 'The user has denied access to the scope requested by the client application.',
      state: STATE,
    });
  });
});

describe('Need admin approval', () => {
  test('tells the app nothing, and whoever returns brings no AADSTS code', async () => {
    const { browser, authorizeUrl } = createMicrosoftUnderTest();
    await browser.visit(authorizeUrl());

    const page = await browser.press(AMIRA);
    expect(page.location).toBeUndefined();
    expect(page.text).toContain('Planner needs permission to access resources in Partner Ltd that only an admin can grant');
    const { location } = await browser.press('Return to the application without granting consent');

    expect(Object.fromEntries(location?.searchParams ?? [])).toEqual({ error: 'access_denied', error_subcode: 'cancel', state: STATE });
  });

  test.each([65001, 65004, 90094, 90095])('can bring AADSTS%i by a switch', async (code) => {
    const { browser, authorizeUrl, control } = createMicrosoftUnderTest();
    control.setFor(AMIRA, { approvalReturnCode: code });
    await browser.visit(authorizeUrl());
    await browser.press(AMIRA);

    const { location } = await browser.press('Return to the application');

    expect(location?.searchParams.get('error')).toBe('access_denied');
    expect(location?.searchParams.get('error_subcode')).toBe('cancel');
    expect(location?.searchParams.get('error_description')).toContain(`AADSTS${code}:`);
  });

  test('lets somebody sign in with an administrator’s account', async () => {
    const { browser, authorizeUrl } = createMicrosoftUnderTest();
    await browser.visit(authorizeUrl());
    await browser.press(AMIRA);
    await browser.press('Have an admin account?');

    expect((await browser.press(NOOR)).text).toContain('Consent on behalf of your organization');
  });

  test('is passed over once the administrator has approved, by single sign-on and without a question', async () => {
    const { browser, authorizeUrl, control } = createMicrosoftUnderTest();
    await browser.visit(authorizeUrl());
    await browser.press(AMIRA);
    control.approve({ tenant: 'partner.example', clientId: CLIENT_ID });

    expect((await browser.visit(authorizeUrl({ login_hint: AMIRA }))).location?.searchParams.has('code')).toBe(true);
  });

  test('sends a request where the organisation takes them, and still tells the app nothing', async () => {
    const { browser, authorizeUrl, control } = createMicrosoftUnderTest();
    await browser.visit(authorizeUrl());
    const page = await browser.press(MIKA);
    expect(page.text).toContain('Approval required');

    const sent = await browser.press('Request approval');

    expect(sent.text).toContain('Request sent');
    expect(sent.location).toBeUndefined();
    expect(control.approvalRequests).toMatchObject([{ email: MIKA, clientId: CLIENT_ID }]);
    expect(control.approvalRequests[0]?.scopes).toContain('https://graph.microsoft.com/Calendars.ReadWrite');
    expect((await browser.press('Back to app')).location?.searchParams.get('error_subcode')).toBe('cancel');
  });
});

describe('an organisation can shut an app', () => {
  test('altogether', async () => {
    const { connect, control } = createMicrosoftUnderTest();
    control.setAppEnabled('studio.example', CLIENT_ID, false);

    expect((await connect(LEA)).text).toContain('AADSTS7000112:');
    expect((await connect(LEA, {}, 'studio.example')).text).toContain('AADSTS7000112:');
    control.setAppEnabled('studio.example', CLIENT_ID, true);
    expect((await connect(LEA)).location?.searchParams.has('code')).toBe(true);
  });

  test('for whoever is not assigned', async () => {
    const { connect, control } = createMicrosoftUnderTest();
    control.setAssignmentRequired('studio.example', CLIENT_ID, true);

    expect((await connect(LEA)).text).toContain('AADSTS50105:');
    control.setAssignmentRequired('studio.example', CLIENT_ID, false);
    expect((await connect(LEA)).location?.searchParams.has('code')).toBe(true);
  });
});
