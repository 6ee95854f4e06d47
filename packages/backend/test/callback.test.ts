import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callbackFromGoogle } from './support/consent.ts';
import { textOf } from './support/html.ts';
import { openPage, type PageSession, type PartnerPage } from './support/partner-page.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
let page: PartnerPage;
let session: PageSession;
let callback: URL;

beforeEach(async () => {
  world = await createWorld();
  page = openPage(world);
  session = await page.mint();
  callback = await callbackFromGoogle(page.browser, await session.start());
});
afterEach(() => world.close());

function changed(change: (url: URL) => void): URL {
  const url = new URL(callback);
  change(url);
  return url;
}

describe('the callback', () => {
  it('exchanges once, however often it is reloaded, and shows the result again (N07)', async () => {
    const first = await page.browser.visit(callback);
    const again = await page.browser.visit(callback);
    const relayed = await page.browser.visit(first.url);
    for (const screen of [first, again, relayed]) expect(textOf(screen.text)).toContain('Your calendar is connected');
    expect(world.askedGoogle('/token')).toBe(1);
  });

  it('exchanges once when it is asked for twice at the same instant; the second waits for the result (N07)', async () => {
    world.google.addFault({ group: 'token', delayMs: 100 });
    const screens = await Promise.all([page.browser.visit(callback), page.browser.visit(callback)]);
    expect(world.askedGoogle('/token')).toBe(1);
    const finishing = screens.find((screen) => textOf(screen.text).includes('Finishing'));
    expect(finishing?.text).toContain('<meta http-equiv="refresh" content="1" />');
    expect(textOf((await page.browser.visit(finishing?.url ?? '')).text)).toContain('Your calendar is connected');
  });

  it('leaves neither code nor state in the address of the page that stays', async () => {
    const { url, headers } = await page.browser.visit(callback);
    expect(url.href).toBe(`${world.publicUrl}/connect/relay/${session.id}`);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('gets nothing done in another browser, and burns nothing there (G01, G02)', async () => {
    const elsewhere = await openPage(world).browser.visit(callback);
    expect(elsewhere.status).toBe(403);
    expect(textOf(elsewhere.text)).toContain('This link belongs to another browser');
    expect(world.askedGoogle('/token')).toBe(0);
    expect(textOf((await page.browser.visit(callback)).text)).toContain('Your calendar is connected');
  });

  it('gets nothing done where a browser only prerenders it (H14)', async () => {
    for (const purpose of ['prefetch', 'prefetch;prerender']) {
      expect((await page.browser.visit(callback, { 'sec-purpose': purpose })).status).toBe(503);
    }
    expect(world.askedGoogle('/token')).toBe(0);
    expect(textOf((await page.browser.visit(callback)).text)).toContain('Your calendar is connected');
  });

  it.each([
    ['without a state', (url: URL) => url.searchParams.delete('state')],
    ['with two states', (url: URL) => url.searchParams.append('state', url.searchParams.get('state') ?? '')],
    ['with a state of nobody', (url: URL) => url.searchParams.set('state', 'A'.repeat(59))],
    ['with a state that is cut short', (url: URL) => url.searchParams.set('state', (url.searchParams.get('state') ?? '').slice(0, -1))],
    ['at a provider that there is not', (url: URL) => void (url.pathname = '/connect/callback/microsoft')],
  ])('is refused %s, and burns nothing (G01, G03)', async (_what, change) => {
    expect((await page.browser.visit(changed(change))).status).toBe(400);
    expect(world.askedGoogle('/token')).toBe(0);
    expect(textOf((await page.browser.visit(callback)).text)).toContain('Your calendar is connected');
  });

  it('takes no state of another secret for the session it names (G01)', async () => {
    const forged = changed((url) => {
      const state = url.searchParams.get('state') ?? '';
      url.searchParams.set('state', `${state.slice(0, 16)}${'A'.repeat(43)}`);
    });
    await page.browser.visit(forged);
    expect(world.askedGoogle('/token')).toBe(0);
    expect((await session.poll()).state).toBe('at_provider');
  });

  it('does not take the answer of another attempt in the same browser, with its code (G01, G02)', async () => {
    const other = await page.mint();
    const theirs = await callbackFromGoogle(page.browser, await other.start());
    const mixed = changed((url) => url.searchParams.set('code', theirs.searchParams.get('code') ?? ''));
    await page.browser.visit(mixed);
    expect((await session.poll()).state).toBe('failed');
    expect((await other.poll()).state).toBe('at_provider');
  });

  it('ends as failed where the answer comes from another issuer (G03)', async () => {
    await page.browser.visit(changed((url) => url.searchParams.set('iss', 'https://accounts.elsewhere.example')));
    expect(await session.poll()).toMatchObject({ state: 'failed', reason: 'provider_refused' });
    expect(world.askedGoogle('/token')).toBe(0);
  });
});

describe('the relay', () => {
  it('nudges the page it belongs to, by name, and carries no result', async () => {
    const { text } = await page.browser.visit(callback);
    const { code } = await session.poll();
    expect(text).toContain(`data-session="${session.id}" data-origin="https://app.partner.example"`);
    expect(text).toContain("opener.postMessage({ type: 'calendar-connect:nudge', session }, origin)");
    for (const secret of [code ?? '', session.secret, callback.searchParams.get('code') ?? '']) expect(text).not.toContain(secret);
  });

  it('shows nothing in another browser', async () => {
    const { url } = await page.browser.visit(callback);
    expect((await openPage(world).browser.visit(url)).status).toBe(403);
    expect((await page.browser.visit(`${world.publicUrl}/connect/relay/ses_000000000000000000000000`)).status).toBe(403);
  });

  it('says that it took too long where the session expired meanwhile', async () => {
    const { url } = await page.browser.visit(callback);
    world.clock.pass({ hours: 1 });
    expect(textOf((await page.browser.visit(url)).text)).toContain('This took too long');
  });
});

it('logs nothing of a flow that went well', async () => {
  await page.browser.visit(callback);
  await session.exchange((await session.poll()).code);
  await vi.waitFor(() => expect(world.log).toEqual([]));
});
