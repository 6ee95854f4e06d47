import { type RunningExchangeEmulator, startExchangeEmulator } from '@calendar-connect/emulators';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AMIRA, exchangeAt, KIM, LEA, OTTO, PEOPLE, reachable, SAM, USUAL_HOSTS } from '../support/exchange.ts';
import { findingsOn } from './axe.ts';
import { openBrowser, openProfile, seen, visit, windowFrom } from './people.ts';
import { createWorld, type World } from './world.ts';

let browser: Browser;
let emulator: RunningExchangeEmulator;
let world: World;
let context: BrowserContext;

beforeAll(async () => {
  browser = await openBrowser();
});
beforeEach(async () => {
  emulator = await startExchangeEmulator({ people: PEOPLE, hosts: reachable(USUAL_HOSTS) });
  const more = { withMicrosoft: true, providers: [exchangeAt(emulator)] };
  [world, context] = await Promise.all([createWorld({}, more), openProfile(browser)]);
});
afterEach(async () => {
  await context.close();
  await world.close();
  await emulator.close();
});
afterAll(() => browser.close());

/** Chooses in the element, as far as the window in which the address is asked for. */
async function openWindow(page: Page, mode = 'Full access'): Promise<Page> {
  const popup = await windowFrom(page, async () => {
    await page.getByRole('button', { name: 'Connect your calendar' }).click();
    await page.getByRole('radio', { name: 'Exchange' }).check();
    await page.getByRole('radio', { name: mode }).check();
    await page.getByRole('button', { name: 'Continue' }).click();
  });
  await popup.getByRole('heading', { name: 'Connect your Exchange calendar' }).waitFor();
  return popup;
}

async function typeAddress(page: Page, address: string): Promise<void> {
  await page.getByLabel('Your e-mail address at work').fill(address);
  await page.getByRole('button', { name: 'Continue' }).click();
}

async function typePassword(page: Page, password: string): Promise<void> {
  await page.getByRole('heading', { name: 'Sign in to Exchange' }).waitFor();
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

function leaveServerAlone(): void {
  for (const name of ['autodiscover.corp.example', 'corp.example']) {
    emulator.control.setHost({ name, https: { kind: 'closed' }, http: { kind: 'closed' } });
  }
}

function authorizeAddress(): string {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: world.application.clientId,
    redirect_uri: `${world.partner.origin}/callback`,
    provider_name: 'exchange',
    state: 'the partner’s own',
  });
  return `${world.backend.origin}/oauth/authorize?${query}`;
}

describe('somebody whose calendar is on Exchange connects', () => {
  it('by e-mail and password alone, in the window, and the page is told', async () => {
    const page = await visit(context, world.partner.show());
    const popup = await openWindow(page);
    await typeAddress(popup, OTTO.address);
    await popup.getByText('mail.corp.example').waitFor();
    await typePassword(popup, OTTO.password);
    expect(await seen(page, 'calendar-connected')).toMatchObject({ provider: 'exchange', accessMode: 'full', name: OTTO.address });
    await page.getByText('Calendar connected', { exact: true }).waitFor();
    await expect.poll(() => popup.isClosed()).toBe(true);
  });

  it('with the server’s address, for which the fields unfold by themselves', async () => {
    leaveServerAlone();
    const page = await visit(context, world.partner.show());
    const popup = await openWindow(page);
    expect(await popup.getByLabel('Server address').isVisible()).toBe(false);
    await typeAddress(popup, OTTO.address);
    await popup.getByRole('alert').getByText('No Exchange server was found').waitFor();
    await popup.getByLabel('Server address').fill('mail.corp.example');
    await popup.getByRole('button', { name: 'Continue' }).click();
    await typePassword(popup, OTTO.password);
    expect(await seen(page, 'calendar-connected')).toMatchObject({ name: OTTO.address });
  });

  it('with DOMAIN\\user, which is asked for where the address was not accepted', async () => {
    const page = await visit(context, world.partner.show());
    const popup = await openWindow(page, 'Free/busy only');
    await typeAddress(popup, 'amira.haddad@corp.example');
    await typePassword(popup, AMIRA.password);
    await popup.getByRole('alert').getByText('did not accept this user name').waitFor();
    expect(await popup.getByLabel('Password').inputValue()).toBe('');
    await popup.getByLabel('User name').fill(AMIRA.userName);
    await typePassword(popup, AMIRA.password);
    expect(await seen(page, 'calendar-connected')).toMatchObject({ accessMode: 'free_busy', name: AMIRA.address });
  });

  it('as a second colleague by e-mail and password, without server and user name', async () => {
    leaveServerAlone();
    const first = await visit(context, world.partner.show());
    const popup = await openWindow(first);
    await popup.getByText('Server address and user name').click();
    await popup.getByLabel('Server address').fill('mail.corp.example');
    await typeAddress(popup, KIM.address);
    await popup.getByRole('heading', { name: 'Sign in to Exchange' }).waitFor();
    await popup.getByText('User name', { exact: true }).first().click();
    await popup.getByRole('textbox', { name: 'User name' }).fill(KIM.userName);
    await typePassword(popup, KIM.password);
    expect(await seen(first, 'calendar-connected')).toMatchObject({ name: KIM.address });

    const other = await openProfile(browser);
    const second = await visit(other, world.partner.show());
    const theirs = await openWindow(second);
    await typeAddress(theirs, SAM.address);
    await theirs.getByText('which colleagues of yours use').waitFor();
    await theirs.getByText('You sign in as CORP\\sam').waitFor();
    await typePassword(theirs, SAM.password);
    expect(await seen(second, 'calendar-connected')).toMatchObject({ name: SAM.address });
    await other.close();
  });

  it('at Microsoft 365, where the mailbox is in the cloud', async () => {
    const page = await visit(context, world.partner.show());
    const popup = await openWindow(page);
    await typeAddress(popup, LEA.address);
    await popup.getByRole('button', { name: /^Go on with Microsoft/ }).click();
    await popup.waitForURL((url) => url.origin === world.microsoftSite.origin);
  });

  it('without JavaScript, and comes back to the partner with a code', async () => {
    const plain = await openProfile(browser, { javaScriptEnabled: false });
    const page = await visit(plain, authorizeAddress());
    await typeAddress(page, OTTO.address);
    await typePassword(page, 'wrong');
    await page.getByText('did not accept this user name').waitFor();
    await typePassword(page, OTTO.password);
    await page.getByRole('link', { name: 'Go on to Acme Scheduler' }).click();
    await page.waitForURL((url) => url.href.startsWith(`${world.partner.origin}/callback`));
    expect(new URL(page.url()).searchParams.get('code')).toBeTruthy();
    await plain.close();
  });
});

it('reads in the element, before free/busy times are shared, what a password opens and what is promised', async () => {
  const page = await visit(context, world.partner.show());
  await page.getByRole('button', { name: 'Connect your calendar' }).click();
  await page.getByRole('radio', { name: 'Exchange' }).check();
  await page.getByRole('radio', { name: 'Free/busy only' }).check();
  const promise = page.getByText('nothing else is fetched or kept, besides whose mailbox it is, is a promise of this service');
  await promise.waitFor();
  await page.getByRole('radio', { name: 'Full access' }).check();
  await promise.waitFor({ state: 'hidden' });
});

it('is told by the page what failed after somebody gave up', async () => {
  const page = await visit(context, world.partner.show());
  const popup = await openWindow(page);
  await typeAddress(popup, OTTO.address);
  await typePassword(popup, 'wrong');
  await popup.getByRole('alert').waitFor();
  await popup.getByRole('button', { name: 'Cancel' }).click();
  expect(await seen(page, 'calendar-connect-error')).toMatchObject({ code: 'wrong_password' });
});

it('no address of the way shows a password or an e-mail address, and no page shows a password', async () => {
  const page = await visit(context, authorizeAddress());
  await typeAddress(page, OTTO.address);
  await typePassword(page, 'a-wrong-password');
  await page.getByRole('alert').waitFor();
  await typePassword(page, OTTO.password);
  await page.waitForURL((url) => url.href.startsWith(`${world.partner.origin}/callback`));
  const urls = world.exchanges.map(({ url }) => decodeURIComponent(url)).join('\n');
  const elsewhere = world.exchanges.filter(({ url }) => new URL(url).origin !== world.backend.origin);
  const referrers = elsewhere.map(({ requestHeaders }) => requestHeaders.get('referer') ?? '').join('\n');
  const bodies = world.exchanges.map(({ responseBody }) => responseBody).join('\n');
  for (const password of ['a-wrong-password', OTTO.password])
    for (const text of [urls, referrers, bodies]) expect(text).not.toContain(password);
  expect(elsewhere.length).toBeGreaterThan(0);
  expect(urls).not.toContain(OTTO.address);
  expect(referrers).not.toContain('/connect/credentials/');
  expect(JSON.stringify(world.log)).not.toMatch(/@corp\.example|a-wrong-password|Otto-s/);
});

/** How each page is reached: as people reach it. */
const PAGES: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'the page that asks for the address': async () => undefined,
  'the page that asks for the address, with its fields unfolded and a problem': async (page) => {
    leaveServerAlone();
    await typeAddress(page, OTTO.address);
    await page.getByRole('alert').waitFor();
  },
  'the page that asks for the address again': async (page) => {
    await typeAddress(page, 'somebody@co.uk');
    await page.getByRole('alert').waitFor();
  },
  'the page that offers Microsoft 365': async (page) => {
    await typeAddress(page, LEA.address);
    await page.getByRole('alert').waitFor();
  },
  'the page that asks for the password': async (page) => {
    await typeAddress(page, OTTO.address);
    await page.getByRole('heading', { name: 'Sign in to Exchange' }).waitFor();
  },
  'the page that asks for the password, with a problem': async (page) => {
    await typeAddress(page, OTTO.address);
    await typePassword(page, 'wrong');
    await page.getByRole('alert').waitFor();
  },
  'the page that asks whether a host is theirs': async (page) => {
    leaveServerAlone();
    const { control } = emulator;
    const to = 'https://an-exchange-server-with-a-long-name.hosting-company.example/autodiscover/autodiscover.xml';
    control.setHost({ name: new URL(to).hostname, addresses: ['93.184.216.9'] });
    control.setHost({ name: 'autodiscover.corp.example', http: { kind: 'redirect', to } });
    await typeAddress(page, OTTO.address);
    await page.getByRole('heading', { name: 'Is this the server of your organisation?' }).waitFor();
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
