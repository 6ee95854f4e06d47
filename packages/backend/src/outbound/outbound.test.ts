import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { OutboundError } from './outbound-error.ts';
import { createOutbound, type OutboundInit, type OutboundOptions } from './outbound.ts';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function failureOf(url: string, init: OutboundInit = {}, options: OutboundOptions = {}): Promise<OutboundError> {
  const error: unknown = await createOutbound(options)
    .fetch(url, init)
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  if (!(error instanceof OutboundError)) throw new Error('no OutboundError', { cause: error });
  return error;
}

describe('outbound', () => {
  it('sends a request and gives the whole answer', async () => {
    const url = await serve((request, response) => {
      response.writeHead(201, { 'content-type': 'text/plain', 'x-method': request.method });
      request.pipe(response);
    });
    const response = await createOutbound().fetch(url, { method: 'POST', body: new URLSearchParams({ a: 'b c' }) });
    expect(response.status).toBe(201);
    expect(response.headers.get('x-method')).toBe('POST');
    expect(await response.text()).toBe('a=b+c');
  });

  it('gives an error status as an answer', async () => {
    const url = await serve((_, response) => response.writeHead(503, { 'retry-after': '5' }).end('busy'));
    const response = await createOutbound().fetch(url);
    expect([response.status, response.headers.get('retry-after'), await response.text()]).toEqual([503, '5', 'busy']);
  });

  it.each([204, 304])('takes a %d, which has no body', async (status) => {
    const url = await serve((_, response) => response.writeHead(status).end());
    const response = await createOutbound().fetch(url);
    expect([response.status, await response.text()]).toEqual([status, '']);
  });

  it('follows no redirect', async () => {
    let followed = false;
    const url = await serve((request, response) => {
      followed ||= request.url === '/elsewhere';
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    const response = await createOutbound().fetch(url);
    expect([response.status, response.headers.get('location'), followed]).toEqual([302, '/elsewhere', false]);
  });

  it('ends a request whose answer does not come', async () => {
    const url = await serve(() => undefined);
    expect((await failureOf(url, { timeoutMs: 50 })).code).toBe('timeout');
  });

  it('ends an answer that drips, by one deadline for headers and body', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('.'), 10);
      response.on('close', () => clearInterval(drip));
    });
    expect((await failureOf(url, { timeoutMs: 100 })).code).toBe('timeout');
  });

  it('ends a stream that never ends and heeds no signal', async () => {
    const endless = (): Promise<Response> =>
      Promise.resolve(new Response(new ReadableStream({ pull: () => new Promise(() => undefined) })));
    expect((await failureOf('https://example.test', { timeoutMs: 50 }, { fetch: endless })).code).toBe('timeout');
  });

  it('tells the caller’s own end from the deadline', async () => {
    const url = await serve(() => undefined);
    expect((await failureOf(url, { signal: AbortSignal.timeout(20) })).code).toBe('aborted');
    expect((await failureOf(url, { signal: AbortSignal.abort() })).code).toBe('aborted');
  });

  it('counts the bytes and believes no Content-Length', async () => {
    const url = await serve((_, response) => {
      response.socket?.end(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n${'x'.repeat(1024)}\r\n0\r\n\r\n`);
    });
    expect((await failureOf(url, { maxResponseBytes: 1023 })).code).toBe('too_large');
    expect((await (await createOutbound().fetch(url, { maxResponseBytes: 1024 })).text()).length).toBe(1024);
  });

  it('counts what a small gzip unpacks to', async () => {
    const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024));
    const url = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
    expect(bomb.length).toBeLessThan(10_000);
    expect((await failureOf(url)).code).toBe('too_large');
  });

  it('unpacks a gzip and says nothing of it in the headers', async () => {
    const url = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('hello')));
    const response = await createOutbound().fetch(url);
    expect([await response.text(), response.headers.has('content-encoding'), response.headers.has('content-length')]).toEqual([
      'hello',
      false,
      false,
    ]);
  });

  it.each([
    ['many', Array.from({ length: 101 }, (_, index) => [`x-${index}`, '1'])],
    ['long', Array.from({ length: 20 }, (_, index) => [`x-${index}`, 'v'.repeat(1000)])],
  ])('refuses %s headers', async (_, headers) => {
    const url = await serve((__, response) => response.writeHead(200, Object.fromEntries(headers)).end());
    expect((await failureOf(url)).code).toBe('too_large');
  });

  it('says how nobody was reached', async () => {
    const url = await serve((_, response) => response.socket?.destroy());
    expect((await failureOf(url)).code).toBe('unreachable');
    const gone = servers.pop();
    gone?.close();
    expect(await failureOf(url)).toMatchObject({ code: 'unreachable', reason: 'ECONNREFUSED' });
  });

  it.each(['', 'nowhere', 'file:///etc/passwd', 'ftp://example.test/', 'https://me:secret@example.test/'])(
    'does not go to %j',
    async (url) => {
      const error = await failureOf(url);
      expect(error.code).toBe('invalid_url');
      expect(error.message).not.toContain('secret');
    },
  );

  it('keeps no more of a failure than a code', async () => {
    const cause = Object.assign(new Error('header-secret'), { code: 'header-secret' });
    const fetch = (): Promise<Response> => Promise.reject(new TypeError('fetch failed', { cause }));
    const error = await failureOf('https://example.test/', {}, { fetch });
    expect(error).toMatchObject({ code: 'unreachable', reason: undefined });
    expect(error).not.toHaveProperty('cause');
  });

  it('repeats nothing of the request in an error', async () => {
    const bad = [
      await failureOf('http://127.0.0.1:1/path-secret?query=query-secret', { method: 'POST', body: 'body-secret' }),
      await failureOf('https://example.test/path-secret', { headers: { authorization: 'header-secret\n' } }),
      await failureOf('https://example.test/', { headers: { 'x-\u00e9': 'header-secret' } }),
    ];
    for (const error of bad) {
      expect(`${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain('-secret');
    }
  });
});
