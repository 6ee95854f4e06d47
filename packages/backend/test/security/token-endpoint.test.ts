import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Listening, listenTo } from '../support/listening.ts';
import { readAnswer } from '../support/partner-page.ts';
import { authorizedCode, createPartnerServer, type PartnerServer, type TokenBody } from '../support/partner-server.ts';
import { CALLBACK, createWorld, type World } from '../support/world.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };
/** Tells a request that was read, whose refresh token is wrong, from one that was not. */
const REFRESH = { grant_type: 'refresh_token', refresh_token: 'x' };

let world: World;
let server: PartnerServer;
let listening: Listening;
let tokens: TokenBody;

beforeAll(async () => {
  world = await createWorld();
  listening = await listenTo(world);
  server = createPartnerServer(world);
  tokens = (await server.redeem(await authorizedCode(world), { redirect_uri: CALLBACK })).body;
});
afterAll(async () => {
  await listening.close();
  await world.close();
});

async function post(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string>, path = '/oauth/token') {
  return readAnswer<TokenBody>(await world.request(path, { method: 'POST', body, headers }));
}

function credentials(): { client_id: string; client_secret: string } {
  return { client_id: world.application.clientId, client_secret: world.application.clientSecret };
}

function basic(): { authorization: string } {
  const { clientId, clientSecret } = world.application;
  return { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` };
}

/** What goes over one connection, byte by byte, and all that comes back. */
function sendBytes(bytes: string): Promise<string> {
  const socket = createConnection(listening.port, '127.0.0.1');
  socket.write(bytes);
  return text(socket);
}

/** A whole request with these header lines, on a connection that ends with it. */
function request(line: string, headers: readonly string[], body = ''): Promise<string> {
  const all = ['Host: x', 'Connection: close', ...headers, ...(body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`])];
  return sendBytes(`${line}\r\n${all.join('\r\n')}\r\n\r\n${body}`);
}

async function isAlive(): Promise<boolean> {
  return (await server.userinfo(tokens.access_token)).status === 200;
}

describe('a secret in the address', () => {
  it.each(['client_secret', 'code', 'refresh_token'])(
    'D03: %s is not read from there, and is neither logged nor answered',
    async (name) => {
      const query = new URLSearchParams({ ...credentials(), [name]: world.application.clientSecret }).toString();
      const answer = await post(JSON.stringify(REFRESH), JSON_TYPE, `/oauth/token?${query}`);
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_client' } });
      expect(JSON.stringify([world.log, answer.body])).not.toContain(world.application.clientSecret);
    },
  );

  it('D03: a code and its grant type in the address redeem nothing', async () => {
    const code = await authorizedCode(world);
    const query = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: CALLBACK });
    const answer = await post('{}', { ...JSON_TYPE, ...basic() }, `/oauth/token?${query.toString()}`);
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    expect((await server.redeem(code, { redirect_uri: CALLBACK })).status).toBe(200);
  });
});

describe('a body', () => {
  it.each([
    ['a list', '[]'],
    ['a number', '7'],
    ['a text', '"code"'],
    ['null', 'null'],
    ['no JSON', '{'],
    ['JSON and more', '{} {}'],
    ['nothing', ''],
    ['a code that is true', '{"grant_type":"authorization_code","code":true}'],
    ['a code that is a number', '{"grant_type":"authorization_code","code":7}'],
    ['a code that is a list', '{"grant_type":"authorization_code","code":["x"]}'],
    ['a code that is an object', '{"grant_type":"authorization_code","code":{"$ne":""}}'],
    ['a code that is null', '{"grant_type":"authorization_code","code":null}'],
    ['a thousand braces', `${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`],
    ['thirty thousand brackets', `{"code":${'['.repeat(30_000)}${']'.repeat(30_000)}}`],
    ['a key twice', '{"grant_type":"authorization_code","code":"a","code":"b"}'],
    ['a key twice, once escaped', '{"grant_type":"authorization_code","code":"a","c\\u006fde":"b"}'],
    ['a key twice, first null', '{"grant_type":"authorization_code","code":null,"code":"b"}'],
    ['__proto__', '{"__proto__":{"client_id":"x"}}'],
    ['constructor', '{"constructor":{"prototype":{"grant_type":"x"}}}'],
    ['half a surrogate', '{"grant_type":"authorization_code","code":"\\ud800"}'],
  ])('D05: of JSON with %s is a 400 of a known error', async (_what, body) => {
    const { status, body: answer } = await post(body, { ...JSON_TYPE, ...basic() });
    expect([status, answer.error]).toEqual([400, expect.stringMatching(/^invalid_(request|grant)$/)]);
    expect(({} as Record<string, unknown>)['client_id']).toBeUndefined();
  });

  it.each([
    ['JSON', JSON_TYPE, '{"grant_type":"refresh_token","refresh_token":"a","refresh_token":"b"}'],
    ['JSON, the client_id', JSON_TYPE, '{"client_id":"a","grant_type":"refresh_token","refresh_token":"a","client_id":"b"}'],
    ['a form', FORM_TYPE, 'grant_type=refresh_token&refresh_token=a&refresh_token=b'],
    ['a form, both alike', FORM_TYPE, 'grant_type=refresh_token&refresh_token=a&refresh_token=a'],
    ['a form, the second empty', FORM_TYPE, 'grant_type=refresh_token&refresh_token=a&refresh_token='],
    ['a form, once encoded', FORM_TYPE, 'grant_type=refresh_token&refresh_token=a&refresh%5Ftoken=b'],
  ])('D05: with a name twice in %s is an invalid_request, and neither value is taken', async (_what, type, body) => {
    expect((await post(body, { ...type, ...basic() })).body.error).toBe('invalid_request');
  });

  it('D05: is judged alike as JSON and as a form', async () => {
    for (const fields of [{}, { grant_type: 'password' }, { grant_type: 'authorization_code' }, { grant_type: 'refresh_token' }, REFRESH]) {
      const json = await post(JSON.stringify(fields), { ...JSON_TYPE, ...basic() });
      const form = await post(new URLSearchParams(fields).toString(), { ...FORM_TYPE, ...basic() });
      expect([form.status, form.body]).toEqual([json.status, json.body]);
    }
  });

  it.each([
    ['another charset', { 'content-type': 'application/x-www-form-urlencoded; charset=utf-16' }],
    ['JSON of another charset', { 'content-type': 'application/json; charset=utf-16le' }],
    ['no content type', {}],
    ['an empty one', { 'content-type': '' }],
    ['a multipart form', { 'content-type': 'multipart/form-data; boundary=x' }],
    ['plain text', { 'content-type': 'text/plain' }],
    ['XML', { 'content-type': 'application/xml' }],
    ['another kind of JSON', { 'content-type': 'application/vnd.api+json' }],
    ['two types', { 'content-type': 'application/json, application/x-www-form-urlencoded' }],
  ])('D06: with %s is a 415', async (_what, headers: Record<string, string>) => {
    const body = new TextEncoder().encode(JSON.stringify(REFRESH));
    expect(await post(body, { ...headers, ...basic() })).toMatchObject({ status: 415, body: { error: 'invalid_request' } });
  });

  it.each([
    ['JSON behind a byte order mark', new Uint8Array([0xef, 0xbb, 0xbf, ...Buffer.from(JSON.stringify(REFRESH))])],
    ['JSON in UTF-16', new Uint8Array(Buffer.from(JSON.stringify(REFRESH), 'utf16le'))],
    ['bytes that are no UTF-8', new Uint8Array([0xff, 0xfe, 0x7b])],
    ['a form', new Uint8Array(Buffer.from(new URLSearchParams(REFRESH).toString()))],
  ])('D06: that says JSON and is %s is a 400', async (_what, body) => {
    expect((await post(body, { ...JSON_TYPE, ...basic() })).status).toBe(400);
  });

  it('D06: that says it is a form and is JSON is a 400', async () => {
    expect(await post(JSON.stringify(REFRESH), { ...FORM_TYPE, ...basic() })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('D07: in %s is not unpacked: a good request is refused, and a bomb costs nothing', async (encoding, compress) => {
    const headers = { ...JSON_TYPE, ...basic(), 'content-encoding': encoding };
    const good = JSON.stringify({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token });
    for (const plain of [Buffer.from(good), Buffer.alloc(10 * 1024 * 1024, ' ')]) {
      const { status, body } = await post(new Uint8Array(compress(plain)), headers);
      expect([status, body.error]).toEqual([415, 'invalid_request']);
    }
  });
});

describe('a request of another kind', () => {
  it.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'])('D08: %s finds nothing here, and changes nothing', async (method) => {
    for (const path of ['/oauth/token', '/oauth/token/revoke']) {
      const query = new URLSearchParams({ ...credentials(), token: tokens.refresh_token }).toString();
      expect((await world.request(`${path}?${query}`, { method, headers: { ...FORM_TYPE, ...basic() } })).status).toBe(404);
    }
    expect(await isAlive()).toBe(true);
  });

  it.each([
    ['TRACE', 'TRACE /oauth/token/revoke HTTP/1.1', /^HTTP\/1\.1 (400|404|405)/],
    ['OPTIONS *', 'OPTIONS * HTTP/1.1', /^HTTP\/1\.1 (400|404)/],
    ['CONNECT', 'CONNECT evil.example:443 HTTP/1.1', /^$|^HTTP\/1\.1 (400|404|405)/],
    ['HTTP/2 over an open connection', 'PRI * HTTP/2.0', /^HTTP\/1\.1 400/],
  ])('D08: %s is refused, and changes nothing', async (_what, line, answer) => {
    const body = new URLSearchParams({ ...credentials(), token: tokens.refresh_token }).toString();
    expect(await request(line, ['Content-Type: application/x-www-form-urlencoded'], body)).toMatch(answer);
    expect(await isAlive()).toBe(true);
  });

  it('D08: HTTP/0.9, which Node reads, is held to the same rules: nothing without the client’s secret', async () => {
    const body = new URLSearchParams({ client_id: world.application.clientId, token: tokens.refresh_token }).toString();
    const answer = await request('POST /oauth/token/revoke', ['Content-Type: application/x-www-form-urlencoded'], body);
    expect(answer).toMatch(/^HTTP\/1\.1 400 [^]*"invalid_client"/);
    expect(await isAlive()).toBe(true);
  });

  it('D09: what would change the method is ignored', async () => {
    const override = { 'x-http-method-override': 'DELETE', 'x-method-override': 'DELETE', 'x-http-method': 'DELETE' };
    const authorization = `Bearer ${tokens.access_token}`;
    expect((await world.request('/v1/userinfo?_method=DELETE', { headers: { ...override, authorization } })).status).toBe(200);
    const posted = { 'x-http-method-override': 'POST' };
    const query = new URLSearchParams({ ...credentials(), token: tokens.refresh_token, _method: 'POST' }).toString();
    expect((await world.request(`/oauth/token/revoke?${query}`, { headers: posted })).status).toBe(404);
    expect((await post(JSON.stringify({ ...REFRESH, _method: 'GET' }), { ...JSON_TYPE, ...basic(), ...override })).body.error).toBe(
      'invalid_grant',
    );
    expect(await isAlive()).toBe(true);
  });

  it('D10: two Authorization headers are one that cannot be read: neither is taken', async () => {
    const header = `Authorization: ${basic().authorization}`;
    const body = JSON.stringify(REFRESH);
    const once = await request('POST /oauth/token HTTP/1.1', ['Content-Type: application/json', header], body);
    expect(once).toContain('"invalid_grant"');
    for (const second of [header, 'Authorization: Basic eDp5', 'Authorization: Bearer x', 'authorization: x']) {
      for (const both of [
        [header, second],
        [second, header],
      ]) {
        const answer = await request('POST /oauth/token HTTP/1.1', ['Content-Type: application/json', ...both], body);
        expect(answer).toMatch(/^HTTP\/1\.1 40[01] [^]*"invalid_(client|request)"/);
      }
    }
  });

  it('D10: two access tokens, in two headers or in one, are none', async () => {
    const header = `Authorization: Bearer ${tokens.access_token}`;
    for (const headers of [[header, header], [`${header}, Bearer ${tokens.access_token}`], [header, 'Authorization: Basic eDp5']]) {
      expect(await request('GET /v1/userinfo HTTP/1.1', headers)).toMatch(/^HTTP\/1\.1 401 /);
    }
  });
});
