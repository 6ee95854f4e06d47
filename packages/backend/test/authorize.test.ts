import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goThroughGoogle } from './support/consent.ts';
import { textOf } from './support/html.ts';
import { authorize, type AuthorizeChanges, authorizePath, createPartnerServer } from './support/partner-server.ts';
import { CALLBACK, createWorld, type World } from './support/world.ts';

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

  it('is nobody’s to keep or to frame, and loads nothing from elsewhere', async () => {
    const { headers, text } = await answer({});
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';.*frame-ancestors 'none'/);
    expect(text).not.toMatch(/<(img|link|iframe|script src)/);
  });
});

describe('an authorization request', () => {
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
  it('gives tokens of exactly the scope that was asked', async () => {
    const { url } = await authorize(world, { scope: 'free_busy_write read_account' });
    const redeemed = await createPartnerServer(world).redeem(url.searchParams.get('code') ?? '', { redirect_uri: CALLBACK });
    expect(redeemed.body.scope.split(' ')).toEqual(expect.arrayContaining(['free_busy_write', 'read_account']));
  });
});
