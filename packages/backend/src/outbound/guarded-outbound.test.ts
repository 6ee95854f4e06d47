import { describe, expect, it } from 'vitest';
import { createGuardedOutbound, type GuardedInit, type GuardOptions } from './guarded-outbound.ts';
import { OutboundError } from './outbound-error.ts';
import type { Resolve } from './resolve.ts';
import { createAuthority, createCertificate, serveHttp, serveHttps, serveTcp } from './servers.contract.ts';

const authority = await createAuthority();
const stranger = await createAuthority('Stranger');
const NAMES = ['mail.example', 'other.example', 'evil.example'];
const certificate = await createCertificate({ names: NAMES, addresses: ['127.0.0.1'], by: authority });
const here: Resolve = () => Promise.resolve(['127.0.0.1']);

/** A door whose names all lead to this computer, which it may ask on the given ports. */
function doorTo(ports: readonly number[], options: GuardOptions = {}, resolve = here) {
  return createGuardedOutbound({ allow: ['127.0.0.0/8'], ports, ca: authority.cert, ...options }, { resolve });
}

async function failure(asked: Promise<Response>): Promise<OutboundError> {
  const error: unknown = await asked.then(
    (response) => `an answer with ${response.status}`,
    (reason: unknown) => reason,
  );
  if (!(error instanceof OutboundError)) throw new Error('no OutboundError', { cause: error });
  return error;
}

describe('the guarded door', () => {
  it('sends a request by https to the address checked, under the name that was typed', async () => {
    const { port } = await serveHttps(certificate, (request, response) => {
      const { servername } = request.socket as { servername?: string };
      response.writeHead(201, { 'x-seen': `${request.method} ${request.url} ${request.headers.host} ${servername}` });
      request.pipe(response);
    });
    const response = await doorTo([port]).fetch(`https://mail.example:${port}/ews?a=b#c`, { method: 'POST', body: 'hello' });
    expect([response.status, response.headers.get('x-seen')]).toEqual([201, `POST /ews?a=b mail.example:${port} mail.example`]);
    expect([await response.text(), response.url, response.redirected]).toEqual(['hello', `https://mail.example:${port}/ews?a=b#c`, false]);
  });

  it('sends a request to a typed address, whose certificate names the address', async () => {
    const { port } = await serveHttps(certificate, (request, response) => response.end(request.headers.host));
    expect(await (await doorTo([port]).fetch(`https://127.0.0.1:${port}/`)).text()).toBe(`127.0.0.1:${port}`);
  });

  it('is closed to this computer by default, before anybody is asked (I01)', async () => {
    const server = await serveHttps(certificate, (_, response) => response.end());
    const door = createGuardedOutbound({ ports: [server.port], ca: authority.cert }, { resolve: here });
    expect(await failure(door.fetch(`https://mail.example:${server.port}/`))).toMatchObject({
      code: 'forbidden_address',
      reason: 'address',
    });
    expect(server.connections()).toBe(0);
  });

  it('tells nobody which address a name has', async () => {
    const error = await failure(
      createGuardedOutbound({}, { resolve: () => Promise.resolve(['10.1.2.3']) }).fetch('https://mail.example/secret'),
    );
    expect(`${error.stack} ${JSON.stringify(error)}`).not.toMatch(/10\.1\.2\.3|secret/);
  });

  it('asks the resolver once, and connects to what it said then: rebinding finds nobody (I03)', async () => {
    const honest = await serveHttps(certificate, (_, response) => response.end('honest'), '127.0.0.2');
    const inner = await serveHttps(certificate, (_, response) => response.end('inner'), '127.0.0.3', honest.port);
    let asked = 0;
    const rebinding: Resolve = () => Promise.resolve([(asked += 1) === 1 ? '127.0.0.2' : '127.0.0.3']);
    const door = doorTo([honest.port], { allow: ['127.0.0.2'] }, rebinding);
    expect(await (await door.fetch(`https://mail.example:${honest.port}/`)).text()).toBe('honest');
    expect(asked).toBe(1);
    expect(await failure(door.fetch(`https://mail.example:${honest.port}/`))).toMatchObject({ code: 'forbidden_address' });
    expect([asked, inner.connections()]).toEqual([2, 0]);
  });

  it('tries the next address where one does not answer', async () => {
    const { port } = await serveHttps(certificate, (_, response) => response.end('second'), '127.0.0.3');
    const door = doorTo([port], {}, () => Promise.resolve(['127.0.0.2', '127.0.0.3']));
    expect(await (await door.fetch(`https://mail.example:${port}/`)).text()).toBe('second');
  });

  it('uses no connection twice, because a server may take a connection for a person', async () => {
    const server = await serveHttps(certificate, (_, response) => response.end());
    const door = doorTo([server.port]);
    for (let times = 0; times < 3; times += 1) await door.fetch(`https://mail.example:${server.port}/`);
    expect(server.connections()).toBe(3);
  });

  it('says how a name that is none was looked for', async () => {
    const door = createGuardedOutbound();
    expect(await failure(door.fetch('https://no-such-host.invalid/'))).toMatchObject({
      code: 'unreachable',
      reason: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/),
    });
  });

  it('does not wait for a resolver longer than for the rest', async () => {
    const never: Resolve = () => new Promise(() => undefined);
    expect((await failure(doorTo([], {}, never).fetch('https://mail.example/', { timeoutMs: 30 }))).code).toBe('timeout');
    expect((await failure(doorTo([], {}, never).fetch('https://mail.example/', { signal: AbortSignal.timeout(30) }))).code).toBe('aborted');
  });

  it('does not wait for a server that accepts and says nothing', async () => {
    const { port } = await serveTcp(() => undefined);
    expect((await failure(doorTo([port]).fetch(`https://mail.example:${port}/`, { timeoutMs: 50 }))).code).toBe('timeout');
  });

  it('reaches this computer by its names and by http where the operator said loopback', async () => {
    const { port } = await serveHttp((request, response) => response.end(request.headers.host));
    const door = createGuardedOutbound({ allow: ['loopback'] });
    for (const host of ['localhost', 'google.localhost', '127.0.0.1']) {
      expect(await (await door.fetch(`http://${host}:${port}/`)).text()).toBe(`${host}:${port}`);
    }
    expect(await failure(doorTo([port]).fetch(`http://127.0.0.1:${port}/`))).toMatchObject({ code: 'forbidden_address', reason: 'scheme' });
  });
});

describe('certificates at the guarded door', () => {
  it.each([
    ['expired', { names: NAMES, from: -3, until: -1, by: authority }],
    ['not_yet_valid', { names: NAMES, from: 1, by: authority }],
    ['self_signed', { names: NAMES }],
    ['wrong_name', { names: ['elsewhere.example'], by: authority }],
    ['wrong_name', { names: ['*.mail.example', 'example'], by: authority }],
    ['unknown_ca', { names: NAMES, by: stranger }],
  ])('are refused as %s, and nothing was said to such a server (I09)', async (fault, facts) => {
    let heard = 0;
    const { port } = await serveHttps(await createCertificate(facts), (_, response) => {
      heard += 1;
      response.end();
    });
    const error = await failure(doorTo([port]).fetch(`https://mail.example:${port}/`, { headers: { authorization: 'secret' } }));
    expect([error.code, error.reason, heard]).toEqual(['untrusted_certificate', fault, 0]);
  });

  it('of the operator’s own authority are refused where nobody named it (I09)', async () => {
    const { port } = await serveHttps(certificate, (_, response) => response.end());
    const error = await failure(doorTo([port], { ca: undefined }).fetch(`https://mail.example:${port}/`));
    expect([error.code, error.reason]).toEqual(['untrusted_certificate', 'unknown_ca']);
  });

  it('that a self-signed server has pass where the operator names exactly that one', async () => {
    const own = await createCertificate({ names: NAMES });
    const { port } = await serveHttps(own, (_, response) => response.end('pinned'));
    expect(await (await doorTo([port], { ca: [authority.cert, own.cert] }).fetch(`https://mail.example:${port}/`)).text()).toBe('pinned');
  });

  it.each([
    ['', 'something else'],
    ['not PEM', 'something else'],
    [['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'], 'a text whose certificate 1 cannot be read'],
    [[1], 'something else'],
  ])('of an operator’s bundle are read when the door is made: %j', (ca, received) => {
    expect(() => createGuardedOutbound({ ca: ca as string })).toThrow(
      expect.objectContaining({ code: 'option_invalid', message: `outbound.ca: expected certificates in PEM, received ${received}` }),
    );
  });
});

describe('redirects at the guarded door', () => {
  /** Servers on two ports: what is asked of the first is answered by `from`, and the second tells what it saw. */
  async function redirecting(location: (ports: { first: number; second: number }) => string, status = 302) {
    const seen: string[] = [];
    const second = await serveHttps(certificate, (request, response) => {
      seen.push(
        `${request.method} ${request.url} ${request.headers.authorization} ${request.headers.cookie} ${String(request.headers['x-kept'])}`,
      );
      response.end('arrived');
    });
    const first = await serveHttps(certificate, (request, response) => {
      if (request.url === '/there') {
        seen.push(`${request.method} ${request.url} ${request.headers.authorization}`);
        response.end('arrived');
      } else response.writeHead(status, { location: location({ first: first.port, second: second.port }) }).end();
    });
    const door = doorTo([first.port, second.port]);
    const ask = (init: GuardedInit = { followRedirects: 3 }) =>
      door.fetch(`https://mail.example:${first.port}/`, {
        headers: { authorization: 'Basic secret', cookie: 'a=b', 'x-kept': 'kept' },
        ...init,
      });
    return { ask, seen, first, second };
  }

  it.each([301, 302, 303, 307, 308])('are answers by default: %d (I04)', async (status) => {
    const { ask, seen } = await redirecting(() => '/there', status);
    expect([(await ask({})).status, seen]).toEqual([status, []]);
  });

  it.each([301, 302, 303, 307, 308])(
    'are followed where that is asked for, and keep what is for the same origin: %d (I04)',
    async (status) => {
      const { ask, seen, first } = await redirecting(() => '/there', status);
      const response = await ask();
      expect([response.url, response.redirected, seen]).toEqual([
        `https://mail.example:${first.port}/there`,
        true,
        ['GET /there Basic secret'],
      ]);
    },
  );

  it.each(['mail.example', 'other.example'])('leave credentials behind on the way to another origin, %s (I04)', async (host) => {
    const { ask, seen } = await redirecting(({ second }) => `https://${host}:${second}/x`);
    expect([await (await ask()).text(), seen]).toEqual(['arrived', ['GET /x undefined undefined kept']]);
  });

  it.each([
    [() => 'http://mail.example/', 'forbidden_address', 'scheme'],
    [() => 'https://mail.example:22/', 'forbidden_address', 'port'],
    [() => 'https://10.0.0.1/', 'forbidden_address', 'address'],
    [() => 'https://169.254.169.254/latest/meta-data', 'forbidden_address', 'address'],
    [() => 'https://[::1]/', 'forbidden_address', 'address'],
    [() => '//2852039166/', 'forbidden_address', 'address'],
    [() => 'file:///etc/passwd', 'invalid_url', undefined],
    [() => 'https://me@mail.example/', 'invalid_url', 'CREDENTIALS_IN_URL'],
    [() => 'https://', 'invalid_url', undefined],
  ])('are checked like the first address: %s (I04)', async (location, code, reason) => {
    const { ask, seen } = await redirecting(location);
    const error = await failure(ask());
    expect([error.code, error.reason, seen]).toEqual([code, reason, []]);
  });

  it('end after as many as were asked for, and in a circle at once (I04)', async () => {
    let hops = 0;
    const { port } = await serveHttps(certificate, (_, response) => {
      hops += 1;
      response.writeHead(302, { location: `/${hops}` }).end();
    });
    expect((await failure(doorTo([port]).fetch(`https://mail.example:${port}/`, { followRedirects: 3 }))).code).toBe('too_many_redirects');
    expect(hops).toBe(4);
    hops = 0;
    expect((await failure(doorTo([port]).fetch(`https://mail.example:${port}/`, { followRedirects: 1000 }))).code).toBe(
      'too_many_redirects',
    );
    expect(hops).toBe(11);
    const circle = await redirecting(() => '/');
    expect((await failure(circle.ask())).code).toBe('too_many_redirects');
    expect(circle.first.connections()).toBe(1);
  });

  it('of a POST are answers, so that nobody’s body is sent elsewhere', async () => {
    const { ask, seen } = await redirecting(() => '/there', 307);
    expect([(await ask({ method: 'POST', body: 'secret', followRedirects: 3 })).status, seen]).toEqual([307, []]);
  });

  it('have one deadline together', async () => {
    const { port } = await serveHttps(certificate, (request, response) => {
      setTimeout(() => response.writeHead(302, { location: `${request.url}x` }).end(), 40);
    });
    const error = await failure(doorTo([port]).fetch(`https://mail.example:${port}/`, { followRedirects: 10, timeoutMs: 150 }));
    expect(error.code).toBe('timeout');
  });
});
