import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { textOf } from './support/html.ts';
import { openPage, type PartnerPage } from './support/partner-page.ts';
import { createPartnerServer, type PartnerServer } from './support/partner-server.ts';
import { AMIRA, createWorld, JONAS, type World } from './support/world.ts';

let world: World;
let page: PartnerPage;
let server: PartnerServer;

beforeEach(async () => {
  world = await createWorld();
  page = openPage(world);
  server = createPartnerServer(world);
});
afterEach(() => world.close());

describe('a page with the element', () => {
  it('connects in a popup; its server redeems the receipt, reads, refreshes and revokes', async () => {
    const session = await page.mint();
    const end = await session.connect();
    expect(textOf(end.text)).toBe('Your calendar is connected Planner has been told. You can close this window.');

    const status = await session.poll();
    expect(status).toEqual({
      id: session.id,
      state: 'connected',
      version: 3,
      provider: 'google',
      access_mode: 'free_busy',
      code: expect.stringMatching(/^[\w-]{59}$/),
    });
    const { body: summary } = await session.exchange(status.code);
    expect(summary).toEqual({
      account_id: expect.stringMatching(/^acc_[0-9a-f]{24}$/),
      profile_id: expect.stringMatching(/^pro_[0-9a-f]{24}$/),
      provider: 'google',
      access_mode: 'free_busy',
      name: AMIRA,
      receipt: expect.stringMatching(/^[\w-]{59}$/),
    });

    const { status: redeemed, body: tokens } = await server.redeem(summary.receipt);
    expect(redeemed).toBe(200);
    expect(tokens).toMatchObject({ account_id: summary.account_id, linking_profile: { profile_id: summary.profile_id } });
    expect((await server.userinfo(tokens.access_token)).body.sub).toBe(summary.account_id);

    const { body: fresh } = await server.refresh(tokens.refresh_token);
    expect(fresh.refresh_token).toBe(tokens.refresh_token);
    expect(fresh.access_token).not.toBe(tokens.access_token);
    expect((await server.userinfo(fresh.access_token)).status).toBe(200);

    expect(await server.revoke({ token: tokens.refresh_token })).toMatchObject({ status: 200, body: undefined });
    for (const token of [tokens.access_token, fresh.access_token]) expect((await server.userinfo(token)).status).toBe(401);
    expect(await server.refresh(tokens.refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('is told nothing that is a token: not by the poll, not by the exchange, not by a page of the popup', async () => {
    const session = await page.mint();
    const end = await session.connect();
    const { code, ...status } = await session.poll();
    const { body: summary } = await session.exchange(code);
    const { body: tokens } = await server.redeem(summary.receipt);
    const seen = JSON.stringify([session, status, summary]) + end.text + page.browser.cookiesFor(world.publicUrl);
    for (const token of [tokens.access_token, tokens.refresh_token, world.application.clientSecret]) expect(seen).not.toContain(token);
    expect(seen).not.toMatch(/ya29\.|1\/\/0/);
  });

  it('gives the same person the same account and refresh token again, whichever browser they use', async () => {
    const first = await page.mint();
    await first.connect();
    const before = await first.exchange((await first.poll()).code);
    const { body: tokensBefore } = await server.redeem(before.body.receipt);
    const second = await openPage(world).mint();
    await second.connect();
    const after = await second.exchange((await second.poll()).code);
    const { body: tokensAfter } = await server.redeem(after.body.receipt);
    expect([after.body.account_id, after.body.profile_id]).toEqual([before.body.account_id, before.body.profile_id]);
    expect(tokensAfter.refresh_token).toBe(tokensBefore.refresh_token);
  });

  it('keeps two people apart who connect in one browser', async () => {
    const accounts = new Set<string>();
    for (const account of [AMIRA, JONAS]) {
      const session = await page.mint();
      await session.connect({ account });
      accounts.add((await session.exchange((await session.poll()).code)).body.account_id);
    }
    expect(accounts.size).toBe(2);
  });

  it('takes another access mode of one login for the same connection', async () => {
    const summaries = [];
    for (const accessMode of ['free_busy', 'full'] as const) {
      const session = await page.mint();
      await session.connect({ accessMode });
      summaries.push((await session.exchange((await session.poll()).code)).body);
    }
    const [freeBusy, full] = summaries;
    expect(full).toMatchObject({ account_id: freeBusy?.account_id, profile_id: freeBusy?.profile_id, access_mode: 'full' });
  });
});

describe('the offer', () => {
  it('names providers, modes, their exact scopes and the application, and may be kept for a minute', async () => {
    const { status, headers, body } = await page.ask('GET', '/connect/offer');
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('public, max-age=60');
    expect(body).toEqual({
      application: { client_id: world.application.clientId, name: 'Planner' },
      scope: 'free_busy_write',
      providers: [
        {
          id: 'google',
          name: 'Google',
          access_modes: [
            { access_mode: 'full', provider_name: 'google', scopes: expect.arrayContaining(['openid']) },
            { access_mode: 'free_busy', provider_name: 'google_free_busy', scopes: expect.arrayContaining(['openid']) },
          ],
        },
      ],
    });
  });

  it('is narrowed and ordered by what the session asks for', async () => {
    const session = await page.mint({ access_modes: ['free_busy', 'full'], providers: ['google'] });
    expect(session.offer.providers[0]?.access_modes.map((mode) => mode.access_mode)).toEqual(['free_busy', 'full']);
    const narrow = await page.mint({ access_modes: ['free_busy'] });
    expect(narrow.offer.providers[0]?.access_modes).toHaveLength(1);
    expect((await narrow.start({ accessMode: 'full' })).status).toBe(400);
  });

  it('has nothing but full access without the scope that switches the chooser on', async () => {
    const session = await page.mint({ scope: 'read_write' });
    expect(session.offer.providers[0]?.access_modes.map((mode) => mode.access_mode)).toEqual(['full']);
  });

  it.each([
    [{ providers: ['nobody'] }, 'provider_not_offered'],
    [{ access_modes: ['no_access' as const] }, 'access_mode_not_offered'],
    [{ scope: 'read_mail' }, 'invalid_request'],
    [{ code_challenge: 'short' }, 'invalid_request'],
    [{ code_challenge_method: 'plain' as 'S256' }, 'invalid_request'],
    [{ retry_of: 'ses_000000000000000000000000' }, 'session_not_found'],
  ])('refuses a session of %j as %s', async (request, code) => {
    await expect(page.mint(request)).rejects.toMatchObject({ code });
  });
});
