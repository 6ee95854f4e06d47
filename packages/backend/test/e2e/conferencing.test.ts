import { createZoomEmulator, type ZoomControl } from '@calendar-connect/emulators';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ConferencingService, googleMeet, zoom } from '../../src/index.ts';
import { createOutbound } from '../../src/outbound/outbound.ts';
import { findingsOn } from './axe.ts';
import { goThroughGoogle, openBrowser, openProfile, visit } from './people.ts';
import { type Exchange, openSite, type Site } from './sites.ts';
import { AMIRA, createWorld, GOOGLE_CLIENT, JONAS, type World } from './world.ts';

const ZOOM_CLIENT = { clientId: 'operators-zoom-client', clientSecret: 'operators-zoom-very-secret' };

let world: World;
let zoomSite: Site;
let zoomControl: ZoomControl;
let browser: Browser;
let context: BrowserContext;
let accessToken: string;
const atZoom: Exchange[] = [];
/** What the services gave to the backend. */
const tokens = new Set<string>();

beforeAll(async () => {
  [zoomSite, browser] = await Promise.all([openSite('zoom', atZoom), openBrowser()]);
  world = await createWorld({ crossOriginOpenerPolicy: true }, { conferencing: servicesAt });
  const redirectUris = ['google', 'google_meet'].map((id) => `${world.backend.origin}/connect/callback/${id}`);
  world.google.addClient({ ...GOOGLE_CLIENT, redirectUris, appName: 'Acme Scheduler' });
  const emulator = createZoomEmulator({
    clients: [{ ...ZOOM_CLIENT, redirectUris: [`${world.backend.origin}/connect/callback/zoom`], appName: 'Acme Scheduler' }],
    publicUrl: zoomSite.origin,
    serverUrl: zoomSite.serverUrl,
    switches: { crossOriginOpenerPolicy: true },
  });
  zoomSite.answerWith((request) => emulator.app.fetch(request));
  zoomControl = emulator.control;
});

beforeEach(async () => {
  // axe is put into the pages from outside, which their own policy forbids.
  context = await openProfile(browser, { bypassCSP: true });
  accessToken = await connectCalendar();
});

afterEach(() => context.close());

afterAll(async () => {
  await browser.close();
  await world.close();
  await zoomSite.close();
});

function servicesAt({ googleSite }: { googleSite: Site }): readonly ConferencingService[] {
  const outbound = createOutbound({
    fetch: async (url, init) => {
      const answer = await fetch(url, init);
      if (url.pathname.endsWith('/token')) {
        const body = (await answer.clone().json()) as Record<string, unknown>;
        for (const name of ['access_token', 'refresh_token']) if (typeof body[name] === 'string') tokens.add(body[name]);
      }
      return answer;
    },
  });
  return [
    zoom({
      ...ZOOM_CLIENT,
      outbound,
      endpoints: {
        authorization: `${zoomSite.origin}/oauth/authorize`,
        token: `${zoomSite.serverUrl}/oauth/token`,
        revocation: `${zoomSite.serverUrl}/oauth/revoke`,
        api: zoomSite.serverUrl,
      },
    }),
    googleMeet({
      ...GOOGLE_CLIENT,
      outbound,
      endpoints: {
        issuer: googleSite.origin,
        authorization: `${googleSite.origin}/o/oauth2/v2/auth`,
        token: `${googleSite.serverUrl}/token`,
        revocation: `${googleSite.serverUrl}/revoke`,
        keys: `${googleSite.serverUrl}/oauth2/v3/certs`,
        meet: googleSite.serverUrl,
      },
    }),
  ];
}

const callback = () => `${world.partner.origin}/callback`;

/** A new account, with the calendar of Amira; answers with the partner's access token. */
async function connectCalendar(): Promise<string> {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: world.application.clientId,
    redirect_uri: callback(),
    provider_name: 'google_free_busy',
  });
  const page = await visit(context, `${world.backend.origin}/oauth/authorize?${query}`);
  await goThroughGoogle(page);
  await page.waitForURL((url) => url.href.startsWith(callback()));
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: world.application.clientId,
    client_secret: world.application.clientSecret,
    redirect_uri: callback(),
    code: new URL(page.url()).searchParams.get('code') ?? '',
  });
  await page.close();
  const answer = await fetch(`${world.credentials.issuer}/oauth/token`, { method: 'POST', body });
  return ((await answer.json()) as { access_token: string }).access_token;
}

async function ask<T>(method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(world.credentials.issuer + path, {
    method,
    headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** The address that the partner's server sends its person to. */
async function link(body: object = {}): Promise<string> {
  const request = { redirect_uri: callback(), ...body };
  const { authorization_request: answer } = await ask<{ authorization_request: { url: string } }>(
    'POST',
    '/v1/conferencing_service_authorizations',
    request,
  );
  return answer.url;
}

async function connectedServices(): Promise<readonly string[]> {
  const info = await ask<{ 'cronofy.data': { conferencing_profiles: readonly { provider_name: string; profile_id: string }[] } }>(
    'GET',
    '/v1/userinfo',
  );
  const profiles = info['cronofy.data'].conferencing_profiles;
  // The account is the same for every test.
  for (const { profile_id: id } of profiles) await ask('POST', `/v1/profiles/${id}/revoke`);
  return profiles.map(({ provider_name: name }) => name);
}

async function goThroughZoom(page: Page, decision: 'Allow' | 'Decline' = 'Allow'): Promise<void> {
  await page.getByRole('button', { name: AMIRA }).click();
  await page.getByRole('button', { name: decision, exact: true }).click();
}

/** Waits until the person is back at the partner, and answers with the query they come with. */
async function backAt(page: Page): Promise<Record<string, string>> {
  await page.waitForURL((url) => url.href.startsWith(callback()));
  return Object.fromEntries(new URL(page.url()).searchParams);
}

describe('a person who is sent to connect a meeting service', () => {
  it('reads for whom, agrees at Zoom, and is back where they came from', async () => {
    const page = await visit(context, await link({ provider_name: 'zoom' }));
    expect(new URL(page.url()).search).toBe('');
    await page.getByRole('heading', { name: 'Connect Zoom to Acme Scheduler' }).waitFor();
    await page.getByText(`This is for the account of ${AMIRA}`).waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    await goThroughZoom(page);
    expect(await backAt(page)).toEqual({});
    expect(await connectedServices()).toEqual(['zoom']);
  });

  it('chooses Google Meet, with another login than that of the calendar', async () => {
    const page = await visit(context, await link());
    await page.getByRole('radio', { name: 'Google Meet' }).check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await goThroughGoogle(page, { account: JONAS });
    expect(await backAt(page)).toEqual({});
    expect(await connectedServices()).toEqual(['google_meet_api']);
  });

  it('needs no JavaScript for it', async () => {
    const plain = await openProfile(browser, { javaScriptEnabled: false });
    const page = await visit(plain, await link());
    await page.getByRole('radio', { name: 'Zoom' }).check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('link', { name: 'Go on to Zoom' }).click();
    await goThroughZoom(page);
    expect(await backAt(page)).toEqual({});
    await plain.close();
    expect(await connectedServices()).toEqual(['zoom']);
  });

  it('may cancel here, and say no there', async () => {
    const here = await visit(context, await link());
    await here.getByRole('button', { name: 'Cancel' }).click();
    expect(await backAt(here)).toEqual({ error: 'access_denied' });
    const there = await visit(context, await link({ provider_name: 'zoom' }));
    await there.getByRole('button', { name: 'Continue' }).click();
    await goThroughZoom(there, 'Decline');
    expect(await backAt(there)).toEqual({ error: 'access_denied' });
    expect(await connectedServices()).toEqual([]);
  });

  it('goes back from Zoom by the browser’s button and chooses another', async () => {
    const page = await visit(context, await link());
    await page.getByRole('radio', { name: 'Zoom' }).check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: AMIRA }).waitFor();
    await page.goBack();
    await page.getByRole('radio', { name: 'Google Meet' }).check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await goThroughGoogle(page, { account: JONAS });
    expect(await backAt(page)).toEqual({});
    expect(await connectedServices()).toEqual(['google_meet_api']);
  });

  it('tries again with one click where Zoom failed', async () => {
    zoomControl.addFault({ group: 'token', status: 503, times: 1 });
    const page = await visit(context, await link({ provider_name: 'zoom' }));
    await page.getByRole('button', { name: 'Continue' }).click();
    await goThroughZoom(page);
    await page.getByRole('heading', { name: 'Zoom did not answer.' }).waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await goThroughZoom(page);
    expect(await backAt(page)).toEqual({});
    expect(await connectedServices()).toEqual(['zoom']);
  });
});

describe.each(['light', 'dark'] as const)('the pages, %s', (colorScheme) => {
  it.each([320, 1024])('are accessible and need no sideways scrolling at %i pixels', async (width) => {
    const profile = await openProfile(browser, { bypassCSP: true, colorScheme, viewport: { width, height: 720 } });
    const chooser = await visit(profile, await link());
    await chooser.getByRole('radio', { name: 'Zoom' }).check();
    await chooser.locator('.option:has(:checked) summary').click();
    zoomControl.addFault({ group: 'token', status: 503, times: 1 });
    const failed = await visit(profile, await link({ provider_name: 'zoom' }));
    await failed.getByRole('button', { name: 'Continue' }).click();
    await goThroughZoom(failed);
    await failed.getByRole('button', { name: 'Try again' }).waitFor();
    const named = await visit(profile, await link({ provider_name: 'google_meet_api' }));
    await named.locator('summary').click();
    for (const [name, page] of Object.entries({ chooser, failed, named })) {
      expect(await findingsOn(page)).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect([name, overflow]).toEqual([name, 0]);
    }
    await profile.close();
  });
});

it('lets no token and no secret of any service near a browser, or into the log', () => {
  expect(tokens.size).toBeGreaterThan(2);
  const seen = JSON.stringify(
    [...world.exchanges, ...atZoom].map((each) => [each.url, each.requestBody, [...each.responseHeaders], each.responseBody]),
  );
  const log = JSON.stringify(world.log);
  for (const secret of [...tokens, ZOOM_CLIENT.clientSecret, accessToken]) {
    expect(seen).not.toContain(secret);
    expect(log).not.toContain(secret);
  }
});
