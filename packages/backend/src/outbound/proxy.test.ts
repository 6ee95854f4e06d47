import { describe, expect, it } from 'vitest';
import { createGuardedOutbound } from './guarded-outbound.ts';
import { createNetwork, type NetworkOptions } from './network.ts';
import { OutboundError } from './outbound-error.ts';
import { createOutbound } from './outbound.ts';
import { parseProxy } from './proxy.ts';
import { createAuthority, createCertificate, serveHttp, serveHttps, serveProxy } from './servers.contract.ts';

const authority = await createAuthority();
const certificate = await createCertificate({ names: ['mail.example'], addresses: ['93.184.216.34'], by: authority });
const PUBLIC = '93.184.216.34';

/** A server that says how it was called, for a proxy to lead to. */
async function serveMail() {
  return serveHttps(certificate, (request, response) => {
    const { servername } = request.socket as { servername?: string };
    response.end(`${request.headers.host} ${String(servername)} ${String(request.headers['proxy-authorization'])}`);
  });
}

function guarded(options: NetworkOptions, addresses: readonly string[] = [PUBLIC]) {
  return createGuardedOutbound({ ca: authority.cert, ...options }, { resolve: () => Promise.resolve(addresses) });
}

async function failure(asked: Promise<Response>): Promise<OutboundError> {
  const error: unknown = await asked.then(
    (response) => `an answer with ${response.status}`,
    (reason: unknown) => reason,
  );
  if (!(error instanceof OutboundError)) throw new Error('no OutboundError', { cause: error });
  return error;
}

describe('the egress proxy', () => {
  it('is asked for the address that was checked; the name is kept for the certificate, SNI and Host (I03)', async () => {
    const mail = await serveMail();
    const proxy = await serveProxy({ leadsTo: mail.port });
    const response = await guarded({ proxy: `http://127.0.0.1:${proxy.port}` }).fetch('https://mail.example/');
    expect(await response.text()).toBe('mail.example mail.example undefined');
    expect(proxy.asked).toEqual([{ target: `${PUBLIC}:443`, authorization: undefined }]);
  });

  it('gets its own credentials, and the server never does', async () => {
    const mail = await serveMail();
    const wants = `Basic ${Buffer.from('us er:pa:ss@wörd').toString('base64')}`;
    const proxy = await serveProxy({ leadsTo: mail.port, wants });
    const door = guarded({ proxy: `http://us%20er:pa%3Ass%40w%C3%B6rd@127.0.0.1:${proxy.port}` });
    expect(await (await door.fetch('https://mail.example/', { headers: { 'proxy-connection': 'x' } })).text()).toMatch(/undefined$/);
    expect(proxy.asked).toEqual([{ target: `${PUBLIC}:443`, authorization: wants }]);
  });

  it('may itself be spoken to over TLS', async () => {
    const mail = await serveMail();
    const identity = await createCertificate({ addresses: ['127.0.0.1'], by: authority });
    const proxy = await serveProxy({ leadsTo: mail.port, identity });
    const door = guarded({ proxy: `https://127.0.0.1:${proxy.port}` });
    expect(await (await door.fetch('https://mail.example/')).text()).toContain('mail.example');
    const stranger = guarded({ proxy: `https://127.0.0.1:${proxy.port}`, ca: undefined });
    expect(await failure(stranger.fetch('https://mail.example/'))).toMatchObject({
      code: 'proxy_failed',
      reason: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
  });

  it('is asked for IPv6 in brackets, and for the next address where one leads nowhere', async () => {
    const mail = await serveMail();
    const proxy = await serveProxy({ leadsTo: mail.port, status: (target) => (target.startsWith('[') ? 502 : undefined) });
    const door = guarded({ proxy: `http://127.0.0.1:${proxy.port}` }, ['2606:2800:220:1::1', PUBLIC]);
    expect((await door.fetch('https://mail.example/')).status).toBe(200);
    expect(proxy.asked.map(({ target }) => target)).toEqual(['[2606:2800:220:1::1]:443', `${PUBLIC}:443`]);
  });

  it('is asked for no more than four addresses of a name', async () => {
    const proxy = await serveProxy({ status: () => 502 });
    const addresses = Array.from({ length: 50 }, (_, index) => `93.184.216.${index + 1}`);
    const door = guarded({ proxy: `http://127.0.0.1:${proxy.port}` }, addresses);
    expect(await failure(door.fetch('https://mail.example/'))).toMatchObject({ code: 'proxy_failed', reason: 'STATUS_502' });
    expect(proxy.asked).toHaveLength(4);
  });

  it('does not make the guard or the certificate any less (I13)', async () => {
    const mail = await serveMail();
    const proxy = await serveProxy({ leadsTo: mail.port });
    const options = { proxy: `http://127.0.0.1:${proxy.port}` };
    for (const address of ['10.0.0.1', '169.254.169.254', '::1']) {
      expect(await failure(guarded(options, [address]).fetch('https://mail.example/'))).toMatchObject({ code: 'forbidden_address' });
    }
    expect(proxy.asked).toEqual([]);
    expect(await failure(guarded(options).fetch('https://other.example/'))).toMatchObject({
      code: 'untrusted_certificate',
      reason: 'wrong_name',
    });
  });

  it('is passed by on the way to what is inside: allowed private addresses, and this computer', async () => {
    const mail = await serveMail();
    const local = await serveHttp((_, response) => response.end('local'));
    const proxy = await serveProxy({ leadsTo: mail.port });
    const options = { proxy: `http://127.0.0.1:${proxy.port}`, allow: [`mail.example:${mail.port}`, 'loopback'] };
    expect((await guarded(options, ['127.0.0.1']).fetch(`https://mail.example:${mail.port}/`)).status).toBe(200);
    expect((await guarded(options).fetch(`http://localhost:${local.port}/`)).status).toBe(200);
    expect((await createOutbound(options).fetch(`http://127.0.0.1:${local.port}/`)).status).toBe(200);
    expect(proxy.asked).toEqual([]);
  });

  it('resolves the names of addresses that the operator configured, and keeps the connection', async () => {
    const mail = await serveMail();
    const proxy = await serveProxy({ leadsTo: mail.port });
    const { configured } = createNetwork({ proxy: `http://127.0.0.1:${proxy.port}`, ca: authority.cert });
    for (let times = 0; times < 3; times += 1) expect((await configured.fetch('https://mail.example/')).status).toBe(200);
    expect(proxy.asked).toEqual([{ target: 'mail.example:443', authorization: undefined }]);
  });

  it.each([407, 403, 500, 302])('says what it answered where it does not lead on: %d', async (status) => {
    const proxy = await serveProxy({ status: () => status });
    const error = await failure(
      guarded({ proxy: `http://me:top-secret@127.0.0.1:${proxy.port}` }).fetch('https://mail.example/path-secret'),
    );
    expect([error.code, error.reason]).toEqual(['proxy_failed', `STATUS_${status}`]);
    expect(`${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`).not.toMatch(/secret|bWU6/);
  });

  it('says that it is not there, and does not go around it', async () => {
    const error = await failure(guarded({ proxy: 'http://127.0.0.1:1' }).fetch('https://mail.example/'));
    expect([error.code, error.reason]).toEqual(['proxy_failed', 'ECONNREFUSED']);
  });

  it('says nothing where it speaks no HTTP, or nothing at all', async () => {
    const mute = await serveHttp(() => undefined);
    const door = guarded({ proxy: `http://127.0.0.1:${mute.port}` });
    expect((await failure(door.fetch('https://mail.example/', { timeoutMs: 100 }))).code).toMatch(/^(timeout|proxy_failed)$/);
  });
});

describe('the address of an egress proxy', () => {
  it('has a port by its scheme, and a user where one is given', () => {
    expect(parseProxy(undefined)).toBeUndefined();
    expect(parseProxy('http://proxy.corp.example')).toEqual({
      secure: false,
      host: 'proxy.corp.example',
      port: 80,
      authorization: undefined,
    });
    expect(parseProxy('https://me@[2001:db8::1]/')).toEqual({ secure: true, host: '2001:db8::1', port: 443, authorization: 'Basic bWU6' });
  });

  it.each([
    ['proxy.corp.example', 'something else'],
    ['', 'something else'],
    ['proxy:3128', 'one with the scheme proxy'],
    ['socks5://me:top-secret@proxy:1080', 'one with the scheme socks5'],
    ['http://me:top-secret@proxy/path', 'one with a path, query or fragment'],
    ['http://me:top-secret@proxy?x', 'one with a path, query or fragment'],
    ['http://me:top-secret%@proxy', 'a user or password with a % that is no escape (write %25)'],
  ])('%s is refused, and never shown', (text, received) => {
    const expected = 'outbound.proxy: expected an address such as http://user:password@proxy.corp.example:3128';
    expect(() => parseProxy(text)).toThrow(
      expect.objectContaining({ code: 'option_invalid', message: `${expected}, received ${received}` }),
    );
  });
});
