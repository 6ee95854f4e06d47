import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPage, type PageSession, type PartnerPage } from './support/partner-page.ts';
import { authorizedCode, createPartnerServer, type PartnerServer } from './support/partner-server.ts';
import { CALLBACK, createWorld, type World } from './support/world.ts';

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

  it('is redeemed by the partner’s own server with its verifier too, and not without', async () => {
    const { session, code } = await connected();
    expect(await server.redeem(code)).toMatchObject(INVALID_GRANT);
    const { status, body } = await server.redeem(code, { code_verifier: session.verifier });
    expect([status, body.token_type]).toEqual([200, 'bearer']);
  });
});

describe('the code of a redirect', () => {
  it('is redeemed with the redirect URI it was made for, under either of its names', async () => {
    expect((await server.redeem(await authorizedCode(world), { redirect_uri: CALLBACK })).status).toBe(200);
    expect((await server.redeem(await authorizedCode(world), { callback_url: CALLBACK })).status).toBe(200);
    const both = { redirect_uri: CALLBACK, callback_url: CALLBACK };
    expect((await server.redeem(await authorizedCode(world), both)).status).toBe(200);
  });

  it('is never exchanged by a page, which has no secret', async () => {
    const code = await authorizedCode(world);
    const asked = await page.ask('POST', '/connect/exchange', { body: { code, code_verifier: VERIFIER } });
    expect(asked).toMatchObject(INVALID_GRANT);
    expect((await server.redeem(code, { redirect_uri: CALLBACK })).status).toBe(200);
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
