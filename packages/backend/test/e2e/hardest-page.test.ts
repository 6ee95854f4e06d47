import { redeemReceipt } from '@calendar-connect/partner';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { strictPolicy } from './partner-site.ts';
import { chooseAndContinue, goThroughGoogle, openBrowser, openProfile, seen, startConnecting, visit, windowFrom } from './people.ts';
import { AMIRA, createWorld, type World } from './world.ts';

let world: World;
let browser: Browser;

beforeAll(async () => {
  [world, browser] = await Promise.all([createWorld({ crossOriginOpenerPolicy: true }), openBrowser()]);
});

afterAll(async () => {
  await browser.close();
  await world.close();
});

/**
 * Connects from a page with the strict policy and these headers, and answers with what the browser said on its way.
 *
 * `proofs` are the `Origin` headers of the start form: the browser's own word for which page opened the window.
 */
async function connectFrom(headers: Readonly<Record<string, string>>) {
  const context = await openProfile(browser);
  const before = world.exchanges.length;
  const url = world.partner.show({ headers: { 'content-security-policy': strictPolicy(world.backend.origin), ...headers } });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
  page.on('pageerror', (error) => void complaints.push(error.message));
  await page.goto(url);
  const popup = await startConnecting(page, 'Free/busy only');
  await goThroughGoogle(popup);
  const connected = await seen(page, 'calendar-connected');
  const asked = world.exchanges.slice(before);
  await context.close();
  const proofs = asked.filter(({ url }) => /\/connect\/start\/[^/]+$/.test(url)).map(({ requestHeaders }) => requestHeaders.get('origin'));
  return { connected, complaints, proofs };
}

describe('a page with a strict policy and Trusted Types, beside a Google that cuts every opener', () => {
  it.each(['same-origin-allow-popups', 'same-origin', 'noopener-allow-popups'])(
    'connects with Referrer-Policy: no-referrer and Cross-Origin-Opener-Policy: %s',
    async (policy) => {
      const { connected, complaints } = await connectFrom({ 'referrer-policy': 'no-referrer', 'cross-origin-opener-policy': policy });
      expect(connected).toMatchObject({ provider: 'google', accessMode: 'free_busy', name: AMIRA });
      expect(complaints).toEqual([]);
      const tokens = await redeemReceipt({ ...world.credentials, receipt: String(connected['receipt']) });
      expect(tokens).toMatchObject({ accountId: connected['accountId'], profile: { providerName: 'google_free_busy', name: AMIRA } });
    },
  );

  it('connects with Referrer-Policy: same-origin, which hides the Origin of a form as well', async () => {
    const { connected, complaints } = await connectFrom({
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
    });
    expect(connected).toMatchObject({ name: AMIRA });
    expect(complaints).toEqual([]);
  });

  it('proves itself by the Origin of its form alone where its referrer policy lets it, opener or not', async () => {
    const { connected, proofs } = await connectFrom({ 'cross-origin-opener-policy': 'same-origin' });
    expect(connected).toMatchObject({ name: AMIRA });
    expect(proofs).toEqual([world.partner.origin]);
  });
});

it('goes on in a tab where the window is blocked, also from a page that hides its origin and has cut its windows off', async () => {
  const context = await openProfile(browser);
  const headers = {
    'content-security-policy': strictPolicy(world.backend.origin),
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
  };
  const page = await visit(context, world.partner.show({ headers }));
  await page.evaluate(() => {
    window.open = () => null;
  });
  await chooseAndContinue(page, 'Free/busy only');
  const tab = await windowFrom(page, () => page.getByRole('button', { name: 'Open in a new tab' }).click());
  await goThroughGoogle(tab);
  expect(await seen(page, 'calendar-connected')).toMatchObject({ name: AMIRA });
  await context.close();
});

it('asks the page for proof, once, where the page hides its origin and keeps the element from having a frame', async () => {
  const context = await openProfile(browser);
  // Slow enough for the question to be asked several times.
  await context.route('**/confirm', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 700));
    await route.continue();
  });
  const headers = { 'content-security-policy': strictPolicy(world.backend.origin), 'referrer-policy': 'no-referrer' };
  const page = await visit(context, world.partner.show({ headers }));
  await page.evaluate(() => Object.defineProperty(HTMLIFrameElement.prototype, 'contentDocument', { value: null }));
  const before = world.exchanges.length;
  await goThroughGoogle(await startConnecting(page, 'Free/busy only'));
  expect(await seen(page, 'calendar-connected')).toMatchObject({ name: AMIRA });
  const proven = world.exchanges.slice(before).filter(({ url }) => url.endsWith('/confirm'));
  expect(proven.map(({ status }) => status)).toEqual([200]);
  await context.close();
});

it('comes back in the same tab, with the Origin of its form as its proof, from a page that hides its origin and cuts every window off', async () => {
  const context = await openProfile(browser);
  const headers = {
    'content-security-policy': strictPolicy(world.backend.origin),
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
  };
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
  await page.goto(world.partner.show({ headers, body: world.partner.element('flow="redirect"') }));
  const before = world.exchanges.length;
  await chooseAndContinue(page, 'Full access');
  await goThroughGoogle(page);
  expect(await seen(page, 'calendar-connected')).toMatchObject({ name: AMIRA });
  const starts = world.exchanges.slice(before).filter(({ url }) => url.includes('/connect/start/'));
  expect(starts.map(({ method, requestHeaders }) => [method, requestHeaders.get('origin')])).toEqual([['POST', world.partner.origin]]);
  expect(complaints).toEqual([]);
  await context.close();
});

it('tells the page which of its policies is in the way where form-action does not name the backend', async () => {
  const context = await openProfile(browser);
  const policy = strictPolicy(world.backend.origin).replace(/form-action [^;]*/, "form-action 'self'");
  const page = await visit(context, world.partner.show({ headers: { 'content-security-policy': policy } }));
  await startConnecting(page, 'Free/busy only');
  expect(await seen(page, 'calendar-connect-error')).toMatchObject({ code: 'form_blocked_by_policy' });
  await context.close();
});
