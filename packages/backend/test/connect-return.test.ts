import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callbackFromGoogle, goThroughGoogle } from './support/consent.ts';
import { textOf } from './support/html.ts';
import { openPage, type PageSession, type PartnerPage } from './support/partner-page.ts';
import { authorizedCode, createPartnerServer, type PartnerServer } from './support/partner-server.ts';
import { challengeOf, newCodeVerifier } from '../src/oauth/pkce.ts';
import { AMIRA, createWorld, PAGE_ORIGIN, type World } from './support/world.ts';

const STATE = 'calendar-connect-1234';
const PLACE = '/settings/calendar?tab=2&name=a%20b#people/4';

let world: World;
let page: PartnerPage;
let server: PartnerServer;

beforeEach(async () => {
  world = await createWorld();
  page = openPage(world);
  server = createPartnerServer(world);
});
afterEach(() => world.close());

/** A session that comes back to the page. */
const mint = (changes: { return_path?: string; state?: string } = {}) => page.mint({ return_path: PLACE, state: STATE, ...changes });

const byTicket = ({ id, ticket }: PageSession, accessMode = 'free_busy') =>
  `${world.publicUrl}/connect/start/${id}?ticket=${ticket ?? ''}&provider=google&access_mode=${accessMode}`;

describe('a page that goes to the provider in its own tab', () => {
  it('gets the code back in its own address, beside its own query and fragment, and exchanges it', async () => {
    const session = await mint();
    const { url } = await session.connect();
    const { code, ...answer } = Object.fromEntries(url.searchParams);
    expect(url.href.replace(code ?? '', '<code>')).toBe(
      `${PAGE_ORIGIN}/settings/calendar?tab=2&name=a%20b&code=<code>&state=${STATE}&iss=${encodeURIComponent(world.publicUrl)}#people/4`,
    );
    expect(answer).toMatchObject({ state: STATE, iss: world.publicUrl });
    const { status, body } = await session.exchange(code);
    expect([status, body]).toMatchObject([200, { provider: 'google', access_mode: 'free_busy', name: AMIRA }]);
    expect((await server.redeem(body.receipt)).body.account_id).toBe(body.account_id);
    expect(await session.exchange(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('gives its code to a server of its own too, which need not know the place; one that it names has to be right', async () => {
    for (const [redirectUri, status] of [
      [undefined, 200],
      [`${PAGE_ORIGIN}${PLACE}`, 200],
      [`${PAGE_ORIGIN}/elsewhere`, 400],
    ] as const) {
      const session = await mint();
      const { url } = await session.connect();
      const answer = await server.redeem(url.searchParams.get('code') ?? '', {
        code_verifier: session.verifier,
        ...(redirectUri === undefined ? {} : { redirect_uri: redirectUri }),
      });
      expect(answer.status, redirectUri).toBe(status);
    }
  });

  it('needs the verifier for it, wherever it is exchanged', async () => {
    const session = await mint();
    const code = (await session.connect()).url.searchParams.get('code') ?? '';
    expect((await session.exchange(code, newCodeVerifier())).status).toBe(400);
    expect((await server.redeem(code)).status).toBe(400);
    expect((await session.exchange(code)).status).toBe(200);
  });

  it('gets no code by the poll, so that whoever sent somebody else there gets none at all', async () => {
    const session = await mint();
    await session.connect();
    expect(await session.poll()).toEqual({ id: session.id, state: 'connected', version: 3, provider: 'google', access_mode: 'free_busy' });
  });

  it('gets one code: going back to where it came from gives no other', async () => {
    const session = await mint();
    await session.connect();
    const again = await page.browser.visit(`${world.publicUrl}/connect/relay/${session.id}`);
    expect([again.status, textOf(again.text)]).toEqual([409, expect.stringContaining('connected already')]);
  });

  it.each([
    ['says no', { decision: 'Cancel' as const }, { state: 'declined' }],
    ['leaves a box unticked', { accessMode: 'full' as const, untick: ['calendar.events'] }, { state: 'failed', reason: 'scopes_missing' }],
  ])('has the person back who %s, and learns why by asking', async (_who, doing, status) => {
    const session = await mint();
    const { url } = await session.connect(doing);
    expect(url.href).toBe(
      `${PAGE_ORIGIN}/settings/calendar?tab=2&name=a%20b&error=access_denied&state=${STATE}&iss=${encodeURIComponent(world.publicUrl)}#people/4`,
    );
    expect(await session.poll()).toMatchObject(status);
  });

  it('has the person back who took longer than an hour at the provider', async () => {
    const session = await mint();
    const callback = await callbackFromGoogle(page.browser, await session.start());
    world.clock.pass({ hours: 1 });
    const { url } = await page.browser.visit(callback);
    expect(url.searchParams.get('error')).toBe('access_denied');
    expect((await session.poll()).state).toBe('expired');
  });

  it('goes on where its form carries no origin, and no further from a page of another origin', async () => {
    const session = await mint();
    expect((await session.start({}, { origin: 'https://evil.example' })).status).toBe(403);
    expect(textOf((await session.start({}, { origin: 'null' })).text)).toContain('Go on to Google');
  });

  it('keeps the person whom the partner’s server named, who confirms it', async () => {
    const minted = await server.mint({ end_user: { id: 'user-17', name: 'Maya' } });
    const first = await page.claim(minted.session);
    await first.cancel();
    const session = await page.mint({ retry_of: first.id, return_path: PLACE, state: STATE }, first.secret);
    const asked = await session.start();
    expect(textOf(asked.text)).toContain('This connects a calendar for Maya');
    // Under the page's `form-action`, a redirect to the partner could not be the answer to this form.
    const declined = await page.browser.submit(asked, { press: 'This is not me' });
    expect([declined.status, declined.url.origin]).toEqual([200, world.publicUrl]);
    expect(declined.text).toContain(`href="${world.publicUrl}/connect/relay/${session.id}"`);
    expect((await server.session(minted.id)).body).toMatchObject({ state: 'declined', end_user: { id: 'user-17' } });
  });
});

describe('the place to come back to', () => {
  it.each([
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https:evil.example',
    'https://evil.example/',
    `${PAGE_ORIGIN}/settings`,
    'settings',
    '?tab=2',
    '#people',
    '@evil.example/',
    '.evil.example/',
    ':443@evil.example/',
    '\t//evil.example',
    '/\t/evil.example',
    '/settings\r\nSet-Cookie: a=b',
    '/settings\0',
    '/settings\u2028',
    '/ä',
    '/a b',
    '/a/../b',
    '/%2e%2e/b',
    '/settings?code=theirs',
    '/settings?tab=2&state=theirs',
    '/settings?error=1#a',
  ])('is a path on the page’s own origin in the form of an address bar, and not %j (B12, B13)', async (path) => {
    await expect(mint({ return_path: path })).rejects.toMatchObject({ status: 400, code: 'invalid_request' });
  });

  it('has at most 2,000 characters', async () => {
    await expect(mint({ return_path: `/${'a'.repeat(2000)}` })).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it.each(['/', '/#', '/?', '/a//b', '/a?b=//evil.example', '/a#//evil.example?code=1', '/caf%C3%A9/%2F?x=%20y+z&&flag'])(
    'may be %j',
    async (path) => {
      const session = await mint({ return_path: path });
      const { url } = await session.connect();
      expect(url.origin).toBe(PAGE_ORIGIN);
      const [, fragment = ''] = path.split('#');
      expect(url.hash).toBe(fragment && `#${fragment}`);
    },
  );

  it('comes with a state, and a state with it', async () => {
    await expect(page.mint({ return_path: '/' })).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(page.mint({ state: STATE })).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(mint({ state: 'a b' })).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(mint({ state: 'a'.repeat(201) })).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('is on the origin that asks, which has to be registered', async () => {
    const stranger = openPage(world, { origin: 'https://evil.example' });
    await expect(stranger.mint({ return_path: PLACE, state: STATE })).rejects.toMatchObject({ code: 'origin_not_registered' });
  });
});

describe('the ticket', () => {
  it('starts the session by an address, where the page’s policy lets no form go', async () => {
    const session = await mint();
    const { url } = await goThroughGoogle(page.browser, await page.browser.visit(byTicket(session)));
    expect((await session.exchange(url.searchParams.get('code') ?? '')).status).toBe(200);
  });

  it('works once', async () => {
    const session = await mint();
    await page.browser.visit(byTicket(session));
    expect((await page.browser.visit(byTicket(session))).status).toBe(403);
  });

  it('is not used up by asking what is there, by guessing that the person will come, or by a wrong choice', async () => {
    const session = await mint();
    await world.request(byTicket(session).slice(world.publicUrl.length), { method: 'HEAD' });
    expect((await page.browser.visit(byTicket(session), { 'sec-purpose': 'prefetch;prerender' })).status).toBe(503);
    expect((await page.browser.visit(byTicket(session, 'no_access'))).status).toBe(400);
    expect(textOf((await page.browser.visit(byTicket(session))).text)).toContain('Go on to Google');
  });

  it('is nothing but the right one, and nobody has one who opens a window', async () => {
    const session = await mint();
    expect((await page.browser.visit(byTicket({ ...session, ticket: 'guessed' }))).status).toBe(403);
    const poll = await page.mint();
    expect(poll.ticket).toBeUndefined();
    const question = await poll.start({}, { origin: 'null' });
    const ticket = /name="ticket" value="([^"]+)"/.exec(question.text)?.[1] ?? '';
    expect((await page.browser.visit(byTicket({ ...poll, ticket }))).status).toBe(403);
  });

  it('does not spare the person whom the partner’s server named the question whether it is them', async () => {
    const minted = await server.mint({ end_user: { id: 'user-17', name: 'Maya' } });
    const first = await page.claim(minted.session);
    await first.cancel();
    const session = await page.mint({ retry_of: first.id, return_path: PLACE, state: STATE }, first.secret);
    const asked = await page.browser.visit(byTicket(session));
    expect(textOf(asked.text)).toContain('This connects a calendar for Maya');
    const onward = await page.browser.submit(asked, { press: 'Continue' });
    expect((await goThroughGoogle(page.browser, onward)).url.searchParams.has('code')).toBe(true);
  });
});

it('still refuses a page the code that an authorization request gave, with its verifier too', async () => {
  const verifier = newCodeVerifier();
  const code = await authorizedCode(world, { code_challenge: challengeOf(verifier), code_challenge_method: 'S256' });
  const answer = await page.ask('POST', '/connect/exchange', { body: { code, code_verifier: verifier } });
  expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
});

it('tells a page that claims a session of its server’s again whether it has ended or is somebody else’s', async () => {
  const { session } = await server.mint({ end_user: 'user-17' });
  const first = await page.claim(session);
  await expect(page.claim(session)).rejects.toMatchObject({ code: 'session_already_claimed' });
  await first.connect();
  await expect(page.claim(session)).rejects.toMatchObject({ status: 409, code: 'session_ended' });
});
