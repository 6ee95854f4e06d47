import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Listening, listenTo } from './support/listening.ts';
import { authorize, authorizedCode, authorizePath, createPartnerServer, type TokenBody } from './support/partner-server.ts';
import { CALLBACK, createWorld, type World } from './support/world.ts';

let world: World;
let listening: Listening;

beforeAll(async () => {
  world = await createWorld();
  listening = await listenTo(world);
});
afterAll(async () => {
  await listening.close();
  await world.close();
});

interface Sent {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

async function send({ path, headers, body }: Sent): Promise<{ status: number; body: TokenBody | undefined; contentType: string | null }> {
  const response = await fetch(`${listening.url}${path}`, { method: 'POST', headers, body });
  const answer = await response.text();
  return {
    status: response.status,
    body: answer === '' ? undefined : (JSON.parse(answer) as TokenBody),
    contentType: response.headers.get('content-type'),
  };
}

/** What goes over one connection, byte by byte, and all that comes back. */
async function sendBytes(bytes: string): Promise<string> {
  const socket = createConnection(listening.port, '127.0.0.1');
  socket.write(bytes);
  return text(socket);
}

function credentials(): { client_id: string; client_secret: string } {
  return { client_id: world.application.clientId, client_secret: world.application.clientSecret };
}

const form = (fields: object): string => new URLSearchParams({ ...fields }).toString();
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
/** C# sends this with every plain body. */
const ENCODINGS = { 'Content-Encoding': 'gzip;q=1.0,deflate;q=0.6,identity;q=0.3' };

/** How each SDK writes its requests, as recorded from it. */
const SDKS: readonly (readonly [string, (fields: Record<string, string>) => Pick<Sent, 'headers' | 'body'>])[] = [
  [
    'Python',
    (fields) => ({
      headers: { 'Content-Type': 'application/json', Authorization: 'Bearer None', 'User-Agent': 'PyCronofy 2.0.7' },
      body: JSON.stringify({ ...fields, ...credentials() })
        .replaceAll('":', '": ')
        .replaceAll('","', '", "'),
    }),
  ],
  ['Ruby', (fields) => ({ headers: { ...FORM, 'User-Agent': 'Cronofy Ruby 0.41.2' }, body: form({ ...credentials(), ...fields }) })],
  [
    'Ruby with HTTP Basic, as omniauth does',
    (fields) => {
      const { client_id, client_secret } = credentials();
      const encoded = Buffer.from(`${encodeURIComponent(client_id)}:${encodeURIComponent(client_secret)}`).toString('base64');
      return { headers: { ...FORM, Authorization: `Basic ${encoded}` }, body: form(fields) };
    },
  ],
  [
    'PHP, with the token it has from before',
    (fields) => ({
      headers: { 'Content-Type': 'application/json; charset=utf-8', Authorization: 'Bearer an-old-access-token', Host: 'api.cronofy.com' },
      body: JSON.stringify({ ...credentials(), ...fields }),
    }),
  ],
  [
    'C#',
    (fields) => ({
      headers: { 'Content-Type': 'application/json; charset=utf-8', ...ENCODINGS },
      body: JSON.stringify({ ...credentials(), ...fields }),
    }),
  ],
];

describe.each(SDKS)('the requests of %s', (sdk, write) => {
  it('exchange, refresh and revoke', async () => {
    const code = await authorizedCode(world);
    const exchanged = await send({ path: '/oauth/token', ...write({ grant_type: 'authorization_code', code, redirect_uri: CALLBACK }) });
    expect([exchanged.status, exchanged.contentType]).toEqual([200, 'application/json; charset=utf-8']);
    const refresh_token = exchanged.body?.refresh_token ?? '';
    const refreshed = await send({ path: '/oauth/token', ...write({ grant_type: 'refresh_token', refresh_token }) });
    expect([refreshed.status, refreshed.body?.refresh_token]).toEqual([200, refresh_token]);
    // Python revokes by access token, the others by refresh token.
    const token = sdk === 'Python' ? (refreshed.body?.access_token ?? '') : refresh_token;
    expect(await send({ path: '/oauth/token/revoke', ...write({ token }) })).toMatchObject({ status: 200, body: undefined });
    expect((await createPartnerServer(world).userinfo(refreshed.body?.access_token ?? '')).status).toBe(401);
  });

  it('are refused with 400 and an error that it reads', async () => {
    const refused = await send({
      path: '/oauth/token',
      ...write({ grant_type: 'authorization_code', code: 'used', redirect_uri: CALLBACK }),
    });
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_grant' }, contentType: 'application/json; charset=utf-8' });
  });
});

describe('what SDKs send along', () => {
  it('in an authorization request goes through: booleans of every kind, empty values, old scopes', async () => {
    for (const avoid_linking of ['True', 'False', '1', 'true', '']) {
      const scope = 'read_account list_calendars read_events create_event delete_event';
      const changes = { scope, avoid_linking, state: '', provider_name: '', link_token: '' };
      expect((await world.request(authorizePath(world, changes))).status).toBe(200);
    }
    const { url } = await authorize(world, { scope: 'read_account read_events', state: '' }, { accessMode: 'full' });
    expect(url.searchParams.has('code')).toBe(true);
  });

  it('as the body of a GET is ignored', async () => {
    const { body } = await createPartnerServer(world).redeem(await authorizedCode(world), { redirect_uri: CALLBACK });
    const head = `GET /v1/userinfo HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${body.access_token}\r\nConnection: close\r\n`;
    const answer = await sendBytes(`${head}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toContain(body.account_id);
  });
});

describe('the bytes of a token request', () => {
  const lines = (...more: string[]) => [`Content-Type: application/json`, 'Connection: close', ...more, '', ''].join('\r\n');
  const body = () => JSON.stringify({ ...credentials(), grant_type: 'refresh_token', refresh_token: 'x' });
  const length = () => `Content-Length: ${Buffer.byteLength(body())}`;

  it.each([
    [
      'with Expect: 100-continue',
      () => `POST /oauth/token HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n${lines(length())}${body()}`,
      /invalid_grant/,
    ],
    ['of HTTP/1.0', () => `POST /oauth/token HTTP/1.0\r\nHost: x\r\n${lines(length())}${body()}`, /invalid_grant/],
    [
      'with an upgrade to h2c',
      () => `POST /oauth/token HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\n${lines(length())}${body()}`,
      /invalid_grant|400/,
    ],
    [
      'in chunks',
      () => `POST /oauth/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n${lines()}${chunked(body())}`,
      /invalid_grant/,
    ],
    ['by TRACE', () => `TRACE /oauth/token HTTP/1.1\r\nHost: x\r\n${lines()}`, /^HTTP\/1\.1 (400|404|405)/],
    ['by OPTIONS *', () => `OPTIONS * HTTP/1.1\r\nHost: x\r\n${lines()}`, /^HTTP\/1\.1 (400|404)/],
    [
      'with two lengths',
      () => `POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n${lines(length())}${body()}`,
      /^HTTP\/1\.1 400/,
    ],
    [
      'with a length and chunks',
      () => `POST /oauth/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n${lines(length())}0\r\n\r\n`,
      /^HTTP\/1\.1 400/,
    ],
    [
      'with endless chunks',
      () => `POST /oauth/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n${lines()}${chunked(' '.repeat(70_000))}`,
      /^HTTP\/1\.1 413/,
    ],
  ])('%s are answered as they deserve (D08, K02, K03)', async (_what, bytes, answer) => {
    expect(await sendBytes(bytes())).toMatch(answer);
  });
});

function chunked(content: string): string {
  return `${content.length.toString(16)}\r\n${content}\r\n0\r\n\r\n`;
}
