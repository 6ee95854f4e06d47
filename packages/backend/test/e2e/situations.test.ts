import { createSession } from '@calendar-connect/partner';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  allSeen,
  chooseAndContinue,
  goThroughGoogle,
  openBrowser,
  openProfile,
  seen,
  startConnecting,
  visit,
  windowFrom,
} from './people.ts';
import { openSite, type Site } from './sites.ts';
import { AMIRA, createWorld, type World } from './world.ts';

let world: World;
let browser: Browser;
let portal: Site;
let context: BrowserContext;

beforeAll(async () => {
  [world, browser, portal] = await Promise.all([createWorld({ crossOriginOpenerPolicy: true }), openBrowser(), openSite('portal', [])]);
});

beforeEach(async () => {
  context = await openProfile(browser);
});

afterEach(() => context.close());

afterAll(async () => {
  await browser.close();
  await Promise.all([world.close(), portal.close()]);
});

describe('in a frame on another site', () => {
  /** Shows a page of the partner's inside of a page of the portal's, whose own origin is registered nowhere. */
  async function framed(attributes = ''): Promise<{ page: Page; frame: Frame }> {
    const src = world.partner.show({ body: world.partner.element(attributes) });
    const markup = `<!doctype html><title>Portal</title><iframe src="${src}" style="width: 100%; height: 90vh"></iframe>`;
    portal.answerWith(() => new Response(markup, { headers: { 'content-type': 'text/html' } }));
    const page = await visit(context, portal.origin);
    const frame = page.frames().find((frame) => frame.url() === src);
    if (frame === undefined) throw new Error('the frame did not open');
    return { page, frame };
  }

  async function choose(frame: Frame): Promise<void> {
    await frame.getByRole('button', { name: 'Connect your calendar' }).click();
    await frame.getByRole('radio', { name: 'Google' }).check();
    await frame.getByRole('radio', { name: 'Full access' }).check();
  }

  it.each(['', 'flow="redirect"'])('connects by a window, in the name of the frame’s own origin (%s)', async (attributes) => {
    const { page, frame } = await framed(attributes);
    await choose(frame);
    const before = world.exchanges.length;
    const popup = await windowFrom(page, () => frame.getByRole('button', { name: 'Continue' }).click());
    await goThroughGoogle(popup);
    expect(await seen(frame, 'calendar-connected')).toMatchObject({ name: AMIRA });
    await frame.getByText('Calendar connected', { exact: true }).waitFor();
    const start = world.exchanges.slice(before).find(({ url }) => url.includes('/connect/start/'));
    expect(start?.requestHeaders.get('origin')).toBe(world.partner.origin);
    expect(page.url()).toBe(`${portal.origin}/`);
  });

  it('says that the window was blocked, and never offers to leave, which no provider would bear', async () => {
    const { page, frame } = await framed();
    await frame.evaluate(() => {
      window.open = () => null;
    });
    await choose(frame);
    await frame.getByRole('button', { name: 'Continue' }).click();
    expect(await seen(frame, 'calendar-connect-error')).toMatchObject({ code: 'popup_blocked' });
    await frame.getByText('The sign-in window could not be opened.').first().waitFor();
    expect(await frame.getByRole('button', { name: 'Continue in this tab' }).count()).toBe(0);
    const tab = await windowFrom(page, () => frame.getByRole('button', { name: 'Open in a new tab' }).click());
    await goThroughGoogle(tab);
    expect(await seen(frame, 'calendar-connected')).toMatchObject({ name: AMIRA });
  });
});

describe('a page that is reloaded while the person is in the window', () => {
  it('goes on waiting, and is connected when they are done', async () => {
    const page = await visit(context, world.partner.show());
    const popup = await startConnecting(page, 'Full access');
    await popup.getByRole('button', { name: AMIRA }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Connecting Google' }).waitFor();
    await goThroughGoogle(popup);
    expect(await seen(page, 'calendar-connected')).toMatchObject({ accessMode: 'full', name: AMIRA });
    await page.getByText('Calendar connected', { exact: true }).waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  });

  it('notices what came to its end while it was away', async () => {
    const url = world.partner.show();
    const page = await visit(context, url);
    const popup = await startConnecting(page, 'Free/busy only');
    await popup.getByRole('button', { name: AMIRA }).waitFor();
    await page.goto(`${world.partner.origin}/callback`);
    await goThroughGoogle(popup);
    await popup.waitForEvent('close');
    await page.goto(url);
    expect(await seen(page, 'calendar-connected')).toMatchObject({ accessMode: 'free_busy', name: AMIRA });
  });

  it('opens the window again, and can be cancelled', async () => {
    const page = await visit(context, world.partner.show());
    const popup = await startConnecting(page, 'Full access');
    await popup.getByRole('button', { name: AMIRA }).waitFor();
    await popup.close();
    await page.reload();
    const again = await windowFrom(page, () => page.getByRole('button', { name: 'Open the window again' }).click());
    await again.getByRole('button', { name: AMIRA }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await seen(page, 'calendar-connect-cancelled');
    await page.reload();
    await page.getByRole('button', { name: 'Connect your calendar' }).waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  });

  it('asks for a new session in plain words where the one in its attribute has been used', async () => {
    const { session } = await createSession({ ...world.credentials, endUser: { id: 'user-9' } });
    const page = await visit(context, world.partner.show({ body: world.partner.element(`session="${session}"`) }));
    const popup = await startConnecting(page, 'Full access');
    await popup.getByRole('button', { name: 'Continue' }).click();
    await goThroughGoogle(popup);
    await seen(page, 'calendar-connected');
    await page.reload();
    await page.getByRole('button', { name: 'Connect your calendar' }).click();
    expect(await seen(page, 'calendar-connect-error')).toMatchObject({ code: 'session_ended' });
    await page.getByText('This attempt was used before').first().waitFor();
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
  });
});

describe('an element in a closed shadow root', () => {
  /** Nothing finds an element in there, so the page keeps it at hand. */
  const script = `
    await customElements.whenDefined('calendar-connect');
    const host = document.querySelector('#host');
    const element = document.createElement('calendar-connect');
    for (const { name, value } of host.attributes) if (name !== 'id') element.setAttribute(name, value);
    host.attachShadow({ mode: 'closed' }).append(element);
    globalThis.press = async (selector) => {
      const find = () => element.shadowRoot.querySelector(selector + ':not([aria-disabled])');
      while (!find()) await new Promise((resolve) => setTimeout(resolve, 20));
      find().click();
    };
  `;

  const open = (attributes: string) => {
    const body = world.partner
      .element(attributes)
      .replaceAll('calendar-connect client', 'div id="host" client')
      .replace('</calendar-connect>', '</div>');
    return visit(context, world.partner.show({ body, script }));
  };
  const press = (page: Page, selector: string) =>
    page.evaluate((selector) => (Reflect.get(globalThis, 'press') as (selector: string) => Promise<void>)(selector), selector);

  async function choose(page: Page): Promise<void> {
    await page.waitForFunction(() => 'press' in globalThis);
    for (const selector of ['[part=button]', 'input[value=google]', 'input[value=full]']) await press(page, selector);
  }

  it('connects by a window', async () => {
    const page = await open('flow="popup"');
    await choose(page);
    await goThroughGoogle(await windowFrom(page, () => press(page, '[part=primary]')));
    expect(await seen(page, 'calendar-connected')).toMatchObject({ name: AMIRA });
  });

  it('connects by leaving the page and coming back', async () => {
    const page = await open('flow="redirect"');
    await choose(page);
    await Promise.all([page.waitForURL((url) => url.origin === world.googleSite.origin), press(page, '[part=primary]')]);
    await goThroughGoogle(page);
    expect(await seen(page, 'calendar-connected')).toMatchObject({ name: AMIRA });
  });
});

describe('an element that goes while the person is on the way', () => {
  const collectErrors = (page: Page): string[] => {
    const errors: string[] = [];
    page.on('pageerror', (error) => void errors.push(error.message));
    return errors;
  };

  it('is not missed by the rest of the page when it is removed on the way out of it', async () => {
    // A navigation without content leaves the page where it is.
    await context.route('**/connect/start/**', (route) => route.fulfill({ status: 204 }));
    const page = await visit(context, world.partner.show({ body: world.partner.element('flow="redirect"') }));
    const errors = collectErrors(page);
    await chooseAndContinue(page, 'Full access');
    await page.getByText('You are leaving this page').first().waitFor();
    await page.evaluate(() => document.querySelector('calendar-connect')?.remove());
    await page.waitForTimeout(300);
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    expect(errors).toEqual([]);
  });

  it('keeps its step and its session where it is moved', async () => {
    const page = await visit(context, world.partner.show({ body: `${world.partner.element()}<section></section>` }));
    const errors = collectErrors(page);
    const popup = await startConnecting(page, 'Full access');
    await page.evaluate(() => document.querySelector('section')?.append(document.querySelector('calendar-connect') as Element));
    await page.getByRole('heading', { name: 'Connecting Google' }).waitFor();
    await goThroughGoogle(popup);
    expect(await seen(page, 'calendar-connected')).toMatchObject({ name: AMIRA });
    expect(await allSeen(page, 'calendar-connect-cancelled')).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('stops where the browser shows the page again as it was, because the person went back', async () => {
    // A navigation without content leaves the page where it is.
    await context.route('**/connect/start/**', (route) => route.fulfill({ status: 204 }));
    const page = await visit(context, world.partner.show({ body: world.partner.element('flow="redirect"') }));
    await chooseAndContinue(page, 'Full access');
    await page.getByText('You are leaving this page').first().waitFor();
    // What a browser's back-forward cache says, which Playwright switches off.
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
    await seen(page, 'calendar-connect-cancelled');
    await page.getByText('Nothing was shared').waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  });
});
