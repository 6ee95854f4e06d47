import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Screen } from '../support/browser.ts';
import { callbackFromGoogle } from '../support/consent.ts';
import { formOf, textOf } from '../support/html.ts';
import { openPage } from '../support/partner-page.ts';
import { authorize, type AuthorizeChanges, authorizePath } from '../support/partner-server.ts';
import { CALLBACK, createWorld, type World } from '../support/world.ts';

const CHOICE = { press: 'Continue', choose: { access_mode: 'full' } };

let world: World;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

function openChooser(browser: Browser): Promise<Screen> {
  return browser.visit(`${world.publicUrl}${authorizePath(world)}`);
}

async function refusalAt(changes: AuthorizeChanges): Promise<{ headers: Headers; location: string }> {
  const { headers } = await world.request(authorizePath(world, changes));
  return { headers, location: headers.get('location') ?? '' };
}

async function refusal(changes: AuthorizeChanges): Promise<Record<string, string>> {
  const { error_description: _, ...rest } = Object.fromEntries(new URL((await refusalAt(changes)).location).searchParams);
  return rest;
}

/** As far as the address whose answer is the redirect with the code. */
async function beforeTheEnd(browser: Browser): Promise<URL> {
  return (await authorize(world, {}, { browser: browser.stoppingBefore(`${world.publicUrl}/connect/relay`) })).url;
}

describe('the state', () => {
  it('A06: any text is echoed exactly, and splits no header', async () => {
    const state = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }),
      fc.constantFrom('\0', 'a\r\nSet-Cookie: a=b', '🗓️', ' + %2B', '%00', '"><script>', '&code=evil', '#'),
    );
    await fc.assert(
      fc.asyncProperty(state, async (text) => {
        const sent = text.toWellFormed();
        expect(await refusal({ state: sent, prompt: 'none' })).toEqual({
          error: 'interaction_required',
          state: sent,
          iss: world.publicUrl,
        });
      }),
      { numRuns: 50 },
    );
  });

  it.each([1, 4096])('A06: %i characters are echoed along with the code', async (length) => {
    const { url } = await authorize(world, { state: 's'.repeat(length) });
    expect(url.searchParams.get('state')).toBe('s'.repeat(length));
  });

  it('A06: 4097 characters are refused, without them', async () => {
    expect(await refusal({ state: 's'.repeat(4097) })).toEqual({ error: 'invalid_request', iss: world.publicUrl });
  });

  it('A06: 64 kB are refused on a page', async () => {
    const answer = await world.request(authorizePath(world, { state: 's'.repeat(64 * 1024) }));
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
  });

  it.each(['&x=%ff', '&note=100%', '&state=%c3%28'])('A06: %s, which cannot be decoded, is refused on a page', async (more) => {
    const answer = await world.request(`${authorizePath(world)}${more}`);
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
    expect(textOf(await answer.text())).toContain('is not percent-encoded correctly.');
  });
});

describe('the chooser’s form', () => {
  it('A10: is taken neither without its ticket, nor with another one, nor twice, nor with that of another chooser', async () => {
    const browser = world.browser();
    const chooser = await openChooser(browser);
    const altered = (value: string) => ({ ...chooser, text: chooser.text.replace(/(name="ticket" value=")[^"]*/, `$1${value}`) });
    for (const forged of [altered(''), altered('guessed'), altered('A'.repeat(43))]) {
      expect((await browser.submit(forged, CHOICE)).status).toBe(403);
    }
    const other = await openChooser(world.browser());
    const crossed = { ...other, text: other.text.replace(formOf(other.text).action, formOf(chooser.text).action) };
    expect((await browser.submit(crossed, CHOICE)).status).toBe(403);
    expect((await browser.submit(chooser, CHOICE)).status).toBe(200);
    expect((await browser.submit(chooser, CHOICE)).status).toBe(403);
  });

  it('A12: of one browser is refused in another, which reaches no provider, and still serves in its own', async () => {
    const browser = world.browser();
    const chooser = await openChooser(browser);
    const stranger = world.browser();
    await openChooser(stranger);
    const refused = await stranger.submit(chooser, CHOICE);
    expect([refused.status, textOf(refused.text)]).toEqual([403, expect.stringContaining('opened in another browser')]);
    expect((await browser.submit(chooser, CHOICE)).status).toBe(200);
  });

  it('A10: is taken once where it is sent twice at the same instant', async () => {
    const browser = world.browser();
    const chooser = await openChooser(browser);
    const both = await Promise.all([browser.submit(chooser, CHOICE), browser.submit(chooser, CHOICE)]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 403]);
  });

  it('A12: is refused to a cookie of the right name with another value, or with the value of another session', async () => {
    const browser = world.browser();
    const chooser = await openChooser(browser);
    const { action } = formOf(chooser.text);
    const [name = ''] = browser.cookiesFor(action).split('=');
    const strangers = world.browser();
    const [, value = ''] = strangers.cookiesFor((await openChooser(strangers)).url).split('=');
    const ticket = /name="ticket" value="([^"]*)/.exec(chooser.text)?.[1] ?? '';
    const body = new URLSearchParams({ ticket, provider: 'google', access_mode: 'full' }).toString();
    for (const planted of ['guessed', 'A'.repeat(43), value, '']) {
      const headers = { 'content-type': 'application/x-www-form-urlencoded', cookie: `${name}=${planted}`, accept: 'text/html' };
      expect((await world.request(new URL(action).pathname, { method: 'POST', headers, body })).status).toBe(403);
    }
    expect((await browser.submit(chooser, CHOICE)).status).toBe(200);
  });

  it('A12: the callback and the end of one browser’s trip are refused in another', async () => {
    const browser = world.browser();
    const chooser = await openChooser(browser);
    const callback = await callbackFromGoogle(browser, await browser.submit(chooser, CHOICE));
    expect((await world.browser().visit(callback)).status).toBe(403);
    const end = await browser.stoppingBefore(`${world.publicUrl}/connect/relay`).visit(callback);
    expect((await world.browser().visit(end.url)).status).toBe(403);
    expect((await browser.visit(end.url)).url.href).toMatch(`${CALLBACK}?code=`);
  });

  it('A13: no form is answered so that the browser would send its fields on: 200 here, 303 after the callback', async () => {
    const browser = world.browser();
    const submitted = await browser.submit(await openChooser(browser), CHOICE);
    expect([submitted.status, submitted.url.origin]).toEqual([200, world.publicUrl]);
    const popup = await openPage(world).mint();
    expect((await popup.start()).status).toBe(200);
    const callback = await callbackFromGoogle(browser, submitted);
    const cookie = browser.cookiesFor(callback);
    const answer = await world.request(`${callback.pathname}${callback.search}`, { headers: { cookie } });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, expect.stringContaining('/connect/relay/ses_')]);
  });
});

describe('the end of a flow', () => {
  it('A11: gives one code, also to a browser that comes back or asks twice at once', async () => {
    const browser = world.browser();
    const url = await beforeTheEnd(browser);
    const both = await Promise.all([browser.visit(url), browser.visit(url)]);
    expect(both.filter((screen) => screen.url.searchParams.has('code'))).toHaveLength(1);
    const friendly = await browser.visit(url);
    expect([friendly.status, textOf(friendly.text)]).toEqual([409, expect.stringContaining('Your calendar is connected already')]);
  });

  it('A11: the same link opened again is another attempt, and takes nothing from the first', async () => {
    const browser = world.browser();
    const first = await openChooser(browser);
    const second = await openChooser(browser);
    expect(formOf(second.text).action).not.toBe(formOf(first.text).action);
    for (const chooser of [first, second]) expect((await browser.submit(chooser, CHOICE)).status).toBe(200);
  });

  it('A14: neither pages nor redirects let a code out by Referer, and pages load nothing from elsewhere', async () => {
    const browser = world.browser();
    const chooser = await openChooser(browser);
    expect(chooser.headers.get('referrer-policy')).toBe('same-origin');
    expect(chooser.headers.get('content-security-policy')).toMatch(/^default-src 'none';/);
    expect(chooser.text).not.toMatch(/<(img|link|iframe|object|embed|script src)/);
    const url = await beforeTheEnd(browser);
    const answer = await world.request(url.pathname, { headers: { cookie: browser.cookiesFor(url) } });
    expect([answer.status, answer.headers.get('referrer-policy')]).toEqual([302, 'no-referrer']);
    expect((await refusalAt({ scope: 'x' })).headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('A15: nothing of it is kept in caches, and a callback that ends at a page leaves the address bar', async () => {
    const browser = world.browser();
    expect((await openChooser(browser)).headers.get('cache-control')).toBe('no-store');
    const url = await beforeTheEnd(browser);
    const answer = await world.request(url.pathname, { headers: { cookie: browser.cookiesFor(url) } });
    expect([answer.headers.get('location'), answer.headers.get('cache-control')]).toEqual([
      expect.stringMatching(`^${CALLBACK}\\?code=`),
      'no-store',
    ]);
    for (const query of ['code=secret&state=nobodys', `code=secret&state=${'A'.repeat(59)}`]) {
      const stranded = await browser.visit(`${world.publicUrl}/connect/callback/google?${query}`);
      expect([stranded.headers.get('cache-control'), stranded.text]).toEqual([
        'no-store',
        expect.stringContaining("history.replaceState(null, '', location.pathname)"),
      ]);
    }
  });

  it('A16: names the issuer, once and exactly, in success, refusal and when the person cancels', async () => {
    const browser = world.browser();
    const cancelled = await browser.submit(await openChooser(browser), { press: 'Cancel' });
    const answers = [
      (await authorize(world)).url.href,
      (await refusalAt({ scope: 'x' })).location,
      /href="([^"]*)"/.exec(cancelled.text)?.[1]?.replaceAll('&amp;', '&') ?? '',
    ];
    for (const href of answers) expect(new URL(href).searchParams.getAll('iss')).toEqual(['https://connect.partner.example']);
  });

  it('A19: every redirect off our origin ends in an empty fragment, so that none of the link before is carried over', async () => {
    const straight = await world.request(authorizePath(world, { provider_name: 'google' }));
    const answers = [(await authorize(world)).url.href, (await refusalAt({ scope: 'x' })).location, straight.headers.get('location') ?? ''];
    for (const href of answers) expect([href.indexOf('#'), new URL(href).hash]).toEqual([href.length - 1, '']);
  });
});
