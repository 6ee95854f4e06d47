import Cronofy from 'cronofy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Listening, listenTo } from './support/listening.ts';
import { authorizedCode, createPartnerServer } from './support/partner-server.ts';
import { AMIRA, CALLBACK, createWorld, type World } from './support/world.ts';

let world: World;
let listening: Listening;

beforeEach(async () => {
  world = await createWorld();
  listening = await listenTo(world);
});
afterEach(async () => {
  await listening.close();
  await world.close();
});

function sdk(config: { access_token?: string; refresh_token?: string } = {}): Cronofy {
  const { clientId, clientSecret } = world.application;
  const client = new Cronofy({ client_id: clientId, client_secret: clientSecret, ...config });
  client.urls.api = listening.url;
  return client;
}

async function connectedSdk(): Promise<{ client: Cronofy; tokens: Awaited<ReturnType<Cronofy['requestAccessToken']>> }> {
  const client = sdk();
  const tokens = await client.requestAccessToken({ code: await authorizedCode(world), redirect_uri: CALLBACK });
  return { client, tokens };
}

describe('the SDK of npm, unchanged', () => {
  it('exchanges the code of /oauth/authorize and reads userinfo with what it got', async () => {
    const { client, tokens } = await connectedSdk();
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 3600, scope: 'free_busy_write' });
    expect(tokens.linking_profile.provider_name).toBe('google_free_busy');
    const info = await client.userInfo();
    expect([info.sub, info['cronofy.type']]).toEqual([tokens.account_id, 'account']);
    expect(info['cronofy.data'].profiles).toMatchObject([{ profile_name: AMIRA, profile_connected: true }]);
  });

  it('exchanges a code also when it sends its old tokens along', async () => {
    const client = sdk({ access_token: 'old', refresh_token: 'old' });
    const tokens = await client.requestAccessToken({ code: await authorizedCode(world), redirect_uri: CALLBACK });
    expect(client.config).toMatchObject({ access_token: tokens.access_token, refresh_token: tokens.refresh_token });
  });

  it('refreshes, and keeps a refresh token that works', async () => {
    const { client, tokens } = await connectedSdk();
    const fresh = await client.refreshAccessToken();
    expect(fresh.refresh_token).toBe(tokens.refresh_token);
    expect(fresh.access_token).not.toBe(tokens.access_token);
    expect((await client.userInfo()).sub).toBe(tokens.account_id);
    await client.refreshAccessToken();
  });

  it.each([
    ['without arguments', () => undefined],
    ['by token', (tokens: { refresh_token: string }) => ({ token: tokens.refresh_token })],
    ['by sub', (tokens: { account_id: string }) => ({ sub: tokens.account_id })],
  ])('revokes %s', async (_how, argument) => {
    const { client, tokens } = await connectedSdk();
    const options = argument(tokens);
    await (options === undefined ? client.revokeAuthorization() : client.revokeAuthorization(options));
    expect((await createPartnerServer(world).userinfo(tokens.access_token)).status).toBe(401);
    await expect(sdk({ refresh_token: tokens.refresh_token }).refreshAccessToken()).rejects.toMatchObject({
      statusCode: 400,
      error: { entity: { error: 'invalid_grant' } },
    });
  });

  it('is told of a code that was used before, and of a wrong secret, as it knows them', async () => {
    const code = await authorizedCode(world);
    await sdk().requestAccessToken({ code, redirect_uri: CALLBACK });
    const again = sdk().requestAccessToken({ code, redirect_uri: CALLBACK });
    await expect(again).rejects.toMatchObject({ statusCode: 400, error: { entity: { error: 'invalid_grant' } } });
    const stranger = new Cronofy({ client_id: world.application.clientId, client_secret: 'wrong' });
    stranger.urls.api = listening.url;
    const refused = stranger.requestAccessToken({ code, redirect_uri: CALLBACK });
    await expect(refused).rejects.toMatchObject({ statusCode: 400, error: { entity: { error: 'invalid_client' } } });
  });
});
