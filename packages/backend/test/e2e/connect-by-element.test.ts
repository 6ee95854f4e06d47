import { redeemReceipt } from '@calendar-connect/partner';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  allSeen,
  chooseAndContinue,
  goThroughGoogle,
  type ModeLabel,
  openBrowser,
  openProfile,
  seen,
  startConnecting,
  visit,
  windowFrom,
} from './people.ts';
import { AMIRA, createWorld, JONAS, type World } from './world.ts';

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

const openPage = () => visit(context, world.partner.show());

/** Asks the partner API as the partner's server does. */
async function userinfo(accessToken: string): Promise<unknown> {
  const response = await fetch(`${world.credentials.issuer}/v1/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } });
  return response.json();
}

describe('from an ordinary page', () => {
  it.each<[ModeLabel, string, string]>([
    ['Full access', 'full', 'google'],
    ['Free/busy only', 'free_busy', 'google_free_busy'],
  ])('connects in %s, and the partner’s server finds the calendar', async (label, accessMode, providerName) => {
    const page = await openPage();
    const popup = await startConnecting(page, label);
    await goThroughGoogle(popup, { account: JONAS });
    const connected = await seen(page, 'calendar-connected');
    expect(connected).toMatchObject({ provider: 'google', accessMode, name: JONAS });
    await page.getByText('Calendar connected', { exact: true }).waitFor();
    await expect.poll(() => popup.isClosed()).toBe(true);
    const tokens = await redeemReceipt({ ...world.credentials, receipt: String(connected['receipt']) });
    const account = await userinfo(tokens.accessToken);
    expect(account).toMatchObject({ sub: connected['accountId'], email: JONAS });
    expect(JSON.stringify(account)).toContain(`"provider_name":"${providerName}"`);
    expect(JSON.stringify(account)).toContain('"calendar_primary":true');
  });

  it('leaves nothing behind in the tab when it is done', async () => {
    const page = await openPage();
    await goThroughGoogle(await startConnecting(page, 'Free/busy only'));
    await seen(page, 'calendar-connected');
    expect(await page.evaluate(() => sessionStorage.length + localStorage.length)).toBe(0);
  });
});

describe('a person who', () => {
  it('leaves a permission box unticked is told so, and connects with one click more', async () => {
    const page = await openPage();
    await goThroughGoogle(await startConnecting(page, 'Full access'), { untick: 'calendar.events' });
    expect(await seen(page, 'calendar-connect-error')).toMatchObject({ code: 'scopes_missing' });
    await page.getByText('A permission box was left unticked').first().waitFor();
    const again = await windowFrom(page, () => page.getByRole('button', { name: 'Try again' }).click());
    await goThroughGoogle(again);
    expect(await seen(page, 'calendar-connected')).toMatchObject({ accessMode: 'full', name: AMIRA });
  });

  it('says no at Google is not asked again, and the page is told that nothing was connected', async () => {
    const page = await openPage();
    await goThroughGoogle(await startConnecting(page, 'Free/busy only'), { decision: 'Cancel' });
    await seen(page, 'calendar-connect-cancelled');
    await page.getByText('You did not allow access').waitFor();
    expect(await allSeen(page, 'calendar-connected')).toEqual([]);
  });

  it('closes the window half-way is still waited for, and connects in another one', async () => {
    const page = await openPage();
    const popup = await startConnecting(page, 'Free/busy only');
    await popup.getByRole('button', { name: AMIRA }).click();
    await popup.getByRole('button', { name: 'Allow' }).waitFor();
    await popup.close();
    await page.getByText('Did the window close?').first().waitFor();
    expect(await allSeen(page, 'calendar-connect-cancelled')).toEqual([]);
    const again = await windowFrom(page, () => page.getByRole('button', { name: 'Open the window again' }).click());
    await goThroughGoogle(again);
    expect(await seen(page, 'calendar-connected')).toMatchObject({ name: AMIRA });
  });

  it('cancels in the page ends the attempt, and a consent that comes later connects nothing', async () => {
    const page = await openPage();
    const popup = await startConnecting(page, 'Free/busy only');
    await popup.getByRole('button', { name: AMIRA }).click();
    const exchanges = () => world.google.requests.filter(({ path }) => path === '/token').length;
    const before = exchanges();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await seen(page, 'calendar-connect-cancelled');
    // Google has cut the window off, so the page could not close it.
    await popup.getByRole('button', { name: 'Allow' }).click();
    await popup.waitForEvent('close');
    expect(exchanges()).toBe(before);
    expect(await allSeen(page, 'calendar-connected')).toEqual([]);
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  });
});

describe('where the window is blocked', () => {
  /** Calls the element as a script does that runs by itself: no click gives it the right to open a window. */
  const byItself = `
    await customElements.whenDefined('calendar-connect');
    const element = document.querySelector('calendar-connect');
    const find = (selector) => element.shadowRoot.querySelector(selector);
    const until = async (found) => { while (!found()) await new Promise((resolve) => setTimeout(resolve, 20)); };
    element.connect();
    await until(() => find('input[value=free_busy]') && !find('[aria-disabled]'));
    find('input[value=google]').click();
    find('input[value=free_busy]').click();
    await until(() => performance.getEntriesByType('resource').some((entry) => entry.name.includes('/connect/sessions')));
    await new Promise((resolve) => setTimeout(resolve, 200));
    find('[part=primary]').click();
    console.info('pressed Continue');
  `;

  it('by Chromium itself, the person is told and goes on in a tab', async () => {
    const page = await context.newPage();
    const pressed = page.waitForEvent('console', (message) => message.text() === 'pressed Continue');
    await page.goto(world.partner.show({ script: byItself }));
    // Whatever Playwright looks up in a page counts as a click there, so nothing may be looked up before.
    await pressed;
    expect(await seen(page, 'calendar-connect-error')).toMatchObject({ code: 'popup_blocked' });
    await finishInTab(page);
  });

  it('by an extension or a setting, the form opens the tab by itself', async () => {
    const page = await openPage();
    await page.evaluate(() => {
      window.open = () => null;
    });
    await chooseAndContinue(page, 'Free/busy only');
    expect(await seen(page, 'calendar-connect-error')).toMatchObject({ code: 'popup_blocked' });
    await finishInTab(page);
  });

  async function finishInTab(page: Page): Promise<void> {
    await page.getByText('The sign-in window could not be opened.').first().waitFor();
    const tab = await windowFrom(page, () => page.getByRole('button', { name: 'Open in a new tab' }).click());
    await goThroughGoogle(tab);
    expect(await seen(page, 'calendar-connected')).toMatchObject({ name: AMIRA });
  }
});

describe('several at once', () => {
  it('two elements on a page connect one after the other, each in its own session', async () => {
    const page = await visit(context, world.partner.show({ body: world.partner.element('id="a"') + world.partner.element('id="b"') }));
    for (const [id, account] of [
      ['a', AMIRA],
      ['b', JONAS],
    ] as const) {
      const element = page.locator(`#${id}`);
      await element.getByRole('button', { name: 'Connect your calendar' }).click();
      await element.getByRole('radio', { name: 'Free/busy only' }).check();
      const popup = await windowFrom(page, () => element.getByRole('button', { name: 'Continue' }).click());
      await goThroughGoogle(popup, { account });
      await element.getByText(account).waitFor();
    }
    const connected = await allSeen(page, 'calendar-connected');
    expect(connected.map(({ name }) => name)).toEqual([AMIRA, JONAS]);
    expect(connected[0]?.['accountId']).not.toBe(connected[1]?.['accountId']);
  });

  it('two tabs of one person connect at the same time without disturbing each other', async () => {
    const [first, second] = [await openPage(), await openPage()];
    const popupOfFirst = await startConnecting(first, 'Free/busy only');
    const popupOfSecond = await startConnecting(second, 'Full access');
    await goThroughGoogle(popupOfSecond, { account: JONAS });
    await goThroughGoogle(popupOfFirst, { account: AMIRA });
    expect(await seen(first, 'calendar-connected')).toMatchObject({ name: AMIRA, accessMode: 'free_busy' });
    expect(await seen(second, 'calendar-connected')).toMatchObject({ name: JONAS, accessMode: 'full' });
  });

  it('an element that is removed while connecting goes quietly, and one put in its place starts anew', async () => {
    const page = await openPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => void errors.push(error.message));
    const popup = await startConnecting(page, 'Free/busy only');
    await page.evaluate((markup) => {
      document.querySelector('calendar-connect')?.remove();
      document.querySelector('main')?.insertAdjacentHTML('beforeend', markup);
    }, world.partner.element());
    await goThroughGoogle(popup);
    await popup.waitForEvent('close');
    expect(await allSeen(page, 'calendar-connected')).toEqual([]);
    await goThroughGoogle(await startConnecting(page, 'Full access'));
    expect(await seen(page, 'calendar-connected')).toMatchObject({ accessMode: 'full' });
    expect(errors).toEqual([]);
  });
});
