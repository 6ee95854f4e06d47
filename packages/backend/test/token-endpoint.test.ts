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

  it('does not read the secret from the address, and logs nothing of it (D03)', async () => {
    const query = new URLSearchParams(credentials()).toString();
    const answer = await post(JSON.stringify({ grant_type: 'refresh_token', refresh_token: 'x' }), JSON_TYPE, `/oauth/token?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_client' } });
    expect(JSON.stringify([world.log, answer.body])).not.toContain(world.application.clientSecret);
  });

  it('decodes Basic as the RFC says: each part form-encoded before (D04)', async () => {
    const encoded = (text: string) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
    const { clientId, clientSecret } = world.application;
    const ask = (authorization: string) => post('{"grant_type":"refresh_token","refresh_token":"x"}', { ...JSON_TYPE, authorization });
    expect((await ask(basic(encoded(clientId), encoded(clientSecret)))).body.error).toBe('invalid_grant');
    for (const wrong of [
      basic(clientId, `${clientSecret}:`),
      basic(`${clientId}%`, clientSecret),
      basic('ü', 'ü+'),
      'Basic !',
      'Basic Og==',
    ]) {
      expect((await ask(wrong)).body.error).toBe('invalid_client');
    }
  });

  it.each([
    ['a list', '[]'],
    ['a number', '7'],
    ['no JSON', '{'],
    ['a code that is true', '{"grant_type":"authorization_code","code":true}'],
    ['a code that is a number', '{"grant_type":"authorization_code","code":7}'],
    ['a code that is a list', '{"grant_type":"authorization_code","code":["x"]}'],
    ['a thousand braces', `${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`],
    ['a key twice', '{"grant_type":"authorization_code","code":"a","code":"b"}'],
    ['a key twice, once escaped', '{"grant_type":"authorization_code","code":"a","c\\u006fde":"b"}'],
    ['__proto__', '{"__proto__":{"client_id":"x"}}'],
  ])('refuses a JSON body of %s with 400 (D05)', async (_what, body) => {
    const { status, body: answer } = await post(body, { ...JSON_TYPE, authorization: basic() });
    expect([status, answer.error]).toEqual([400, expect.stringMatching(/^invalid_(request|grant)$/)]);
  });

  it('refuses a key twice as an invalid_request, in JSON as in a form (D05)', async () => {
    const json = '{"grant_type":"refresh_token","refresh_token":"a","refresh_token":"b"}';
    expect((await post(json, { ...JSON_TYPE, authorization: basic() })).body.error).toBe('invalid_request');
    const form = 'grant_type=refresh_token&refresh_token=a&refresh_token=b';
    expect((await post(form, { ...FORM_TYPE, authorization: basic() })).body.error).toBe('invalid_request');
  });

  it('does not take what looks like a key inside a value for one', async () => {
    const json = JSON.stringify({ grant_type: 'refresh_token', refresh_token: '{"refresh_token":"x","a\\":":"b"}' });
    expect((await post(json, { ...JSON_TYPE, authorization: basic() })).body.error).toBe('invalid_grant');
  });

  it.each([
    ['another charset', { 'content-type': 'application/x-www-form-urlencoded; charset=utf-16' }, 415],
    ['no content type', {}, 415],
    ['a multipart form', { 'content-type': 'multipart/form-data; boundary=x' }, 415],
    ['plain text', { 'content-type': 'text/plain' }, 415],
  ])('refuses a body with %s (D06)', async (_what, headers: Record<string, string>, status) => {
    const body = new TextEncoder().encode('{"grant_type":"refresh_token","refresh_token":"x"}');
    expect(await post(body, { ...headers, authorization: basic() })).toMatchObject({ status, body: { error: 'invalid_request' } });
  });

  it.each([[{}], [{ 'content-length': '65537' }]])('refuses a body of more than 64 KiB, announced or not (K02): %j', async (length) => {
    const answer = await post(' '.repeat(65_537), { ...JSON_TYPE, ...length, authorization: basic() });
    expect(answer).toMatchObject({ status: 413, body: { error: 'invalid_request' } });
    expect((await post(' '.repeat(65_536), { ...JSON_TYPE, authorization: basic() })).status).toBe(400);
  });

  it('answers JSON behind a byte order mark, and bytes that are no UTF-8, with 400 (D06)', async () => {
    const json = '{"grant_type":"refresh_token","refresh_token":"x"}';
    const marked = new Uint8Array([0xef, 0xbb, 0xbf, ...new TextEncoder().encode(json)]);
    expect((await post(marked, { ...JSON_TYPE, authorization: basic() })).status).toBe(400);
    expect((await post(new Uint8Array([0xff, 0xfe, 0x7b]), { ...JSON_TYPE, authorization: basic() })).status).toBe(400);
  });

  it.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'])('is not there for %s, and changes nothing (D08)', async (method) => {
    const tokens = await grantedTokens();
    const answer = await world.request('/oauth/token/revoke', { method, headers: JSON_TYPE });
    expect(answer.status).toBe(404);
    expect((await server.userinfo(tokens.access_token)).status).toBe(200);
  });

  it('ignores what would change the method (D09)', async () => {
    const tokens = await grantedTokens();
    const answer = await world.request('/v1/userinfo?_method=DELETE', {
      headers: { authorization: `Bearer ${tokens.access_token}`, 'x-http-method-override': 'DELETE' },
    });
    expect(answer.status).toBe(200);
  });

  it('refuses two Authorization headers (D10)', async () => {
    const twice = `${basic()}, ${basic()}`;
    const answer = await post('{"grant_type":"refresh_token","refresh_token":"x"}', { ...JSON_TYPE, authorization: twice });
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_client' } });
    const { access_token } = await grantedTokens();
    const bearers = await world.request('/v1/userinfo', { headers: { authorization: `Bearer ${access_token}, Bearer ${access_token}` } });
    expect(bearers.status).toBe(401);
  });

  it('refuses a secret in two places, and two client ids', async () => {
    const header = { ...JSON_TYPE, authorization: basic() };
    const asked = { grant_type: 'refresh_token', refresh_token: 'x' };
    expect((await post(JSON.stringify({ ...asked, ...credentials() }), header)).body.error).toBe('invalid_request');
    expect((await post(JSON.stringify({ ...asked, client_id: 'app_other' }), header)).body.error).toBe('invalid_request');
  });
});

describe('the client’s credentials', () => {
  const asked = { grant_type: 'refresh_token', refresh_token: 'x' };

  it('wrong or unknown get the same answer, to the letter (F03)', async () => {
    const { clientId: client_id } = world.application;
    const wrong = await post(JSON.stringify({ ...asked, client_id, client_secret: 'wrong' }));
    const unknown = await post(JSON.stringify({ ...asked, client_id: 'app_000000000000000000000000', client_secret: 'wrong' }));
    expect([wrong.status, wrong.body]).toEqual([unknown.status, unknown.body]);
    expect(wrong).toMatchObject({ status: 400, body: { error: 'invalid_client' } });
  });

  it('wrong by Basic get 401, and are asked for again', async () => {
    const answer = await post(JSON.stringify(asked), { ...JSON_TYPE, authorization: basic(undefined, 'wrong') });
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Basic realm="calendar-connect"']);
  });

  it.each([['""'], ['null'], ['"undefined"'], ['[]'], ['true'], ['" "']])('with the secret %s are refused (F04)', async (secret) => {
    const { clientId } = world.application;
    for (const id of [clientId, '']) {
      const { status, body } = await post(
        `{"grant_type":"refresh_token","refresh_token":"x","client_id":"${id}","client_secret":${secret}}`,
      );
      expect([status, body.error]).toEqual([400, secret === '[]' ? 'invalid_request' : 'invalid_client']);
    }
  });

  it('of one application do not refresh another’s grant, which lives on (E05)', async () => {
    const tokens = await grantedTokens();
    const other = createPartnerServer(world, await world.register({ name: 'Other' }));
    expect((await other.refresh(tokens.refresh_token)).body.error).toBe('invalid_grant');
    expect((await server.refresh(tokens.refresh_token)).status).toBe(200);
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

  it('never widens the scope (E06)', async () => {
    const { refresh_token } = await grantedTokens();
    const ask = (scope: string) => server.token({ grant_type: 'refresh_token', refresh_token, scope });
    expect((await ask('free_busy_write read_events')).body.error).toBe('invalid_scope');
    expect((await ask('free_busy_write')).status).toBe(200);
  });

  it('takes no access token for a refresh token', async () => {
    const { access_token } = await grantedTokens();
    expect((await server.refresh(access_token)).body.error).toBe('invalid_grant');
  });
});
