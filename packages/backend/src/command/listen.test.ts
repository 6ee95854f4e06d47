import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLimitedServer, type Listening, listen } from './listen.ts';
import { parseTrustedProxies } from '../trusted-proxies.ts';
import { freePort } from '../../test/support/command.ts';
import { heard, open, say } from '../../test/support/raw-http.ts';
import { authorize } from '../../test/support/partner-server.ts';
import { CALLBACK, createWorld, type World } from '../../test/support/world.ts';

let world: World;
let listening: Listening;
let port: number;

beforeAll(async () => {
  world = await createWorld();
  port = await freePort();
  listening = await listen(world.connect.app, { port, host: '127.0.0.1', trustedProxies: [] });
});
afterAll(async () => {
  await listening.close();
  await world.close();
});

/** A code of a partner's, and the body that redeems it. */
async function tokenRequest(): Promise<string> {
  const { url } = await authorize(world);
  return new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: world.application.clientId,
    client_secret: world.application.clientSecret,
    code: url.searchParams.get('code') ?? '',
    redirect_uri: CALLBACK,
  }).toString();
}

const HEAD = 'POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n';
const SMUGGLED = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';

describe('what is no clear request (K03)', () => {
  it.each([
    ['a length and chunks', `${HEAD}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`],
    ['chunks and a length', `${HEAD}Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n${SMUGGLED}`],
    ['two lengths', `${HEAD}Content-Length: 0\r\nContent-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`],
    ['two equal lengths', `${HEAD}Content-Length: 3\r\nContent-Length: 3\r\n\r\na=b`],
    ['a list of lengths', `${HEAD}Content-Length: 3, 3\r\n\r\na=b`],
    ['a length with a sign', `${HEAD}Content-Length: +3\r\n\r\na=b`],
    ['a negative length', `${HEAD}Content-Length: -1\r\n\r\na=b`],
    ['a length in hexadecimal', `${HEAD}Content-Length: 0x3\r\n\r\na=b`],
    ['a length with a space before its colon', `${HEAD}Content-Length : 3\r\n\r\na=b`],
    ['chunks coded twice', `${HEAD}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n`],
    ['chunks under a wrong name', `${HEAD}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ['chunks with a vertical tab', `${HEAD}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n`],
    ['a chunk length that is none', `${HEAD}Transfer-Encoding: chunked\r\n\r\n0x3\r\na=b\r\n0\r\n\r\n`],
    ['a chunk longer than it says', `${HEAD}Transfer-Encoding: chunked\r\n\r\n3\r\na=bcd\r\n0\r\n\r\n`],
    ['bare line feeds', `${HEAD}Content-Length: 0\r\n\r\n`.replaceAll('\r\n', '\n')],
    ['a bare carriage return', `${HEAD}X-A: b\rc\r\n\r\n`],
    ['a folded header', `${HEAD}X-A: b\r\n c\r\nContent-Length: 0\r\n\r\n`],
    ['a header without a name', `${HEAD}: x\r\n\r\n`],
    ['a NUL in a header', `${HEAD}X-A: b\0c\r\n\r\n`],
    ['no host', 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['a host that is none', 'GET /healthz HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n'],
    ['HTTP/0.9', 'GET /healthz\r\n\r\n'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['TLS', Buffer.from('16030100c8010000c403', 'hex')],
    ['a version that is none', 'GET /healthz HTTP/1.9\r\nHost: x\r\n\r\n'],
    ['a request line with a line feed', 'GET /healthz\nX: y HTTP/1.1\r\nHost: x\r\n\r\n'],
  ])('%s is answered with 400, the connection is closed, and nothing behind it is answered', async (_, bytes) => {
    const { status, text } = await say(port, bytes);
    expect(status).toBe(400);
    expect(text.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(text).not.toContain('"status":"ok"');
  });

  it('chunk extensions are passed over', async () => {
    const body = await tokenRequest();
    const chunk = `${body.length.toString(16)};a=b\r\n${body}\r\n0\r\n\r\n`;
    expect((await say(port, `${HEAD}Transfer-Encoding: chunked\r\n\r\n${chunk}`)).status).toBe(200);
  });
});

describe('an unusual request (D08, D09)', () => {
  it.each([
    ['TRACE', 'TRACE /oauth/token HTTP/1.1\r\nHost: x\r\nCookie: secret\r\nConnection: close\r\n\r\n', 404],
    ['TRACK', 'TRACK / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400],
    ['CONNECT', 'CONNECT 10.0.0.1:443 HTTP/1.1\r\nHost: x\r\n\r\n', 0],
    ['OPTIONS *', 'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400],
    [
      'an upgrade to HTTP/2',
      'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n',
      200,
    ],
    [
      'a WebSocket',
      'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n',
      200,
    ],
    ['an unknown expectation', 'GET /healthz HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\nConnection: close\r\n\r\n', 417],
    ['HTTP/1.0', 'GET /healthz HTTP/1.0\r\nHost: x\r\n\r\n', 200],
    ['HTTP/1.0 without a host', 'GET /healthz HTTP/1.0\r\n\r\n', 400],
    ['an absolute address', 'GET http://evil.example/healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 200],
  ])('%s changes nothing and gives nothing back', async (_, bytes, expected) => {
    const { status, text } = await say(port, bytes);
    expect(status).toBe(expected);
    expect(text).not.toMatch(/secret|evil|upgrade:/i);
  });

  it('another method in a header or a field is not heard', async () => {
    const override = 'X-HTTP-Method-Override: POST\r\nX-HTTP-Method: POST\r\nX-Method-Override: POST\r\n';
    const body = await tokenRequest();
    const got = `GET /oauth/token?_method=POST&${body} HTTP/1.1\r\nHost: x\r\n${override}Connection: close\r\n\r\n`;
    expect((await say(port, got)).status).toBe(404);
    // The code is as good as before.
    expect((await say(port, `${HEAD}Content-Length: ${body.length}\r\n\r\n${body}`)).status).toBe(200);
    const cancelled = `POST /healthz?_method=DELETE HTTP/1.1\r\nHost: x\r\nX-HTTP-Method-Override: GET\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
    expect((await say(port, cancelled)).status).toBe(404);
  });

  it('Expect: 100-continue is answered before the body, as every client library expects it', async () => {
    const body = await tokenRequest();
    const socket = await open(port);
    const ended = heard(socket);
    socket.write(`${HEAD}Expect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n`);
    await once(socket, 'data');
    socket.write(body);
    expect((await ended).text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
  });
});

describe('a request without measure (A20, D07, K02)', () => {
  it.each([
    ['a header of 64 kB', `GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(65_536)}\r\n\r\n`, 431],
    ['headers of 64 kB', `GET /healthz HTTP/1.1\r\nHost: x\r\n${'a: b\r\n'.repeat(11_000)}\r\n`, 431],
    ['a query of 16 kB', `GET /oauth/authorize?state=${'a'.repeat(16_384)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
    ['a query of 64 kB', `GET /oauth/authorize?state=${'a'.repeat(65_536)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
    ['5,000 parameters', `GET /oauth/authorize?${'a=b&'.repeat(5000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
    ['2,000 parameters', `GET /oauth/authorize?${'a=b&'.repeat(2000)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, 400],
    ['a body of 100 MB', `${HEAD}Content-Length: 100000000\r\n\r\n`, 413],
    ['a compressed body', `${HEAD}Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\na=b`, 415],
  ])('%s is refused at once', async (_, bytes, expected) => {
    const { status, afterMs } = await say(port, bytes);
    expect(status).toBe(expected);
    expect(afterMs).toBeLessThan(2000);
  });

  it('an endless body ends soon, and is kept nowhere', async () => {
    const before = process.memoryUsage().rss;
    const socket = await open(port);
    const ended = heard(socket);
    socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`);
    const more = (): void => {
      while (!socket.destroyed && socket.write(`10000\r\n${'a'.repeat(65_536)}\r\n`));
    };
    socket.on('drain', more);
    more();
    const { afterMs } = await ended;
    expect(afterMs).toBeLessThan(10_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
  });

  it('1,000 requests in one go are answered one after the other (K06)', async () => {
    const one = 'GET /healthz HTTP/1.1\r\nHost: x\r\n';
    const { text } = await say(port, `${`${one}\r\n`.repeat(999)}${one}Connection: close\r\n\r\n`);
    expect(text.match(/HTTP\/1\.1 200/g)).toHaveLength(1000);
  });

  it('whoever breaks off in the middle disturbs nobody (K06)', async () => {
    for (const bytes of ['GET /heal', `${HEAD}Content-Length: 100\r\n\r\nabc`, SMUGGLED]) {
      const socket = await open(port);
      socket.write(bytes);
      socket.resetAndDestroy();
    }
    expect((await say(port, SMUGGLED.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'))).status).toBe(200);
  });
});

describe.concurrent('slowness (K01)', () => {
  /** Says one more byte now and then, for as long as anybody listens. */
  async function drip(begin: string, byte: string): Promise<number> {
    const socket = await open(port);
    const ended = heard(socket);
    socket.write(begin);
    const timer = setInterval(() => socket.write(byte), 500);
    const { afterMs } = await ended;
    clearInterval(timer);
    return afterMs;
  }

  it('of headers, of a body or of everything is cut off within 10 seconds, meanwhile others are served', async () => {
    const silent = Array.from({ length: 300 }, () => drip('', ''));
    const slow = [
      ...silent,
      ...Array.from({ length: 100 }, () => drip('GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: ', 'a')),
      ...Array.from({ length: 100 }, () => drip(`${HEAD}Content-Length: 1000\r\n\r\n`, 'a')),
      drip(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`, '1\r\na\r\n'),
      drip(SMUGGLED, ''),
    ];
    const served: number[] = [];
    for (let times = 0; times < 20; times += 1) {
      const began = performance.now();
      expect((await say(port, 'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).status).toBe(200);
      served.push(performance.now() - began);
    }
    // The middle one: the machine that runs this may be busy with something else for a moment.
    expect(served.toSorted((one, other) => one - other)[10]).toBeLessThan(500);
    expect(Math.max(...(await Promise.all(slow)))).toBeLessThan(11_000);
  }, 20_000);

  it('of asking again is borne with in a trusted proxy, which uses its connections for others', async () => {
    const at = await freePort();
    const server = await listen(world.connect.app, { port: at, host: '127.0.0.1', trustedProxies: parseTrustedProxies(['loopback']) });
    const socket = await open(at);
    const ended = heard(socket);
    socket.write(SMUGGLED);
    await new Promise((resolve) => setTimeout(resolve, 8000));
    socket.write(SMUGGLED.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
    expect((await ended).text.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
    await server.close();
  }, 20_000);

  it('of reading is cut off too, and a long poll is not', async () => {
    const at = await freePort();
    const app = {
      fetch: async (request: Request) => {
        if (request.url.endsWith('/large')) return new Response('x'.repeat(64 * 1024 * 1024));
        await new Promise((resolve) => setTimeout(resolve, 11_000));
        return new Response('changed');
      },
    };
    const server = await listen(app, { port: at, host: '127.0.0.1', trustedProxies: [] });
    const poll = say(at, 'GET /poll HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    const reader = await open(at);
    reader.write('GET /large HTTP/1.1\r\nHost: x\r\n\r\n');
    reader.pause();
    const began = performance.now();
    expect((await poll).text).toContain('changed');
    reader.resume();
    await once(reader, 'close');
    expect(reader.bytesRead).toBeLessThan(64 * 1024 * 1024);
    expect(performance.now() - began).toBeLessThan(13_000);
    await server.close();
  }, 20_000);
});

describe('plain http from another computer', () => {
  /** What a server that trusts these proxies says to somebody with this address. */
  async function saidTo(remoteAddress: string, path: string, trusted: readonly string[] = []): Promise<string> {
    const server = createLimitedServer(world.connect.app, parseTrustedProxies(trusted));
    let said = '';
    const end = Promise.withResolvers<void>();
    const connection = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _, done) => {
        said += chunk.toString();
        done();
      },
      final: (done) => {
        end.resolve();
        done();
      },
    });
    server.emit('connection', Object.assign(connection, { remoteAddress, setTimeout: () => connection, setNoDelay: () => connection }));
    connection.push(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    await end.promise;
    return said;
  }

  it('is refused, with a sentence for the operator', async () => {
    const said = await saidTo('203.0.113.9', '/calendar-connect.json');
    expect(said).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
    expect(JSON.parse(said.split('\r\n\r\n')[1] ?? '')).toMatchObject({
      error: 'invalid_request',
      error_description: expect.stringContaining('TRUSTED_PROXIES'),
    });
    expect(await saidTo('', '/calendar-connect.json')).toContain(' 403 ');
  });

  it.each([
    ['127.0.0.1', []],
    ['::ffff:127.0.0.1', []],
    ['::1', []],
    ['10.1.2.3', ['10.0.0.0/8']],
    ['::ffff:172.17.0.1', ['private']],
  ])('is none from %s where %j are trusted', async (address, trusted) => {
    expect(await saidTo(address, '/calendar-connect.json', trusted)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('may ask whether all is well, as probes do that come past the proxy', async () => {
    expect(await saidTo('203.0.113.9', '/healthz')).toMatch(/^HTTP\/1\.1 200 /);
    expect(await saidTo('203.0.113.9', '/healthz/../oauth/authorize')).toContain(' 403 ');
  });
});
