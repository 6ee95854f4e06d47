import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { findingsOn } from './axe.ts';
import { openBrowser, openProfile, seen, visit, windowFrom } from './people.ts';
import { createWorld, type World } from './world.ts';

let server: MailServer;
let world: World;
let browser: Browser;
let context: BrowserContext;
let laterMs = 0;
let people = 0;

beforeAll(async () => {
  server = await startMailServer();
  const mail = { smtpUrl: `smtp://127.0.0.1:${server.port}`, from: 'calendars@acme.example' };
  [world, browser] = await Promise.all([createWorld({}, { mail, now: () => Date.now() + laterMs }), openBrowser()]);
  await world.connect.applications.update(world.application.clientId, { accessModes: ['full', 'free_busy', 'no_access'] });
});

beforeEach(async () => {
  context = await openProfile(browser);
});

afterEach(() => context.close());

afterAll(async () => {
  await browser.close();
  await world.close();
  await server.close();
});

/** An address that nobody has used before. */
const newAddress = () => `person-${(people += 1)}@nowhere.example`;
const callback = () => `${world.partner.origin}/callback`;

function authorizeAddress(): string {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: world.application.clientId,
    redirect_uri: callback(),
    provider_name: 'cronofy',
    state: 'the partner’s own',
  });
  return `${world.backend.origin}/oauth/authorize?${query}`;
}

/** Chooses in the element, as far as the window in which the address is asked for. */
function openWindow(page: Page): Promise<Page> {
  return windowFrom(page, async () => {
    await page.getByRole('button', { name: 'Connect your calendar' }).click();
    await page.getByRole('radio', { name: 'Another calendar' }).check();
    await page.getByRole('radio', { name: 'No calendar access' }).check();
    await page.getByRole('button', { name: 'Continue' }).click();
  });
}

async function typeAddress(page: Page, address = newAddress()): Promise<string> {
  await page.getByLabel('Your e-mail address').fill(address);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'Enter the code from the mail' }).waitFor();
  return address;
}

async function typeCode(page: Page, code: string): Promise<void> {
  await page.getByLabel('Code', { exact: true }).fill(code);
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** The code that came last to an address, after so many before it. */
async function codeFor(address: string, before = 0): Promise<string> {
  const mails = () => server.mails.filter(({ to }) => to[0] === address);
  await expect.poll(() => mails().length, { timeout: 5000 }).toBe(before + 1);
  return /^\d{6}$/m.exec(mails().at(-1)?.text.replaceAll('\r', '') ?? '')?.[0] ?? '';
}

const otherThan = (code: string) => (code === '000000' ? '000001' : '000000');

async function tokensFor(code: string | null): Promise<unknown> {
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

async function comesBackWithCode(page: Page, address: string): Promise<void> {
  await page.waitForURL((url) => url.href.startsWith(callback()));
  const { searchParams } = new URL(page.url());
  expect(searchParams.get('state')).toBe('the partner’s own');
  expect(await tokensFor(searchParams.get('code'))).toMatchObject({
    linking_profile: { provider_name: 'cronofy', provider_service: 'cronofy', profile_name: address },
  });
}

describe('somebody without a calendar to share', () => {
  it('proves an address in the window, and the page is told', async () => {
    const page = await visit(context, world.partner.show());
    const popup = await openWindow(page);
    await popup.getByText('Acme Scheduler sees nothing of your calendar').waitFor();
    const address = await typeAddress(popup);
    await typeCode(popup, await codeFor(address));
    expect(await seen(page, 'calendar-connected')).toMatchObject({ accessMode: 'no_access', name: address });
    await page.getByText('Calendar connected', { exact: true }).waitFor();
  });

  it('is told what was wrong, can have another code sent, and is connected by that', async () => {
    const page = await visit(context, world.partner.show());
    const popup = await openWindow(page);
    await popup.getByLabel('Your e-mail address').fill('nobody');
    await popup.getByRole('button', { name: 'Continue' }).click();
    // The browser itself says what is wrong with it, and sends nothing.
    expect(await popup.getByLabel('Your e-mail address').evaluate((input: HTMLInputElement) => input.validity.typeMismatch)).toBe(true);
    const address = await typeAddress(popup);
    const code = await codeFor(address);
    await typeCode(popup, otherThan(code));
    await popup.getByRole('alert').getByText('This is not the code.').waitFor();
    expect(await popup.getByLabel('Code', { exact: true }).getAttribute('aria-describedby')).toBe('code-problem code-hint');
    expect(await popup.evaluate(() => document.activeElement?.id)).toBe('code');
    await popup.getByRole('button', { name: 'Send a new code' }).click();
    await popup.getByText('A new code was sent.').waitFor();
    await typeCode(popup, await codeFor(address, 1));
    expect(await seen(page, 'calendar-connected')).toMatchObject({ name: address });
  });

  it('is told that a code has expired', async () => {
    const page = await visit(context, world.partner.show());
    const popup = await openWindow(page);
    const address = await typeAddress(popup);
    const code = await codeFor(address);
    laterMs += 10 * 60_000;
    await typeCode(popup, code);
    await popup.getByText('The code was valid for ten minutes, and they are over.').waitFor();
    await popup.getByRole('button', { name: 'Send a new code' }).click();
    await typeCode(popup, await codeFor(address, 1));
    expect(await seen(page, 'calendar-connected')).toMatchObject({ name: address });
  });

  it('goes on with the same code where the window was closed and opened again', async () => {
    const page = await visit(context, world.partner.show());
    const popup = await openWindow(page);
    const address = await typeAddress(popup);
    const code = await codeFor(address);
    await popup.close();
    const again = await windowFrom(page, () => page.getByRole('button', { name: 'Open the window again' }).click());
    await again.getByText(address).waitFor();
    await typeCode(again, code);
    expect(await seen(page, 'calendar-connected')).toMatchObject({ name: address });
  });

  it('can cancel in the window', async () => {
    const page = await visit(context, world.partner.show());
    const popup = await openWindow(page);
    await Promise.all([popup.waitForEvent('close'), popup.getByRole('button', { name: 'Cancel' }).click()]);
    await seen(page, 'calendar-connect-cancelled');
    await page.getByText('Nothing was shared').waitFor();
  });

  it('comes back to the partner with a code from the hosted page', async () => {
    const page = await visit(context, authorizeAddress());
    const address = await typeAddress(page);
    await typeCode(page, await codeFor(address));
    await comesBackWithCode(page, address);
  });

  it('needs no JavaScript', async () => {
    const plain = await openProfile(browser, { javaScriptEnabled: false });
    const page = await visit(plain, authorizeAddress());
    const address = await typeAddress(page);
    const code = await codeFor(address);
    await typeCode(page, otherThan(code));
    await page.getByText('This is not the code.').waitFor();
    await typeCode(page, `${code.slice(0, 3)} ${code.slice(3)}`);
    await page.getByRole('link', { name: 'Go on to Acme Scheduler' }).click();
    await comesBackWithCode(page, address);
    await plain.close();
  });
});

/** How each page is reached: as people reach it. */
const PAGES: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'the page that asks for the address': async () => undefined,
  'the page that asks for the address, with a problem': async (page) => {
    await page.locator('form').evaluate((form: HTMLFormElement) => form.setAttribute('novalidate', ''));
    await page.getByLabel('Your e-mail address').fill('nobody');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('alert').waitFor();
  },
  'the page that asks for the code': async (page) => void (await typeAddress(page)),
  'the page that asks for the code, with a problem': async (page) => {
    const code = await codeFor(await typeAddress(page));
    await typeCode(page, otherThan(code));
    await page.getByRole('alert').waitFor();
  },
  'the page of an expired code': async (page) => {
    await codeFor(await typeAddress(page));
    laterMs += 10 * 60_000;
    await page.reload();
    await page.getByRole('alert').waitFor();
  },
};

describe('axe finds nothing', () => {
  it.each(Object.keys(PAGES))('on %s, in light and dark, at 320 and at 1280 pixels', async (name) => {
    // axe is put into the pages from outside, which their own policy forbids.
    const open = await openProfile(browser, { bypassCSP: true });
    const page = await visit(open, authorizeAddress());
    await PAGES[name]?.(page);
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [320, 1280]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 720 });
        expect(await findingsOn(page), `${colorScheme}, ${width} pixels`).toEqual([]);
        // WCAG 1.4.10: no scrolling in two directions at 320 pixels.
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      }
    }
    await open.close();
  });
});

it('no page and no address of the way shows a code, and no address an e-mail address', async () => {
  const page = await visit(context, authorizeAddress());
  const address = await typeAddress(page);
  const code = await codeFor(address);
  const before = world.exchanges.length;
  await typeCode(page, code);
  await comesBackWithCode(page, address);
  expect(before).toBeGreaterThan(0);
  const urls = world.exchanges.map(({ url }) => decodeURIComponent(url)).join('\n');
  expect(urls).not.toContain(address);
  expect(urls).not.toMatch(new RegExp(`\\b${code}\\b`));
  expect(JSON.stringify(world.log)).not.toContain('nowhere.example');
});
