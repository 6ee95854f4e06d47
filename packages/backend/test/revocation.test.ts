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
