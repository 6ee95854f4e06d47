/// <reference lib="dom" />
import { Hono } from 'hono';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerPage, type Page as HostedPage } from '../../src/pages/page.ts';
import { waitingPage } from '../../src/pages/waiting-page.ts';
import { APPROVAL_PAGES, APPROVE, QUESTION, WAITING } from '../support/approval-views.ts';
import { findingsOn } from './axe.ts';
import { openBrowser, openProfile, visit } from './people.ts';
import { openSite, type Site } from './sites.ts';

/** How the backend answers a question of the waiting page. */
type Answering = (after: number) => unknown;

const NEVER: Answering = () => new Promise(() => undefined);

let site: Site;
let browser: Browser;
let context: BrowserContext;
let shown: HostedPage;
let answering: Answering;
/** What the page asked, and when. */
let asked: { readonly after: number; readonly atMs: number }[];
/** What its forms sent. They lead elsewhere, or are answered with the page once more. */
let sent: Readonly<Record<string, string>>[];
let isShownAgain: boolean;

beforeAll(async () => {
  [site, browser] = await Promise.all([openSite('connect', []), openBrowser()]);
  const app = new Hono();
  app.get(`${WAITING.action}/status`, async (c) => {
    const after = Number(c.req.query('after'));
    asked.push({ after, atMs: Date.now() });
    const answer = await answering(after);
    return answer instanceof Response ? answer : c.json(answer);
  });
  app.post(WAITING.action, async (c) => {
    sent.push(Object.fromEntries(new URLSearchParams(await c.req.text())));
    return isShownAgain ? answerPage(c, shown) : c.redirect('/elsewhere', 303);
  });
  app.get(WAITING.action, (c) => answerPage(c, shown));
  app.get('/elsewhere', (c) => c.html('<title>Elsewhere</title>'));
  site.answerWith((request) => app.fetch(request));
});

beforeEach(async () => {
  [asked, sent, answering, isShownAgain] = [[], [], NEVER, false];
  context = await openProfile(browser);
});

afterEach(() => context.close());

afterAll(async () => {
  await browser.close();
  await site.close();
});

function open(page: HostedPage): Promise<Page> {
  shown = page;
  return visit(context, site.origin + WAITING.action);
}

/** What the forms sent before the page led elsewhere. */
async function sentOf(page: Page): Promise<typeof sent> {
  await page.waitForURL('**/elsewhere');
  return sent;
}

/** Answers these one after the other, and then none any more. */
function answers(...all: unknown[]): Answering {
  return () => all.shift() ?? NEVER(0);
}

describe('axe finds nothing', () => {
  it.each(Object.keys(APPROVAL_PAGES))('on “%s”, in light at 320 pixels and in dark at 1280', async (name) => {
    await context.close();
    // axe is put into the pages from outside, which their own policy forbids.
    context = await openProfile(browser, { bypassCSP: true, reducedMotion: 'reduce' });
    // The pages that go on by themselves stay to be looked at.
    await context.addInitScript(() => {
      HTMLFormElement.prototype.submit = () => undefined;
    });
    const page = await open(pageOf(name));
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
    });
    for (const [colorScheme, width] of [
      ['light', 320],
      ['dark', 1280],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 720 });
      expect(await findingsOn(page), `${colorScheme}, ${width} pixels`).toEqual([]);
      // WCAG 1.4.10: no scrolling in two directions at 320 pixels.
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
  });
});

describe('the waiting page goes on by itself', () => {
  it('as soon as it is allowed, with nobody looking at it', async () => {
    answering = answers({ version: 5, next: 'go' });
    const page = await context.newPage();
    const other = await context.newPage();
    await other.bringToFront();
    shown = waitingPage(WAITING);
    await page.goto(site.origin + WAITING.action);
    expect(await sentOf(page)).toEqual([{ choice: 'continue' }]);
  });

  it('after any number of answers that say wait, without hurry', async () => {
    answering = answers({ version: 4, next: 'wait' }, { version: 6, next: 'wait' }, { version: 7, next: 'probe' });
    const page = await open(waitingPage(WAITING));
    expect(await sentOf(page)).toEqual([{ choice: 'probe' }]);
    expect(asked.slice(0, 3).map(({ after }) => after)).toEqual([4, 4, 6]);
    // Answers that come at once are not followed by a question at once.
    const pauses = asked.slice(1, 3).map(({ atMs }, index) => atMs - (asked[index]?.atMs ?? 0));
    expect(Math.min(...pauses)).toBeGreaterThan(2500);
  });

  it('after a second where it opens approved', async () => {
    const page = await open(waitingPage({ ...WAITING, state: 'approved' }));
    expect(await sentOf(page)).toEqual([{ choice: 'continue' }]);
  });

  it('by no second try at once where the last one was too early, but with the first news', async () => {
    answering = answers({ version: 4, next: 'go' }, { version: 5, next: 'go' });
    const page = await open(waitingPage({ ...WAITING, state: 'approved', problem: 'not_approved_yet' }));
    expect(await sentOf(page)).toEqual([{ choice: 'continue' }]);
    expect(asked.map(({ after }) => after)).toEqual([4, 4]);
    expect((asked[1]?.atMs ?? 0) - (asked[0]?.atMs ?? 0)).toBeGreaterThan(9000);
  });

  it('by a second try after a minute where there is no news', async () => {
    answering = (after) => ({ version: after, next: 'go' });
    const page = await context.newPage();
    await page.clock.install();
    shown = waitingPage({ ...WAITING, state: 'approved', problem: 'not_approved_yet' });
    await page.goto(site.origin + WAITING.action);
    for (let second = 0; second < 50; second += 10) await page.clock.runFor(10_000);
    expect(sent).toEqual([]);
    await page.clock.fastForward(60_000);
    expect(await sentOf(page)).toEqual([{ choice: 'continue' }]);
  });

  it('not where the person came back from the provider by the browser’s own button', async () => {
    const page = await open(waitingPage({ ...WAITING, state: 'approved' }));
    await page.goto(`${site.origin}/elsewhere`);
    await page.goBack();
    await page.waitForTimeout(1500);
    expect(sent).toEqual([]);
    await page.getByRole('button', { name: 'Continue' }).click();
    expect(await sentOf(page)).toEqual([{ choice: 'continue' }]);
  });

  it('once only, whatever is pressed meanwhile', async () => {
    const page = await open(waitingPage(QUESTION));
    await page.getByLabel('Your work e-mail address').fill('amira@contoso.example');
    await page.evaluate(() => {
      for (const button of document.querySelectorAll<HTMLButtonElement>('button[name=choice]')) button.click();
    });
    expect(await sentOf(page)).toEqual([{ email: 'amira@contoso.example', choice: 'email' }]);
  });
});

describe('the waiting page', () => {
  it('looks again by a GET when told to, also where it is the answer to a form', async () => {
    const page = await open(waitingPage(WAITING));
    answering = answers({ version: 5, next: 'reload' });
    isShownAgain = true;
    await page.getByRole('button', { name: 'Try again now' }).click();
    expect(sent).toHaveLength(1);
    shown = waitingPage({ ...WAITING, declined: true, version: 5 });
    await page.getByText('did not allow it').waitFor();
    expect(sent).toHaveLength(1);
  });

  it('does not take the page away from somebody who types', async () => {
    answering = answers({ version: 5, next: 'reload' }, { version: 5, next: 'probe' });
    const page = await context.newPage();
    await page.route('**/status?*', async (route) => {
      await page.getByLabel('Your work e-mail address').fill('amira@con');
      await route.continue();
    });
    shown = waitingPage(QUESTION);
    await page.goto(site.origin + QUESTION.action);
    await expect.poll(() => asked.length).toBe(1);
    await page.waitForTimeout(4000);
    expect(sent).toEqual([]);
    expect(await page.getByLabel('Your work e-mail address').inputValue()).toBe('amira@con');
  });

  it('outlives a lost network, says so, and goes on when it is back', async () => {
    answering = () => new Response(null, { status: 503 });
    const page = await open(waitingPage(WAITING));
    await page.getByText('No connection at the moment.').waitFor();
    answering = answers({ version: 4, next: 'wait' }, { version: 5, next: 'go' });
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await page.getByText('Waiting. This page goes on by itself').waitFor();
    expect(await sentOf(page)).toEqual([{ choice: 'continue' }]);
    const pauses = asked.slice(1, 3).map(({ atMs }, index) => atMs - (asked[index]?.atMs ?? 0));
    expect(pauses[0]).toBeGreaterThan(1400);
    expect(pauses[1]).toBeGreaterThan(2900);
  });

  it('copies the link, and says so', async () => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const page = await open(waitingPage(WAITING));
    await page.getByRole('button', { name: 'Copy Link for the administrator' }).click();
    await page.getByRole('status').getByText('Copied').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(WAITING.approvalUrl);
  });

  it('selects the link where it may not copy', async () => {
    await context.addInitScript(() => {
      navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'));
    });
    const page = await open(waitingPage(WAITING));
    await page.getByRole('button', { name: 'Copy Link for the administrator' }).click();
    await page.getByText('Selected: copy it with Ctrl+C or ⌘C').waitFor();
    expect(await page.evaluate(() => getSelection()?.toString())).toBe(WAITING.approvalUrl);
  });

  it('can be used by the keyboard alone, in the order in which it is read', async () => {
    const page = await open(waitingPage({ ...WAITING, backTo: 'https://acme.example/' }));
    const names: string[] = [];
    for (let step = 0; step < 8; step += 1) {
      await page.keyboard.press('Tab');
      names.push(
        await page.evaluate(() => document.activeElement?.getAttribute('id') ?? document.activeElement?.textContent?.trim() ?? ''),
      );
      expect(await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle)).toBe('solid');
    }
    expect(names.map((name) => name.replace(/\s+/g, ' '))).toEqual([
      'Exactly what Microsoft will be asked for',
      'link',
      'Copy Link for the administrator',
      'Write an e-mail',
      'Try again now',
      'I changed my mind',
      'Back to Acme Scheduler',
      'This is not my organisation',
    ]);
  });

  it('says when it was asked in the reader’s own time', async () => {
    await context.close();
    context = await openProfile(browser, { timezoneId: 'Asia/Tokyo' });
    const page = await open(waitingPage(WAITING));
    expect(await page.locator('time').textContent()).toBe('3 March 2026 at 23:05');
  });

  it('works without JavaScript: nothing is promised, and every button does what it says', async () => {
    await context.close();
    context = await openProfile(browser, { javaScriptEnabled: false });
    const page = await open(waitingPage(WAITING));
    expect(await page.getByText('goes on by itself').isVisible()).toBe(false);
    expect(await page.getByRole('button', { name: /^Copy/ }).count()).toBe(0);
    expect(await page.getByLabel('Link for the administrator').inputValue()).toBe(WAITING.approvalUrl);
    await page.getByRole('link', { name: 'Look again' }).click();
    await page.getByRole('button', { name: 'I changed my mind' }).click();
    expect(await sentOf(page)).toEqual([{ choice: 'cancel' }]);
    expect(asked).toEqual([]);
  });
});

it('the administrator’s page copies what is pasted elsewhere, letter by letter', async () => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await open(pageOf('approve'));
  const copied = async (name: string) => {
    await page.getByRole('button', { name: `Copy ${name}` }).click();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  expect(await copied('Client id')).toBe(APPROVE.clientId);
  expect(await copied('Permissions')).toBe(APPROVE.scopes.join(' '));
  await page.getByText('Allow it for a group of people only', { exact: true }).click();
  expect(await copied('Commands')).toBe(APPROVE.instructions[0]?.commands?.join('\n'));
  await page.getByText('Use another browser or account').click();
  expect(await copied('Address')).toBe(APPROVE.approvalUrl);
});

function pageOf(name: string): HostedPage {
  const make = APPROVAL_PAGES[name];
  if (make === undefined) throw new Error(`no page ${name}`);
  return make();
}
