import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { authorizedCode, createPartnerServer, type PartnerServer, type TokenBody } from './support/partner-server.ts';
import { AMIRA, CALLBACK, createWorld, type World } from './support/world.ts';

let world: World;
let server: PartnerServer;
let tokens: TokenBody;

beforeEach(async () => {
  world = await createWorld();
  server = createPartnerServer(world);
  tokens = (await server.redeem(await authorizedCode(world), { redirect_uri: CALLBACK })).body;
});
afterEach(() => world.close());

async function isAlive(): Promise<boolean> {
  return (await server.userinfo(tokens.access_token)).status === 200;
}

describe('revoking', () => {
  it.each([
    ['the refresh token', () => ({ token: tokens.refresh_token })],
    ['an access token', () => ({ token: tokens.access_token })],
    ['the account', () => ({ sub: tokens.sub })],
    ['refresh_token alone, as one SDK sends it', () => ({ refresh_token: tokens.refresh_token })],
    ['a token with a wrong hint', () => ({ token: tokens.refresh_token, token_type_hint: 'access_token' })],
    ['a token that wins over an account', () => ({ token: tokens.refresh_token, sub: 'acc_000000000000000000000000' })],
  ])('by %s ends every token of the authorization at once (E08, E09)', async (_what, fields) => {
    const { body: second } = await server.refresh(tokens.refresh_token);
    const answer = await server.revoke(fields());
    expect([answer.status, answer.body, answer.headers.get('cache-control')]).toEqual([200, undefined, 'no-store']);
    for (const token of [tokens.access_token, second.access_token]) expect((await server.userinfo(token)).status).toBe(401);
    expect((await server.refresh(tokens.refresh_token)).body.error).toBe('invalid_grant');
  });

  it.each([
    ['an unknown token', () => ({ token: 'unknown' })],
    ['a token of another secret', () => ({ token: `${tokens.refresh_token.slice(0, 16)}${'A'.repeat(43)}` })],
    ['an unknown account', () => ({ sub: 'acc_000000000000000000000000' })],
  ])('by %s changes nothing and is no error (E08)', async (_what, fields) => {
    expect((await server.revoke(fields())).status).toBe(200);
    expect(await isAlive()).toBe(true);
  });

  it('by another application has no effect (E08)', async () => {
    const other = createPartnerServer(world, await world.register({ name: 'Other' }));
    for (const fields of [{ token: tokens.refresh_token }, { token: tokens.access_token }, { sub: tokens.sub }]) {
      expect((await other.revoke(fields)).status).toBe(200);
    }
    expect(await isAlive()).toBe(true);
  });

  it('needs the client’s secret, and something to revoke', async () => {
    const forged = createPartnerServer(world, { ...world.application, clientSecret: 'wrong' });
    expect(await forged.revoke({ token: tokens.refresh_token })).toMatchObject({ status: 400, body: { error: 'invalid_client' } });
    expect(await server.revoke({})).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    expect(await isAlive()).toBe(true);
  });

  it('gives the credential back to Google, behind the answer', async () => {
    await server.revoke({ token: tokens.refresh_token });
    await vi.waitFor(() => expect(world.google.liveRefreshTokens(AMIRA)).toBe(0));
  });

  it('does not end at Google what another application holds of the same login', async () => {
    const registered = await world.register({ name: 'Other' });
    const other = createPartnerServer(world, registered);
    const code = await authorizedCode(world, { client_id: registered.clientId });
    const { body: theirs } = await other.redeem(code, { redirect_uri: CALLBACK });
    await server.revoke({ token: tokens.refresh_token });
    await world.connect.close();
    expect(world.askedGoogle('/revoke')).toBe(0);
    expect(theirs.refresh_token).not.toBe(tokens.refresh_token);
  });

  it('can be followed by connecting again, which makes new tokens for the same account', async () => {
    await server.revoke({ token: tokens.refresh_token });
    await vi.waitFor(() => expect(world.askedGoogle('/revoke')).toBe(1));
    const { body: again } = await server.redeem(await authorizedCode(world), { redirect_uri: CALLBACK });
    expect(again.account_id).toBe(tokens.account_id);
    expect(again.refresh_token).not.toBe(tokens.refresh_token);
    const { body } = await server.userinfo(again.access_token);
    expect(body['cronofy.data'].profiles).toMatchObject([{ profile_connected: true }]);
  });

  it('leaves the revoked connection out of userinfo once the account is connected in another way', async () => {
    await server.revoke({ token: tokens.refresh_token });
    const full = await authorizedCode(world, {}, { accessMode: 'full' });
    const { body: again } = await server.redeem(full, { redirect_uri: CALLBACK });
    const { body } = await server.userinfo(again.access_token);
    expect(body['cronofy.data'].profiles.map((profile) => profile.provider_name)).toEqual(['google']);
  });

  it('reaches what a code gave that was used again late: the credential goes back to Google too', async () => {
    const code = await authorizedCode(world);
    await server.redeem(code, { redirect_uri: CALLBACK });
    world.clock.pass({ seconds: 61 });
    await server.redeem(code, { redirect_uri: CALLBACK });
    expect(await isAlive()).toBe(false);
    await server.revoke({ token: 'nothing' });
    await vi.waitFor(() => expect(world.google.liveRefreshTokens(AMIRA)).toBe(0));
  });
});
