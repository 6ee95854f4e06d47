import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goThroughGoogle } from './support/consent.ts';
import { formOf, textOf } from './support/html.ts';
import { authorize, type AuthorizeChanges, authorizePath, createPartnerServer } from './support/partner-server.ts';
import { CALLBACK, createWorld, type World } from './support/world.ts';

const CHALLENGE = 'bC3sSgTVQKpBTg0N9kEyKDI_lMQ-6eJvG8rCtfH_ihA';

let world: World;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function answer(
  changes: AuthorizeChanges | string,
): Promise<{ status: number; location: URL | undefined; headers: Headers; text: string }> {
  const path = typeof changes === 'string' ? `${authorizePath(world)}${changes}` : authorizePath(world, changes);
  const response = await world.request(path);
  const location = response.headers.get('location');
  return {
    status: response.status,
    location: location === null ? undefined : new URL(location),
    headers: response.headers,
    text: await response.text(),
  };
}

async function refusal(changes: AuthorizeChanges | string): Promise<Record<string, string>> {
  const { status, location } = await answer(changes);
  expect(status).toBe(302);
  expect(location?.href).toMatch(`${CALLBACK}?`);
  const { error_description: _, ...rest } = Object.fromEntries(location?.searchParams ?? []);
  return rest;
}

describe('the hosted chooser', () => {
  it('offers providers and modes with what each shares, then sends the person on, and gives the partner its code', async () => {
    const browser = world.browser();
    const chooser = await browser.visit(`${world.publicUrl}${authorizePath(world)}`);
    expect(chooser.status).toBe(200);
    expect(textOf(chooser.text)).toContain('Connect your calendar to Planner');
    expect(textOf(chooser.text)).toContain('Exactly what Google will be asked for');
    const choose = { access_mode: 'free_busy' };
    const { url } = await goThroughGoogle(browser, await browser.submit(chooser, { press: 'Continue', choose }));
    expect(url.href).toMatch(`${CALLBACK}?code=`);
    expect([...url.searchParams.keys()].toSorted()).toEqual(['code', 'iss', 'state']);
  });

  it('asks again where nothing was chosen, and keeps what was', async () => {
    const browser = world.browser();
    const chooser = await browser.visit(`${world.publicUrl}${authorizePath(world)}`);
    const again = await browser.submit(chooser, { press: 'Continue' });
    expect(textOf(again.text)).toContain('Choose where your calendar is, and how much you want to share.');
    const choose = { access_mode: 'full' };
    expect(textOf((await browser.submit(again, { press: 'Continue', choose })).text)).toContain('Going on to Google');
  });

  it('goes back with access_denied where the person cancels', async () => {
    const browser = world.browser();
    const chooser = await browser.visit(`${world.publicUrl}${authorizePath(world)}`);
    const end = await browser.submit(chooser, { press: 'Cancel' });
    expect(end.text).toContain('error=access_denied&amp;state=state-1');
    expect((await browser.submit(chooser, { press: 'Cancel' })).status).toBe(403);
  });

  it('takes no form without its ticket, with another one, twice, or from another browser (A10, A12)', async () => {
    const browser = world.browser();
    const chooser = await browser.visit(`${world.publicUrl}${authorizePath(world)}`);
    const choose = { access_mode: 'full' };
    const altered = (value: string) => ({ ...chooser, text: chooser.text.replace(/(name="ticket" value=")[^"]*/, `$1${value}`) });
    for (const forged of [altered(''), altered('guessed')]) {
      expect((await browser.submit(forged, { press: 'Continue', choose })).status).toBe(403);
    }
    expect((await world.browser().submit(chooser, { press: 'Continue', choose })).status).toBe(403);
    const other = await world.browser().visit(`${world.publicUrl}${authorizePath(world)}`);
    const crossed = { ...other, text: other.text.replace(formOf(other.text).action, formOf(chooser.text).action) };
    expect((await browser.submit(crossed, { press: 'Continue', choose })).status).toBe(403);
    expect((await browser.submit(chooser, { press: 'Continue', choose })).status).toBe(200);
    expect((await browser.submit(chooser, { press: 'Continue', choose })).status).toBe(403);
  });

  it('is nobody’s to keep or to frame, and loads nothing from elsewhere (A15)', async () => {
    const { headers, text } = await answer({});
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';.*frame-ancestors 'none'/);
    expect(text).not.toMatch(/<(img|link|iframe|script src)/);
  });
});

describe('an authorization request', () => {
  it.each([
    ['an unknown client_id', { client_id: 'app_000000000000000000000000' }],
    ['no client_id', { client_id: undefined }],
    ['an empty client_id', { client_id: '' }],
    ['no redirect_uri', { redirect_uri: undefined }],
    ['an empty redirect_uri', { redirect_uri: '' }],
  ])('with %s shows a page and never redirects (A01, A02, B09)', async (_what, changes) => {
    const { status, location, text } = await answer(changes);
    expect([status, location]).toEqual([400, undefined]);
    expect(textOf(text)).toContain('This link does not work');
  });

  it.each([
    ['client_id', '&client_id=app_1'],
    ['redirect_uri', `&redirect_uri=${encodeURIComponent(CALLBACK)}`],
  ])('with two %s shows a page and never redirects (A02, B07)', async (_name, more) => {
    expect(await answer(more)).toMatchObject({ status: 400, location: undefined });
  });

  it.each([
    ['&response_type=code', true],
    ['&scope=free_busy', true],
    ['&code_challenge=a&code_challenge=b', true],
    ['&state=other', false],
  ])('with a parameter twice (%s) is an invalid_request, and takes neither (A02)', async (more, keepsState) => {
    expect(await refusal(more)).toEqual({ error: 'invalid_request', iss: world.publicUrl, ...(keepsState ? { state: 'state-1' } : {}) });
  });

  it('takes client_id[] and redirect_uri[] for what they are: other parameters (A02)', async () => {
    expect((await answer({ client_id: undefined, 'client_id[]': world.application.clientId })).status).toBe(400);
    expect((await answer({ redirect_uri: undefined, 'redirect_uri[]': CALLBACK })).status).toBe(400);
  });

  it.each([
    ['token', 'unsupported_response_type'],
    ['id_token', 'unsupported_response_type'],
    ['code token', 'unsupported_response_type'],
    ['none', 'unsupported_response_type'],
    [undefined, 'invalid_request'],
    ['', 'invalid_request'],
  ])('with response_type=%s is refused as %s (A02, A03)', async (response_type, error) => {
    expect(await refusal({ response_type })).toEqual({ error, state: 'state-1', iss: world.publicUrl });
  });

  it.each(['fragment', 'form_post', 'web_message', 'query.jwt'])(
    'with response_mode=%s is refused, by query (A04)',
    async (response_mode) => {
      expect(await refusal({ response_mode })).toEqual({ error: 'invalid_request', state: 'state-1', iss: world.publicUrl });
    },
  );

  it.each(['read_mail', 'free_busy_write"', 'free_busy\\', 'free_busy\nread_only', 'free_busy,read_only', 'x'.repeat(10_000)])(
    'with the scope %j is refused as invalid_scope (A05)',
    async (scope) => {
      expect(await refusal({ scope })).toEqual({ error: 'invalid_scope', state: 'state-1', iss: world.publicUrl });
    },
  );

  it('with parameters that nobody knows goes on (A07)', async () => {
    expect((await answer({ avoid_linking: 'True', nonce: 'n', access_mode: 'full', next: '//elsewhere.example' })).status).toBe(200);
  });

  it('with prompt=none is refused, because a person has to choose (A08)', async () => {
    expect(await refusal({ prompt: 'none' })).toEqual({ error: 'interaction_required', state: 'state-1', iss: world.publicUrl });
  });

  it('by HEAD begins nothing, by POST is not there (A09)', async () => {
    const head = await world.request(authorizePath(world), { method: 'HEAD' });
    expect([head.status, head.headers.getSetCookie()]).toEqual([200, []]);
    expect((await world.request(authorizePath(world), { method: 'POST' })).status).toBe(404);
  });

  it('in a browser without cookies ends at a page that says so, and reaches no provider (A09)', async () => {
    const chooser = await world.browser().visit(`${world.publicUrl}${authorizePath(world)}`);
    const blocked = await world.browser().submit(chooser, { press: 'Continue', choose: { access_mode: 'full' } });
    expect([blocked.status, textOf(blocked.text)]).toEqual([403, expect.stringContaining('opened in another browser')]);
  });

  it.each([
    ['request', 'request_not_supported'],
    ['request_uri', 'request_uri_not_supported'],
  ])('with %s fetches nothing and is refused as %s (A17)', async (name, error) => {
    expect(await refusal({ [name]: 'http://127.0.0.1:1/jar' })).toEqual({ error, state: 'state-1', iss: world.publicUrl });
  });

  it.each([
    [{ code_challenge: CHALLENGE, code_challenge_method: 'plain' }],
    [{ code_challenge: CHALLENGE, code_challenge_method: 's256' }],
    [{ code_challenge: CHALLENGE }],
    [{ code_challenge_method: 'S256' }],
    [{ code_challenge: CHALLENGE.slice(1), code_challenge_method: 'S256' }],
    [{ code_challenge: `${CHALLENGE.slice(1)}=`, code_challenge_method: 'S256' }],
    [{ code_challenge: `${CHALLENGE.slice(1)}+`, code_challenge_method: 'S256' }],
    [{ code_challenge: 'A'.repeat(129), code_challenge_method: 'S256' }],
  ])('with the challenge %j is refused (C02, C03)', async (changes) => {
    expect(await refusal(changes)).toEqual({ error: 'invalid_request', state: 'state-1', iss: world.publicUrl });
  });

  it('with a huge query or thousands of parameters is answered fast (A20)', async () => {
    const began = performance.now();
    for (const more of [`&x=${'y'.repeat(64 * 1024)}`, '&x=1'.repeat(5000)]) expect((await answer(more)).status).toBe(200);
    expect(performance.now() - began).toBeLessThan(2000);
  });

  it('with a provider_name goes straight to the provider, in that mode', async () => {
    const { status, location, headers } = await answer({ provider_name: 'google_free_busy' });
    expect([status, location?.origin]).toEqual([302, world.googleUrl]);
    expect(location?.searchParams.get('scope')).toContain('freebusy');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(await refusal({ provider_name: 'apple' })).toMatchObject({ error: 'invalid_request' });
  });

  it('with empty state and provider_name, as one SDK sends them, is one without', async () => {
    const { url } = await authorize(world, { state: '', provider_name: '', avoid_linking: 'False' });
    expect([...url.searchParams.keys()].toSorted()).toEqual(['code', 'iss']);
  });
});

describe('an authorization answer', () => {
  it('names the issuer, exactly, in success and in refusal (A16)', async () => {
    const { url } = await authorize(world);
    expect(url.searchParams.get('iss')).toBe('https://connect.partner.example');
    expect((await refusal({ scope: 'x' }))['iss']).toBe('https://connect.partner.example');
  });

  it('goes in the query, never in a fragment (A19)', async () => {
    const hrefs = [(await authorize(world)).url.href, (await answer({ scope: 'x' })).location?.href];
    for (const href of hrefs) expect(href).not.toContain('#');
  });

  it('echoes any state exactly, or refuses it, and splits no header by it (A06)', async () => {
    const state = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }),
      fc.constantFrom('\0', 'a\r\nSet-Cookie: a=b', '🗓️', ' + %2B'),
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

  it.each([1, 4096])('echoes a state of %i characters (A06)', async (length) => {
    const { url } = await authorize(world, { state: 's'.repeat(length) });
    expect(url.searchParams.get('state')).toBe('s'.repeat(length));
  });

  it.each([4097, 64 * 1024])('refuses a state of %i characters, without it (A06)', async (length) => {
    expect(await refusal({ state: 's'.repeat(length) })).toEqual({ error: 'invalid_request', iss: world.publicUrl });
  });

  it('refuses what cannot be decoded, on a page', async () => {
    for (const more of ['&x=%ff', '&note=100%']) {
      const { status, location, text } = await answer(more);
      expect([status, location]).toEqual([400, undefined]);
      expect(textOf(text)).toContain('The address that Planner sent you to is not percent-encoded correctly.');
    }
  });

  it('gives tokens of exactly the scope that was asked', async () => {
    const { url } = await authorize(world, { scope: 'free_busy_write read_account' });
    const redeemed = await createPartnerServer(world).redeem(url.searchParams.get('code') ?? '', { redirect_uri: CALLBACK });
    expect(redeemed.body.scope.split(' ')).toEqual(expect.arrayContaining(['free_busy_write', 'read_account']));
  });
});
