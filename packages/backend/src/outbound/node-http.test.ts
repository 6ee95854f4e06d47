import { describe, expect, it } from 'vitest';
import { createOutbound } from './outbound.ts';
import { OutboundError } from './outbound-error.ts';
import { createAuthority, createCertificate, serveHttp, serveHttps } from './servers.contract.ts';

describe('what is sent', () => {
  it('has a stable name, asks for packed answers, and says what a body is', async () => {
    const { port } = await serveHttp((request, response) => response.end(JSON.stringify(request.headers)));
    const ask = async (init: Parameters<ReturnType<typeof createOutbound>['fetch']>[1]) =>
      (await createOutbound().fetch(`http://127.0.0.1:${port}/`, init)).json() as Promise<Record<string, string>>;
    expect(await ask({})).toEqual({
      accept: '*/*',
      'accept-encoding': 'gzip, deflate, br',
      connection: 'keep-alive',
      host: `127.0.0.1:${port}`,
      'user-agent': 'CalendarConnect',
    });
    const form = await ask({ method: 'POST', body: new URLSearchParams({ a: 'ä' }) });
    expect([form['content-type'], form['content-length']]).toEqual(['application/x-www-form-urlencoded;charset=UTF-8', '8']);
    expect(await ask({ method: 'POST', body: 'ä', headers: { 'content-type': 'text/xml' } })).toMatchObject({
      'content-type': 'text/xml',
      'content-length': '2',
    });
    expect(await ask({ method: 'POST', body: new Uint8Array(3) })).not.toHaveProperty('content-type');
    expect(await ask({ method: 'POST' })).toMatchObject({ 'content-length': '0' });
  });

  it('says nothing of the connection, whoever asks for it', async () => {
    const { port } = await serveHttp((request, response) => response.end(JSON.stringify(request.headers)));
    const headers = {
      host: 'evil.example',
      connection: 'upgrade',
      upgrade: 'x',
      'transfer-encoding': 'chunked',
      'content-length': '99',
      expect: '100-continue',
      te: 'trailers',
    };
    const response = await createOutbound().fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'abc', headers });
    const seen = (await response.json()) as Record<string, string>;
    expect(seen).toMatchObject({ host: `127.0.0.1:${port}`, connection: 'keep-alive', 'content-length': '3' });
    for (const name of ['upgrade', 'transfer-encoding', 'expect', 'te']) expect(seen).not.toHaveProperty(name);
  });
});

describe('a connection to what the operator configured', () => {
  it('is used again, and never after an answer that was cut off', async () => {
    const identity = await createCertificate({ names: ['localhost'] });
    const server = await serveHttps(identity, (request, response) => response.end('x'.repeat(request.url === '/long' ? 2000 : 1)));
    const outbound = createOutbound({ ca: identity.cert, maxResponseBytes: 1000 });
    for (let times = 0; times < 3; times += 1) await outbound.fetch(`https://localhost:${server.port}/`);
    expect(server.connections()).toBe(1);
    await expect(outbound.fetch(`https://localhost:${server.port}/long`)).rejects.toThrow(OutboundError);
    await outbound.fetch(`https://localhost:${server.port}/`);
    expect(server.connections()).toBe(2);
  });

  it('is one for each request under way, and verified like any other', async () => {
    const authority = await createAuthority();
    const identity = await createCertificate({ names: ['localhost'], by: authority });
    const server = await serveHttps(identity, (_, response) => void setTimeout(() => response.end(), 30));
    const ask = (options: Parameters<typeof createOutbound>[0]) => createOutbound(options).fetch(`https://localhost:${server.port}/`);
    const outbound = createOutbound({ ca: authority.cert });
    await Promise.all([1, 2, 3].map(() => outbound.fetch(`https://localhost:${server.port}/`)));
    expect(server.connections()).toBe(3);
    await expect(ask({})).rejects.toMatchObject({ code: 'untrusted_certificate', reason: 'unknown_ca' });
  });
});
