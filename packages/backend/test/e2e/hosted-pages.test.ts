import { createSession } from '@calendar-connect/partner';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findingsOn } from './axe.ts';
import { goThroughGoogle, openBrowser, openProfile, startConnecting, visit } from './people.ts';
import { createWorld, type World } from './world.ts';

let world: World;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  [world, browser] = await Promise.all([createWorld(), openBrowser()]);
});

beforeEach(async () => {
  // axe is put into the pages from outside, which their own policy forbids.
  context = await openProfile(browser, { bypassCSP: true });
});

afterEach(() => context.close());

afterAll(async () => {
  await browser.close();
  await world.close();
});

function authorizeAddress(): string {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: world.application.clientId,
    redirect_uri: `${world.partner.origin}/callback`,
  });
  return `${world.backend.origin}/oauth/authorize?${query}`;
}

/** How each page is reached: as people reach it. */
const PAGES: Readonly<Record<string, () => Promise<Page>>> = {
  'the chooser': () => visit(context, authorizeAddress()),

  'the chooser with a mode unfolded': async () => {
    const page = await visit(context, authorizeAddress());
    await page.getByRole('radio', { name: 'Free/busy only' }).check();
    await page.locator('.option:has(:checked) summary').click();
    return page;
  },

  'the confirmation': async () => {
    const { session } = await createSession({ ...world.credentials, endUser: { id: 'user-42', name: 'Amira Haddad' } });
    const page = await visit(context, world.partner.show({ body: world.partner.element(`session="${session}"`) }));
    const popup = await startConnecting(page, 'Full access');
    await popup.getByRole('button', { name: 'This is not me' }).waitFor();
    return popup;
  },

  'the page after a failure': async () => {
    const page = await visit(context, authorizeAddress());
    await page.getByRole('radio', { name: 'Google' }).check();
    await page.getByRole('radio', { name: 'Full access' }).check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await goThroughGoogle(page, { untick: 'calendar.events' });
    await page.getByRole('link', { name: 'Try again' }).waitFor();
    return page;
  },

  'the end of a window': async () => {
    const opener = await visit(context, world.partner.show());
    const popup = await startConnecting(opener, 'Free/busy only');
    // It closes by itself before anybody can look at it.
    await popup.addInitScript(() => {
      window.close = () => undefined;
    });
    await goThroughGoogle(popup);
    await popup.getByText('You can close this window.').waitFor();
    return popup;
  },

  'a page about a problem': () => visit(context, `${world.backend.origin}/oauth/authorize?client_id=nobody`),
};

describe('axe finds nothing', () => {
  it.each(Object.keys(PAGES))('on %s, in light and dark, at 320 and at 1280 pixels', async (name) => {
    const page = await (PAGES[name]?.() ?? Promise.reject(new Error(name)));
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [320, 1280]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 720 });
        expect(await findingsOn(page), `${colorScheme}, ${width} pixels`).toEqual([]);
        // WCAG 1.4.10: no scrolling in two directions at 320 pixels.
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      }
    }
  });
});

it('every hosted page is unframeable, uncached and loads nothing from elsewhere', async () => {
  const origins = new Set<string>();
  context.on('request', (request) => void origins.add(new URL(request.url()).origin));
  await visit(context, authorizeAddress());
  expect([...origins]).toEqual([world.backend.origin]);
  const pages = world.exchanges.filter(
    ({ url, responseHeaders }) =>
      url.startsWith(world.backend.origin) && (responseHeaders.get('content-type') ?? '').startsWith('text/html'),
  );
  expect(pages.length).toBeGreaterThan(5);
  for (const { responseHeaders } of pages) {
    const policy = responseHeaders.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(responseHeaders.get('cache-control')).toBe('no-store');
  }
});
