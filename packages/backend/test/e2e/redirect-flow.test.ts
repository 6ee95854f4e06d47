import { redeemReceipt } from '@calendar-connect/partner';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { strictPolicy } from './partner-site.ts';
import {
  allSeen,
  chooseAndContinue,
  goThroughGoogle,
  type ModeLabel,
  openBrowser,
  openProfile,
  seen,
  visit,
  windowFrom,
} from './people.ts';
import type { Exchange } from './sites.ts';
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

const showRedirecting = (attributes = '') => world.partner.show({ body: world.partner.element(`flow="redirect" ${attributes}`) });

/** Chooses in the element and continues, until this very tab is at Google. */
async function leave(page: Page, mode: ModeLabel): Promise<void> {
  await chooseAndContinue(page, mode);
  await page.waitForURL((url) => url.origin === world.googleSite.origin);
}

/** What is left in the tab of the partner's. */
const kept = (page: Page) => page.evaluate(() => JSON.stringify([sessionStorage, localStorage]));

const exchanges = () =>
  world.exchanges.filter(({ method, url }) => method === 'POST' && new URL(url).pathname === '/connect/exchange').length;

/** What was asked and answered when the last session was made. */
function mintOfLast(): Exchange {
  const mint = world.exchanges.findLast(({ method, url }) => method === 'POST' && url.includes('/connect/sessions?'));
  if (mint === undefined) throw new Error('no session was made');
  return mint;
}

describe('in this tab, a person', () => {
  it.each<[ModeLabel, string, string]>([
    ['Full access', 'full', 'google'],
    ['Free/busy only', 'free_busy', 'google_free_busy'],
  ])('goes to Google and comes back to exactly the same place, connected in %s', async (label, accessMode, providerName) => {
    const place = `${showRedirecting()}?tab=2&name=a%20b+c&flag#people/4?x=%20y`;
    const page = await visit(context, place);
    await leave(page, label);
    expect(context.pages()).toHaveLength(1);
    await goThroughGoogle(page);
    const connected = await seen(page, 'calendar-connected');
    expect(connected).toMatchObject({ provider: 'google', accessMode, name: AMIRA });
    await page.getByText('Calendar connected', { exact: true }).waitFor();
    expect(page.url()).toBe(place);
    expect(await kept(page)).toBe('[{},{}]');
    const tokens = await redeemReceipt({ ...world.credentials, receipt: String(connected['receipt']) });
    expect(tokens).toMatchObject({ accountId: connected['accountId'], profile: { providerName } });
  });

  it('is connected also where the first request of the exchange is lost on its way', async () => {
    const page = await visit(context, showRedirecting());
    await page.route('**/connect/exchange**', (route) => route.abort(), { times: 1 });
    await leave(page, 'Full access');
    await goThroughGoogle(page);
    expect(await seen(page, 'calendar-connected')).toMatchObject({ accessMode: 'full', name: AMIRA });
    expect(await allSeen(page, 'calendar-connect-error')).toEqual([]);
  });

  it('does not connect twice by reloading after coming back', async () => {
    const page = await visit(context, showRedirecting());
    await leave(page, 'Full access');
    await goThroughGoogle(page);
    await seen(page, 'calendar-connected');
    const before = exchanges();
    await page.reload();
    await page.getByRole('button', { name: 'Connect your calendar' }).waitFor();
    await page.waitForLoadState('networkidle');
    expect(exchanges()).toBe(before);
    expect(await allSeen(page, 'calendar-connect-state')).toEqual([]);
  });

  it('who says no at Google is told on the page that nothing was shared', async () => {
    const url = showRedirecting();
    const page = await visit(context, url);
    await leave(page, 'Free/busy only');
    await goThroughGoogle(page, { decision: 'Cancel' });
    await seen(page, 'calendar-connect-cancelled');
    await page.getByText('You did not allow access').waitFor();
    expect(page.url()).toBe(url);
    expect(await kept(page)).toBe('[{},{}]');
  });

  it('who leaves a box unticked is told so on the page, and goes there again with one click', async () => {
    const page = await visit(context, showRedirecting());
    await leave(page, 'Full access');
    await goThroughGoogle(page, { untick: 'calendar.events' });
    expect(await seen(page, 'calendar-connect-error')).toMatchObject({ code: 'scopes_missing' });
    await page.getByText('A permission box was left unticked').first().waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await goThroughGoogle(page);
    expect(await seen(page, 'calendar-connected')).toMatchObject({ accessMode: 'full', name: AMIRA });
  });

  it('who goes back instead of answering has stopped, and nothing of it stays', async () => {
    const page = await visit(context, showRedirecting());
    await leave(page, 'Full access');
    await page.goBack();
    await seen(page, 'calendar-connect-cancelled');
    await page.getByText('Nothing was shared').waitFor();
    expect(await kept(page)).toBe('[{},{}]');
    await leave(page, 'Full access');
    await goThroughGoogle(page);
    expect(await seen(page, 'calendar-connected')).toMatchObject({ name: AMIRA });
  });

  it('who is named by the partner’s server confirms it, connects, and can say that it is not them', async () => {
    const { createSession, readSession } = await import('@calendar-connect/partner');
    const { id, session } = await createSession({ ...world.credentials, endUser: { id: 'user-7', name: 'Amira Haddad' } });
    const page = await visit(context, showRedirecting(`session="${session}"`));
    await chooseAndContinue(page, 'Free/busy only');
    await page.getByText('This connects a calendar for Amira Haddad.').waitFor();
    await page.getByRole('button', { name: 'This is not me' }).click();
    await seen(page, 'calendar-connect-cancelled');
    await page.getByText('You did not allow access').waitFor();
    expect(await readSession({ ...world.credentials, id })).toMatchObject({ state: 'declined' });

    const again = await createSession({ ...world.credentials, endUser: { id: 'user-7', name: 'Amira Haddad' } });
    const second = await visit(context, showRedirecting(`session="${again.session}"`));
    await chooseAndContinue(second, 'Free/busy only');
    await second.getByRole('button', { name: 'Continue' }).click();
    await goThroughGoogle(second);
    const connected = await seen(second, 'calendar-connected');
    const ended = await readSession({ ...world.credentials, id: again.id });
    expect(ended).toMatchObject({ state: 'connected', accountId: connected['accountId'], endUser: { id: 'user-7' } });
  });

  it('comes back to another page of the partner’s where return-path says so', async () => {
    const home = showRedirecting();
    const page = await visit(context, showRedirecting(`return-path="${new URL(home).pathname}?welcome"`));
    await leave(page, 'Full access');
    await goThroughGoogle(page);
    await seen(page, 'calendar-connected');
    expect(page.url()).toBe(`${home}?welcome`);
  });
});

describe('the answer in the address', () => {
  it('is gone before any later script of the page runs, and no secret ever stands there', async () => {
    const script = `globalThis.addressAtStart = location.href;`;
    const page = await visit(context, world.partner.show({ script, body: world.partner.element('flow="redirect"') }));
    const addresses: string[] = [];
    context.on('request', (request) => void addresses.push(request.url()));
    await leave(page, 'Full access');
    const minted = JSON.parse(mintOfLast().responseBody) as { secret: string; ticket: string };
    await goThroughGoogle(page);
    const { receipt } = await seen(page, 'calendar-connected');
    const back = addresses.find((address) => address.includes('code=') && address.startsWith(world.partner.origin)) ?? '';
    expect(new URL(back).searchParams.get('state')).toMatch(/^calendar-connect-[\w-]{43}$/);
    expect(new URL(back).searchParams.get('iss')).toBe(world.backend.origin);
    expect(await page.evaluate(() => Reflect.get(globalThis, 'addressAtStart') as string)).not.toContain('code=');
    const code = new URL(back).searchParams.get('code') ?? '';
    const after = addresses.slice(addresses.indexOf(back) + 1).join('\n') + page.url();
    expect(after).not.toContain(code);
    const verifier = /"code_verifier":"([^"]+)"/.exec(
      world.exchanges.findLast(({ url }) => url.includes('/connect/exchange'))?.requestBody ?? '',
    )?.[1];
    for (const secret of [minted.secret, minted.ticket, verifier, String(receipt), ...world.providerSecrets]) {
      expect(secret?.length).toBeGreaterThan(15);
      expect(addresses.join('\n')).not.toContain(secret);
    }
  });

  it('is taken out and said to be unknown where this tab did not set out for it, and leads to a new attempt', async () => {
    const url = world.partner.show();
    const page = await visit(
      context,
      `${url}?own=1&code=stolen&state=calendar-connect-forged&iss=${encodeURIComponent(world.backend.origin)}`,
    );
    const before = exchanges();
    expect(await seen(page, 'calendar-connect-error')).toMatchObject({ code: 'return_unknown' });
    await page.getByText('This browser did not keep what is needed').first().waitFor();
    expect(page.url()).toBe(`${url}?own=1`);
    expect(exchanges()).toBe(before);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('radio', { name: 'Google' }).waitFor();
  });

  it('is said to be unknown where the element that set out does not come again', async () => {
    const script = `document.querySelector('calendar-connect').id = 'another-each-time-' + crypto.randomUUID();`;
    const page = await visit(context, world.partner.show({ script, body: world.partner.element('flow="redirect"') }));
    await leave(page, 'Full access');
    await goThroughGoogle(page);
    expect(await seen(page, 'calendar-connect-error')).toMatchObject({ code: 'return_unknown' });
    expect(page.url()).not.toContain('code=');
    expect(await allSeen(page, 'calendar-connected')).toEqual([]);
  });

  it('is not believed where it names another issuer', async () => {
    const url = showRedirecting();
    const page = await visit(context, url);
    await leave(page, 'Full access');
    const { state } = JSON.parse(mintOfLast().requestBody) as { state: string };
    const before = exchanges();
    await page.goto(`${url}?${new URLSearchParams({ code: 'of-somebody-else', state, iss: 'https://evil.example' })}`);
    expect(await seen(page, 'calendar-connect-error')).toMatchObject({ code: 'return_unknown' });
    expect(exchanges()).toBe(before);
  });

  it('of somebody else on the page is left alone', async () => {
    const url = `${world.partner.show()}?code=theirs&state=theirs&iss=https://other.example`;
    const page = await visit(context, url);
    await page.getByRole('button', { name: 'Connect your calendar' }).waitFor();
    await page.waitForLoadState('networkidle');
    expect(page.url()).toBe(url);
    expect(await allSeen(page, 'calendar-connect-error')).toEqual([]);
  });

  it('goes to the element that set out, of two', async () => {
    const body =
      world.partner.element('id="first" flow="redirect"') +
      world.partner.element('flow="redirect"') +
      world.partner.element('flow="redirect"');
    const page = await visit(context, world.partner.show({ body }));
    for (const [index, account] of [
      [2, AMIRA],
      [0, JONAS],
    ] as const) {
      const element = page.locator('calendar-connect').nth(index);
      await element.getByRole('button', { name: 'Connect your calendar' }).click();
      await element.getByRole('radio', { name: 'Free/busy only' }).check();
      await element.getByRole('button', { name: 'Continue' }).click();
      await goThroughGoogle(page, { account });
      expect(await seen(page, 'calendar-connected')).toMatchObject({ name: account });
      await element.getByText(account).waitFor();
      expect(await page.getByRole('button', { name: 'Connect your calendar' }).count()).toBe(2);
    }
  });
});

describe('where no window opens', () => {
  it('the person is told, reads what continuing here means, and comes back connected', async () => {
    const page = await visit(context, world.partner.show());
    await page.evaluate(() => {
      window.open = () => null;
    });
    await chooseAndContinue(page, 'Free/busy only');
    expect(await seen(page, 'calendar-connect-error')).toMatchObject({ code: 'popup_blocked' });
    await page.getByText('In this tab you leave this page').first().waitFor();
    await page.getByRole('button', { name: 'Continue in this tab' }).click();
    await goThroughGoogle(page);
    expect(await seen(page, 'calendar-connected')).toMatchObject({ name: AMIRA, accessMode: 'free_busy' });
  });

  it('because the page’s policy forbids the form, the tab goes there by an address that works once', async () => {
    const policy = strictPolicy(world.backend.origin).replace(/form-action [^;]*/, "form-action 'none'");
    const headers = { 'content-security-policy': policy, 'referrer-policy': 'no-referrer' };
    const page = await visit(context, world.partner.show({ headers }));
    await windowFrom(page, () => chooseAndContinue(page, 'Full access'));
    expect(await seen(page, 'calendar-connect-error')).toMatchObject({ code: 'form_blocked_by_policy' });
    await page.getByRole('button', { name: 'Continue in this tab' }).click();
    await page.waitForURL((url) => url.origin === world.googleSite.origin);
    const started = world.exchanges.findLast(({ url }) => url.includes('?ticket='))?.url ?? '';
    await goThroughGoogle(page);
    expect(await seen(page, 'calendar-connected')).toMatchObject({ name: AMIRA });
    const again = await visit(context, started);
    await again.getByRole('heading', { name: 'This did not work' }).waitFor();
  });

  it('in an in-app browser the tab goes there at once', async () => {
    const inApp = await openProfile(browser, {
      // Line's, which Google lets in; others it refuses with a page of its own.
      userAgent:
        'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Safari Line/14.10',
    });
    const page = await visit(inApp, world.partner.show());
    await leave(page, 'Full access');
    await goThroughGoogle(page);
    expect(await seen(page, 'calendar-connected')).toMatchObject({ name: AMIRA });
    expect(inApp.pages()).toHaveLength(1);
    await inApp.close();
  });

  it('and the browser keeps nothing for the page, the person is told why it cannot leave', async () => {
    const page = await context.newPage();
    await page.addInitScript(() => {
      Object.defineProperty(globalThis, 'sessionStorage', {
        get: () => {
          throw new DOMException('The operation is insecure.', 'SecurityError');
        },
      });
    });
    await page.goto(showRedirecting());
    await chooseAndContinue(page, 'Full access');
    expect(await seen(page, 'calendar-connect-error')).toMatchObject({ code: 'storage_blocked' });
    await page.getByText('allow this page to store data').first().waitFor();
  });
});
