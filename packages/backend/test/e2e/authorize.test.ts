import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { goThroughGoogle, type ModeLabel, openBrowser, openProfile, visit } from './people.ts';
import { AMIRA, createWorld, type World } from './world.ts';

let world: World;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  [world, browser] = await Promise.all([createWorld({ crossOriginOpenerPolicy: true }), openBrowser()]);
});

beforeEach(async () => {
  context = await openProfile(browser);
});

afterEach(() => context.close());

afterAll(async () => {
  await browser.close();
  await world.close();
});

const callback = () => `${world.partner.origin}/callback`;

function authorizeAddress(more: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: world.application.clientId,
    redirect_uri: callback(),
    state: 'the partner’s own',
    ...more,
  });
  return `${world.backend.origin}/oauth/authorize?${query}`;
}

async function choose(page: Page, mode: ModeLabel): Promise<void> {
  await page.getByRole('radio', { name: 'Google' }).check();
  await page.getByRole('radio', { name: mode }).check();
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** What the partner finds in the address when the person is back. */
async function answerAt(page: Page): Promise<Record<string, string>> {
  await page.waitForURL((url) => url.href.startsWith(callback()));
  return Object.fromEntries(new URL(page.url()).searchParams);
}

/** Exchanges a code as the partner's server does. */
async function tokensFor(code: string | undefined): Promise<unknown> {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: world.application.clientId,
    client_secret: world.application.clientSecret,
    redirect_uri: callback(),
    code: code ?? '',
  });
  const response = await fetch(`${world.credentials.issuer}/oauth/token`, { method: 'POST', body });
  return response.json();
}

describe('the hosted chooser', () => {
  it.each<[ModeLabel, string]>([
    ['Full access', 'google'],
    ['Free/busy only', 'google_free_busy'],
  ])('connects in %s and comes back with a code, the partner’s state and the issuer', async (label, providerName) => {
    const page = await visit(context, authorizeAddress());
    await choose(page, label);
    await goThroughGoogle(page);
    const { code, ...answer } = await answerAt(page);
    expect(answer).toEqual({ state: 'the partner’s own', iss: world.backend.origin });
    expect(await tokensFor(code)).toMatchObject({ linking_profile: { provider_name: providerName, profile_name: AMIRA } });
  });

  it('works without any JavaScript', async () => {
    const plain = await openProfile(browser, { javaScriptEnabled: false });
    const page = await visit(plain, authorizeAddress());
    await choose(page, 'Free/busy only');
    await page.getByRole('link', { name: 'Go on to Google' }).click();
    await goThroughGoogle(page);
    expect(await answerAt(page)).toHaveProperty('code');
    await plain.close();
  });

  it('comes back with access_denied for somebody who cancels there', async () => {
    const page = await visit(context, authorizeAddress());
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(await answerAt(page)).toMatchObject({ error: 'access_denied', state: 'the partner’s own', iss: world.backend.origin });
  });

  it('comes back with access_denied for somebody who says no at Google', async () => {
    const page = await visit(context, authorizeAddress());
    await choose(page, 'Full access');
    await goThroughGoogle(page, { decision: 'Cancel' });
    expect(await answerAt(page)).toMatchObject({ error: 'access_denied', state: 'the partner’s own' });
  });

  it('says which box was left unticked, and one click tries again', async () => {
    const page = await visit(context, authorizeAddress());
    await choose(page, 'Full access');
    await goThroughGoogle(page, { untick: 'calendar.events' });
    await page.getByRole('heading', { name: 'A permission box was left unticked' }).waitFor();
    await page.getByRole('link', { name: 'Try again' }).click();
    await goThroughGoogle(page);
    const { code, state } = await answerAt(page);
    expect(state).toBe('the partner’s own');
    expect(await tokensFor(code)).toMatchObject({ linking_profile: { provider_name: 'google' } });
  });
});

it('goes straight to Google where provider_name says so', async () => {
  const page = await visit(context, authorizeAddress({ provider_name: 'google_free_busy' }));
  expect(new URL(page.url()).origin).toBe(world.googleSite.origin);
  await goThroughGoogle(page);
  const { code } = await answerAt(page);
  expect(await tokensFor(code)).toMatchObject({ linking_profile: { provider_name: 'google_free_busy' } });
});

it('never goes to an address that is not registered', async () => {
  const page = await visit(context, authorizeAddress({ redirect_uri: `${world.partner.origin}/callback/` }));
  await page.getByRole('heading', { name: 'This link does not work' }).waitFor();
  expect(new URL(page.url()).origin).toBe(world.backend.origin);
});
