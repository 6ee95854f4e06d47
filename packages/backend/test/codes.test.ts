import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { challengeOf } from '../src/oauth/pkce.ts';
import { openPage, type PageSession, type PartnerPage } from './support/partner-page.ts';
import { authorizedCode, createPartnerServer, type PartnerServer } from './support/partner-server.ts';
import { CALLBACK, createWorld, OTHER_CALLBACK, type World } from './support/world.ts';

const INVALID_GRANT = { status: 400, body: { error: 'invalid_grant' } };
const VERIFIER = 'a-verifier-of-at-least-forty-three-characters-0123';

let world: World;
let page: PartnerPage;
let server: PartnerServer;

beforeEach(async () => {
  world = await createWorld();
  page = openPage(world);
  server = createPartnerServer(world);
});
afterEach(() => world.close());

async function connected(): Promise<{ session: PageSession; code: string }> {
  const session = await page.mint();
  await session.connect();
  return { session, code: (await session.poll()).code ?? '' };
}

describe('the code of a poll', () => {
  it('lives 60 seconds from the poll that minted it: good a millisecond before, dead on the dot (D01, D02)', async () => {
    const { session, code } = await connected();
    world.clock.pass({ seconds: 59, ms: 999 });
    const { body } = await session.exchange(code);
    expect(body.receipt).toBeDefined();

    const late = await connected();
    world.clock.pass({ seconds: 60 });
    expect(await late.session.exchange(late.code)).toMatchObject(INVALID_GRANT);
  });

  it('is replaced by a later poll, which kills the former', async () => {
    const { session, code } = await connected();
    world.clock.pass({ seconds: 61 });
    const { code: later } = await session.poll();
    expect(later).not.toBe(code);
    expect(await session.exchange(code)).toMatchObject(INVALID_GRANT);
    expect((await session.exchange(later)).status).toBe(200);
  });

  it('is not given out again once one was exchanged', async () => {
    const { session, code } = await connected();
    await session.exchange(code);
    expect(await session.poll()).not.toHaveProperty('code');
  });

  it('serves once; sent again within its life it is refused, and what it gave lives on', async () => {
    const { session, code } = await connected();
    const { body } = await session.exchange(code);
    expect(await session.exchange(code)).toMatchObject(INVALID_GRANT);
    expect((await server.redeem(body.receipt)).status).toBe(200);
  });

  it('sent again after its life was found by somebody: what it gave is revoked', async () => {
    const { session, code } = await connected();
    const { body } = await session.exchange(code);
    const { body: tokens } = await server.redeem(body.receipt);
    world.clock.pass({ seconds: 60, ms: 1 });
    expect(await session.exchange(code)).toMatchObject(INVALID_GRANT);
    expect((await server.userinfo(tokens.access_token)).status).toBe(401);
    expect(await server.refresh(tokens.refresh_token)).toMatchObject(INVALID_GRANT);
  });

  it('needs its verifier: four wrong ones do no harm, five burn it (C04, C06)', async () => {
    const { session, code } = await connected();
    for (let guess = 0; guess < 4; guess += 1) expect(await session.exchange(code, VERIFIER)).toMatchObject(INVALID_GRANT);
    expect((await session.exchange(code)).status).toBe(200);

    const other = await connected();
    for (let guess = 0; guess < 5; guess += 1) expect(await other.session.exchange(other.code, VERIFIER)).toMatchObject(INVALID_GRANT);
    expect(await other.session.exchange(other.code)).toMatchObject(INVALID_GRANT);
    const { code: another } = await other.session.poll();
    expect((await other.session.exchange(another)).status).toBe(200);
  });

  it.each([
    ['its own challenge', (session: PageSession) => challengeOf(session.verifier)],
    ['one that is too short', () => 'short'],
    ['one of characters that none has', (session: PageSession) => `${session.verifier.slice(0, -1)}!`],
    ['one that is cut short by a character', (session: PageSession) => session.verifier.slice(0, -1)],
  ])('is not exchanged for a verifier that is %s (C04)', async (_what, change) => {
    const { session, code } = await connected();
    expect(await session.exchange(code, change(session))).toMatchObject(INVALID_GRANT);
  });

  it('is redeemed by the partner’s own server with its verifier too, and not without', async () => {
    const { session, code } = await connected();
    expect(await server.redeem(code)).toMatchObject(INVALID_GRANT);
    const { status, body } = await server.redeem(code, { code_verifier: session.verifier });
    expect([status, body.token_type]).toEqual([200, 'bearer']);
  });

  it('was made for no redirect URI: sent with one it is refused, and still usable without (B10)', async () => {
    const { session, code } = await connected();
    const fields = { code_verifier: session.verifier };
    expect(await server.redeem(code, { ...fields, redirect_uri: CALLBACK })).toMatchObject(INVALID_GRANT);
    expect(await server.redeem(code, { ...fields, callback_url: CALLBACK })).toMatchObject(INVALID_GRANT);
    expect((await server.redeem(code, fields)).status).toBe(200);
  });

  it('of one application is refused to another, with that one’s secret, and stays usable by the first (C08)', async () => {
    const registered = await world.register({ name: 'Other' });
    const other = createPartnerServer(world, registered);
    const { session, code } = await connected();
    const fields = { code_verifier: session.verifier };
    expect(await other.redeem(code, fields)).toMatchObject(INVALID_GRANT);
    const theirs = openPage(world, { clientId: registered.clientId });
    const asked = await theirs.ask('POST', '/connect/exchange', { body: { code, code_verifier: session.verifier } });
    expect(asked).toMatchObject(INVALID_GRANT);
    expect((await server.redeem(code, fields)).status).toBe(200);
  });

  it.each([
    ['cut short', (code: string) => code.slice(0, -1)],
    ['with a character more', (code: string) => `${code}A`],
    ['with a line break', (code: string) => `${code}\n`],
    ['with another secret', (code: string) => `${code.slice(0, 20)}${code.slice(20).replace(/[A-Y]/, 'Z')}`],
    ['with another row', (code: string) => `AAAA${code.slice(4)}`],
    ['in capitals', (code: string) => code.toUpperCase()],
  ])('is refused %s, and stays usable as it is (C10)', async (_what, change) => {
    const { session, code } = await connected();
    expect(await session.exchange(change(code))).toMatchObject(INVALID_GRANT);
    expect((await session.exchange(code)).status).toBe(200);
  });
});

describe('the code of a redirect', () => {
  it('is redeemed with the redirect URI it was made for, under either of its names', async () => {
    expect((await server.redeem(await authorizedCode(world), { redirect_uri: CALLBACK })).status).toBe(200);
    expect((await server.redeem(await authorizedCode(world), { callback_url: CALLBACK })).status).toBe(200);
    const both = { redirect_uri: CALLBACK, callback_url: CALLBACK };
    expect((await server.redeem(await authorizedCode(world), both)).status).toBe(200);
  });

  it('is refused with another one or none, and stays usable with the right one (B10)', async () => {
    const code = await authorizedCode(world);
    for (const fields of [{ redirect_uri: OTHER_CALLBACK }, { callback_url: OTHER_CALLBACK }, { redirect_uri: `${CALLBACK}/` }, {}]) {
      expect(await server.redeem(code, fields)).toMatchObject(INVALID_GRANT);
    }
    const differing = { redirect_uri: CALLBACK, callback_url: OTHER_CALLBACK };
    expect(await server.redeem(code, differing)).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    expect((await server.redeem(code, { redirect_uri: CALLBACK })).status).toBe(200);
  });

  it('is never exchanged by a page, which has no secret', async () => {
    const code = await authorizedCode(world);
    const asked = await page.ask('POST', '/connect/exchange', { body: { code, code_verifier: VERIFIER } });
    expect(asked).toMatchObject(INVALID_GRANT);
    expect((await server.redeem(code, { redirect_uri: CALLBACK })).status).toBe(200);
  });

  it('without a challenge is refused with a verifier: nobody takes the protection away unnoticed (C05)', async () => {
    const code = await authorizedCode(world);
    expect(await server.redeem(code, { redirect_uri: CALLBACK, code_verifier: VERIFIER })).toMatchObject(INVALID_GRANT);
  });

  it('with a challenge needs the verifier, also from a server with the secret', async () => {
    const code_challenge = 'bC3sSgTVQKpBTg0N9kEyKDI_lMQ-6eJvG8rCtfH_ihA';
    const code = await authorizedCode(world, { code_challenge, code_challenge_method: 'S256' });
    expect(await server.redeem(code, { redirect_uri: CALLBACK })).toMatchObject(INVALID_GRANT);
    expect(await server.redeem(code, { redirect_uri: CALLBACK, code_verifier: code_challenge })).toMatchObject(INVALID_GRANT);
  });

  it('lives 60 seconds from the redirect', async () => {
    const good = await authorizedCode(world);
    world.clock.pass({ seconds: 59, ms: 999 });
    expect((await server.redeem(good, { redirect_uri: CALLBACK })).status).toBe(200);
    const late = await authorizedCode(world);
    world.clock.pass({ seconds: 60 });
    expect(await server.redeem(late, { redirect_uri: CALLBACK })).toMatchObject(INVALID_GRANT);
  });
});

describe('a receipt', () => {
  async function receipt(): Promise<string> {
    const { session, code } = await connected();
    return (await session.exchange(code)).body.receipt ?? '';
  }

  it('lives ten minutes: good a millisecond before, dead on the dot', async () => {
    const good = await receipt();
    const late = await receipt();
    world.clock.pass({ minutes: 9, seconds: 59, ms: 999 });
    expect((await server.redeem(good)).status).toBe(200);
    world.clock.pass({ ms: 1 });
    expect(await server.redeem(late)).toMatchObject(INVALID_GRANT);
  });

  it('is redeemed once, also by an SDK that always sends a redirect URI', async () => {
    const text = await receipt();
    expect((await server.redeem(text, { redirect_uri: CALLBACK })).status).toBe(200);
    expect(await server.redeem(text)).toMatchObject(INVALID_GRANT);
  });

  it('does not bring back what was revoked since', async () => {
    const { body: tokens } = await server.redeem(await receipt());
    const text = await receipt();
    await server.revoke({ token: tokens.refresh_token });
    expect(await server.redeem(text)).toMatchObject(INVALID_GRANT);
  });

  it('is no code: a page cannot exchange it, nor another application redeem it', async () => {
    const text = await receipt();
    const asked = await page.ask('POST', '/connect/exchange', { body: { code: text, code_verifier: VERIFIER } });
    expect(asked).toMatchObject(INVALID_GRANT);
    const other = createPartnerServer(world, await world.register({ name: 'Other' }));
    expect(await other.redeem(text)).toMatchObject(INVALID_GRANT);
    expect((await server.redeem(text)).status).toBe(200);
  });
});
