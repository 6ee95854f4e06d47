import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAnswer } from './support/partner-page.ts';
import { authorizedCode, createPartnerServer, type PartnerServer, type TokenBody } from './support/partner-server.ts';
import { CALLBACK, createWorld, type World } from './support/world.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };

let world: World;
let server: PartnerServer;

beforeEach(async () => {
  world = await createWorld();
  server = createPartnerServer(world);
});
afterEach(() => world.close());

async function post(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = JSON_TYPE, path = '/oauth/token') {
  return readAnswer<TokenBody>(await world.request(path, { method: 'POST', body, headers }));
}

function credentials(): { client_id: string; client_secret: string } {
  return { client_id: world.application.clientId, client_secret: world.application.clientSecret };
}

function basic(id = world.application.clientId, secret = world.application.clientSecret): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
}

async function grantedTokens(): Promise<TokenBody> {
  return (await server.redeem(await authorizedCode(world), { redirect_uri: CALLBACK })).body;
}

describe('the token endpoint', () => {
  it('answers as every partner SDK expects, and is not to be kept', async () => {
    const { status, headers, body } = await server.redeem(await authorizedCode(world), { redirect_uri: CALLBACK });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect([headers.get('cache-control'), headers.get('pragma')]).toEqual(['no-store', 'no-cache']);
    expect(body).toEqual({
      token_type: 'bearer',
      access_token: expect.stringMatching(/^[\w-]{59}$/),
      expires_in: 3600,
      refresh_token: expect.stringMatching(/^[\w-]{59}$/),
      scope: 'free_busy_write',
      account_id: expect.stringMatching(/^acc_[0-9a-f]{24}$/),
      sub: body.account_id,
      linking_profile: {
        provider_name: 'google_free_busy',
        provider_service: 'google_free_busy',
        profile_id: expect.stringMatching(/^pro_[0-9a-f]{24}$/),
        profile_name: 'amira@partner.example',
      },
    });
  });

  it('takes JSON and forms, and credentials in the body or by Basic', async () => {
    for (const [type, write] of [
      [JSON_TYPE, (fields: object) => JSON.stringify(fields)],
      [FORM_TYPE, (fields: object) => new URLSearchParams({ ...fields }).toString()],
    ] as const) {
      const asked = { grant_type: 'authorization_code', redirect_uri: CALLBACK };
      expect((await post(write({ ...asked, ...credentials(), code: await authorizedCode(world) }), type)).status).toBe(200);
      const byHeader = { ...type, authorization: basic() };
      expect((await post(write({ ...asked, code: await authorizedCode(world) }), byHeader)).status).toBe(200);
    }
  });

  it.each([
    [{}, 'invalid_request'],
    [{ grant_type: 'password' }, 'unsupported_grant_type'],
    [{ grant_type: 'authorization_code' }, 'invalid_request'],
    [{ grant_type: 'refresh_token' }, 'invalid_request'],
    [{ grant_type: 'authorization_code', code: 'nonsense' }, 'invalid_grant'],
    [{ grant_type: 'refresh_token', refresh_token: 'nonsense' }, 'invalid_grant'],
  ])('refuses %j as %s with 400', async (fields: Record<string, string>, error) => {
    const { status, headers, body } = await server.token(fields);
    expect([status, body.error]).toEqual([400, error]);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('does not take what looks like a key inside a value for one', async () => {
    const json = JSON.stringify({ grant_type: 'refresh_token', refresh_token: '{"refresh_token":"x","a\\":":"b"}' });
    expect((await post(json, { ...JSON_TYPE, authorization: basic() })).body.error).toBe('invalid_grant');
  });

  it.each([[{}], [{ 'content-length': '65537' }]])('refuses a body of more than 64 KiB, announced or not (K02): %j', async (length) => {
    const answer = await post(' '.repeat(65_537), { ...JSON_TYPE, ...length, authorization: basic() });
    expect(answer).toMatchObject({ status: 413, body: { error: 'invalid_request' } });
    expect((await post(' '.repeat(65_536), { ...JSON_TYPE, authorization: basic() })).status).toBe(400);
  });
});

describe('refreshing', () => {
  it('gives another access token and the same refresh token; earlier access tokens live out their hour', async () => {
    const first = await grantedTokens();
    world.clock.pass({ minutes: 59 });
    const { body: second } = await server.refresh(first.refresh_token);
    expect([second.refresh_token, second.account_id, second.scope]).toEqual([first.refresh_token, first.account_id, first.scope]);
    expect((await server.userinfo(first.access_token)).status).toBe(200);
    world.clock.pass({ minutes: 1 });
    expect((await server.userinfo(first.access_token)).status).toBe(401);
    expect((await server.userinfo(second.access_token)).status).toBe(200);
  });

  it('takes no access token for a refresh token', async () => {
    const { access_token } = await grantedTokens();
    expect((await server.refresh(access_token)).body.error).toBe('invalid_grant');
  });
});
