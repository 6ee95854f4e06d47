import { describe, expect, test } from 'vitest';
import { AMIRA, createAppUnderTest, TWO_SCOPES } from '../../../test/app-under-test.ts';

const AUTH = 'https://www.googleapis.com/auth/';
const ONE_SCOPE = `openid email ${AUTH}calendar.freebusy`;

describe('the consent page', () => {
  test('lists what signing in shows as text, and has a ticked, labelled box for each other scope', async () => {
    const { browser, authorizeUrl } = createAppUnderTest();
    await browser.visit(authorizeUrl());

    const { text } = await browser.press(AMIRA);

    expect(text).toContain('See your primary Google Account email address');
    const labels = [...text.matchAll(/<label[^>]*>([\s\S]*?)<\/label>/g)].map(([, contents = '']) => contents);
    expect(labels).toHaveLength(2);
    expect(labels[0]).toContain('View and edit events on all your calendars');
    expect(labels[0]?.replaceAll(/<[^>]*>/g, '')).toContain(`${AUTH}calendar.events`);
    expect(labels.every((label) => /type="checkbox"[^>]*checked/.test(label))).toBe(true);
    expect(text).toContain('Google emulator');
  });

  test('has no box where a single scope is asked besides signing in', async () => {
    const { browser, authorizeUrl } = createAppUnderTest();
    await browser.visit(authorizeUrl({ scope: ONE_SCOPE }));

    expect((await browser.press(AMIRA)).text).not.toContain('type="checkbox"');
    expect((await browser.press('Allow')).location?.searchParams.get('scope')).toContain(`${AUTH}calendar.freebusy`);
  });

  test('has no boxes for an app that the administrator trusts', async () => {
    const { browser, authorizeUrl, control } = createAppUnderTest();
    control.setFor(AMIRA, { trustedApp: true });
    await browser.visit(authorizeUrl());

    expect((await browser.press(AMIRA)).text).not.toContain('type="checkbox"');
    expect((await browser.press('Allow', ['calendar.events'])).location?.searchParams.get('scope')).toContain(`${AUTH}calendar.events`);
  });
});

describe('what is granted', () => {
  test('lacks a scope whose box was cleared, without an error', async () => {
    const { tokens } = createAppUnderTest();

    const { scope } = await tokens({}, { untick: ['calendar.events'] });

    expect(scope).toBe(`openid ${AUTH}userinfo.email ${AUTH}calendar.freebusy`);
  });

  test('is nothing when every box was cleared', async () => {
    const { connect } = createAppUnderTest();

    const { location } = await connect({}, { untick: ['calendar.events', 'calendar.freebusy'] });

    expect(location?.searchParams.get('error')).toBe('access_denied');
    expect(location?.searchParams.get('state')).toBe('a state/with+odd=characters&');
    expect(location?.searchParams.has('code')).toBe(false);
  });

  test('is nothing after Cancel', async () => {
    const { browser, authorizeUrl } = createAppUnderTest();
    await browser.visit(authorizeUrl());
    await browser.press(AMIRA);

    expect((await browser.press('Cancel')).location?.searchParams.get('error')).toBe('access_denied');
  });

  test('is spelt out: email becomes userinfo.email, profile likewise, openid stays', async () => {
    const { tokens } = createAppUnderTest();

    expect((await tokens({ scope: 'openid email profile' }))['scope']).toBe(`openid ${AUTH}userinfo.email ${AUTH}userinfo.profile`);
  });

  test('includes earlier grants of the project only when include_granted_scopes says so', async () => {
    const { tokens } = createAppUnderTest();
    await tokens({ scope: TWO_SCOPES });

    expect((await tokens({ scope: ONE_SCOPE, prompt: 'consent' }))['scope']).not.toContain('calendar.events');
    expect((await tokens({ scope: ONE_SCOPE, prompt: 'consent', include_granted_scopes: 'false' }))['scope']).not.toContain(
      'calendar.events',
    );
    expect((await tokens({ scope: ONE_SCOPE, prompt: 'consent', include_granted_scopes: 'true' }))['scope']).toContain('calendar.events');
  });

  test('can not be allowed by a form that skips the page of a restricted account', async () => {
    const { request, authorizeUrl, control } = createAppUnderTest();
    control.setFor(AMIRA, { adminPolicyEnforced: true });
    const url = authorizeUrl().replace('/auth?', '/auth/consent?');

    const response = await request(url, { method: 'POST', body: new URLSearchParams({ account: AMIRA, decision: 'allow' }) });

    expect(response.status).toBe(400);
    expect(await response.text()).toContain('admin_policy_enforced');
  });
});
