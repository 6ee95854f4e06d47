import { redeemReceipt } from '@calendar-connect/partner';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { strictPolicy } from './partner-site.ts';
import { chooseAndContinue, goThroughGoogle, openBrowser, openProfile, seen, startConnecting, visit, windowFrom } from './people.ts';
import { administrate, linkForAdministrator, startAtMicrosoft, waitForAdministrator } from './at-microsoft.ts';
import { createWorld, type World } from './world.ts';
import { AMIRA_AT_WORK, NOOR_ADMINISTRATOR } from '../support/microsoft.ts';

/*
 * Six runs, with everything that could be seen of them kept: what browsers sent and got, by the servers' own account and by the
 * browser's; what lay in their storage; what stood on their pages, in shadow roots too; the backend's log. Then no secret is in it.
 */
let world: World;
let browser: Browser;
let context: BrowserContext;
/** What was seen, by where. */
const seenAt = new Map<string, string[]>();
/** What nobody but a server may ever see. */
const secrets = new Set<string>();

const note = (where: string, what: string) => void seenAt.set(where, [...(seenAt.get(where) ?? []), what]);

beforeAll(async () => {
  [world, browser] = await Promise.all([createWorld({ crossOriginOpenerPolicy: true }, { withMicrosoft: true }), openBrowser()]);
  context = await openProfile(browser);
  context.on('request', (request) => note('requests', `${request.method()} ${request.url()} ${request.postData() ?? ''}`));
  context.on('console', (message) => note('console', message.text()));
  await ordinaryRun();
  await hardestRun();
  await runWithAFailure();
  await redirectRun();
  await authorizeRun();
  await waitingRun();
  for (const each of world.exchanges) {
    const headers = [...each.requestHeaders, ...each.responseHeaders].map((header) => header.join(': ')).join('\n');
    note('traffic', `${each.method} ${each.url}\n${headers}\n${each.requestBody}\n${each.responseBody}`);
  }
  for (const entry of world.log) note('log', JSON.stringify(entry));
  for (const secret of [...world.providerSecrets, world.application.clientSecret]) secrets.add(secret);
});

afterAll(async () => {
  await browser.close();
  await world.close();
});

async function ordinaryRun(): Promise<void> {
  const page = await visit(context, world.partner.show());
  await connectAndRedeem(page, await startConnecting(page, 'Full access'));
}

async function hardestRun(): Promise<void> {
  const headers = {
    'content-security-policy': strictPolicy(world.backend.origin),
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin-allow-popups',
  };
  const page = await visit(context, world.partner.show({ headers }));
  await connectAndRedeem(page, await startConnecting(page, 'Free/busy only'));
}

async function runWithAFailure(): Promise<void> {
  const page = await visit(context, world.partner.show());
  await goThroughGoogle(await startConnecting(page, 'Full access'), { untick: 'calendar.events' });
  await seen(page, 'calendar-connect-error');
  await look(page);
  await connectAndRedeem(page, await windowFrom(page, () => page.getByRole('button', { name: 'Try again' }).click()));
}

async function redirectRun(): Promise<void> {
  const page = await visit(context, world.partner.show({ body: world.partner.element('flow="redirect"') }));
  await chooseAndContinue(page, 'Full access');
  await page.waitForURL((url) => url.origin === world.googleSite.origin);
  await connectAndRedeem(page, page);
}

async function authorizeRun(): Promise<void> {
  const query = { response_type: 'code', client_id: world.application.clientId, redirect_uri: `${world.partner.origin}/callback` };
  const page = await visit(context, `${world.backend.origin}/oauth/authorize?${new URLSearchParams(query)}`);
  await look(page);
  await page.getByRole('radio', { name: 'Google' }).check();
  await page.getByRole('radio', { name: 'Free/busy only' }).check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await goThroughGoogle(page);
  await page.waitForURL(/\/callback/);
  await look(page);
}

/** Somebody who waits for their administrator, and is connected by single sign-on. */
async function waitingRun(): Promise<void> {
  const page = await visit(context, world.partner.show());
  const popup = await startAtMicrosoft(page);
  await waitForAdministrator(popup, AMIRA_AT_WORK);
  await page.getByText('partner.example').first().waitFor();
  await Promise.all([look(page), look(popup)]);
  const link = await linkForAdministrator(popup);
  const theirs = await administrate(browser, link, { account: NOOR_ADMINISTRATOR, decision: 'Accept' });
  await look(theirs);
  await theirs.context().close();
  await redeem(page);
}

async function connectAndRedeem(page: Page, popup: Page): Promise<void> {
  await popup.getByRole('button').first().waitFor();
  await Promise.all([look(page), look(popup)]);
  await goThroughGoogle(popup);
  await redeem(page);
}

async function redeem(page: Page): Promise<void> {
  const connected = await seen(page, 'calendar-connected');
  note('events', JSON.stringify(connected));
  await look(page);
  const tokens = await redeemReceipt({ ...world.credentials, receipt: String(connected['receipt']) });
  secrets.add(tokens.accessToken).add(tokens.refreshToken);
  await look(page);
}

/** Writes down what is in a page and in the storage of its origin. */
async function look(page: Page): Promise<void> {
  const { dom, storage } = await page.evaluate(async () => {
    const roots = (root: Document | ShadowRoot): string[] => [
      root instanceof Document ? root.documentElement.outerHTML : root.innerHTML,
      ...[...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => (shadowRoot === null ? [] : roots(shadowRoot))),
    ];
    const values = [...document.querySelectorAll('input')].map(({ value }) => value);
    const databases = (await indexedDB.databases()).map(({ name }) => name);
    const caches = 'caches' in globalThis ? await globalThis.caches.keys() : [];
    return {
      dom: [...roots(document), ...values].join('\n'),
      storage: JSON.stringify([localStorage, sessionStorage, document.cookie, databases, caches, name]),
    };
  });
  note('pages', dom);
  note('storage', storage);
  note('cookies', JSON.stringify(await context.cookies()));
}

describe('of six runs from end to end', () => {
  it('enough was seen to find something in', () => {
    expect([...secrets].filter((secret) => secret.length >= 16)).toHaveLength(secrets.size);
    // The operator's secrets, the application's, and of each run at least the provider's three tokens; ours of the five that were redeemed.
    expect(secrets.size).toBeGreaterThanOrEqual(3 + 6 * 3 + 5);
    expect([...seenAt.keys()]).toEqual(expect.arrayContaining(['cookies', 'events', 'log', 'pages', 'requests', 'storage', 'traffic']));
    const all = [...seenAt.values()].flat().join('\n');
    for (const known of [
      '"receipt"',
      '"code":"',
      'Calendar connected',
      'code_verifier',
      'calendar-connect:app_',
      'connect_scopes_missing',
    ]) {
      expect(all).toContain(known);
    }
  });

  it('no token, client secret or provider token is anywhere a browser or a log could show it', () => {
    const places = [...seenAt].flatMap(([where, texts]) => texts.map((text) => ({ where, text })));
    // As they are, and as they would stand in an address or a form.
    const forms = [...secrets].flatMap((secret) => [secret, encodeURIComponent(secret)]);
    const found = places.filter(({ text }) => forms.some((secret) => text.includes(secret)));
    expect(found.map(({ where, text }) => `${where}: ${text.slice(0, 120)}`)).toEqual([]);
  });

  it('no code was exchanged at the provider by a browser, and nobody else was asked anything', () => {
    const origins = new Set((seenAt.get('requests') ?? []).map((request) => new URL(request.split(' ')[1] ?? '').origin));
    expect([...origins].toSorted()).toEqual(
      [world.backend.origin, world.googleSite.origin, world.microsoftSite.origin, world.partner.origin].toSorted(),
    );
    const paths = world.exchanges.map(({ url }) => new URL(url)).filter(({ origin }) => origin === world.googleSite.origin);
    expect(new Set(paths.map(({ pathname }) => pathname.replace(/^\/o\/oauth2\/v2\/auth.*/, 'consent')))).toEqual(new Set(['consent']));
  });

  it('the log names nobody, and holds nothing that opens anything', () => {
    const log = (seenAt.get('log') ?? []).join('\n');
    const traffic = (seenAt.get('traffic') ?? []).join('\n');
    const oneTime = [...traffic.matchAll(/"(?:code|receipt|secret|code_verifier)":"([^"]+)"|[?&](?:code|state)=([^&\s]+)/g)];
    const values = oneTime.map(([, member, parameter]) => member ?? decodeURIComponent(parameter ?? ''));
    expect(values.length).toBeGreaterThan(12);
    expect(values.filter((value) => log.includes(value))).toEqual([]);
    expect(log).not.toContain('@');
  });

  it('only registered pages may read answers of the connect endpoints, and anybody the element’s own files', () => {
    const allowed = world.exchanges.flatMap(({ url, responseHeaders }) => {
      const origin = responseHeaders.get('access-control-allow-origin');
      return origin === null ? [] : [{ path: new URL(url).pathname, at: new URL(url).origin, origin, headers: responseHeaders }];
    });
    expect(allowed.length).toBeGreaterThan(0);
    for (const { path, at, origin, headers } of allowed) {
      expect(at).toBe(world.backend.origin);
      expect(headers.has('access-control-allow-credentials')).toBe(false);
      expect(origin, path).toBe(/^\/[\w.-]+\.js$/.test(path) ? '*' : world.partner.origin);
      expect(path).toMatch(/^\/[\w.-]+\.js$|^\/connect\/(?:offer|exchange|sessions(?:\/\w+(?:\/claim)?)?)$/);
    }
  });

  it('nothing of a session stays in the tab after it', async () => {
    for (const page of context.pages()) {
      expect(await page.evaluate(() => JSON.stringify([sessionStorage, localStorage]))).toBe('[{},{}]');
    }
  });
});
