import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { createServiceResolver } from './resolve-services.ts';

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

const NO_ERROR = 0;
const SERVER_FAILURE = 2;
const NO_SUCH_NAME = 3;

/** A name server of one answer, as [RFC 1035 §4](https://www.rfc-editor.org/rfc/rfc1035#section-4) writes it. */
async function serveNames(code: number, records: readonly Buffer[] = []): Promise<string> {
  const server = createSocket('udp4', (query, from) => {
    if (code < 0) return;
    const question = query.subarray(12, query.indexOf(0, 12) + 5);
    const head = Buffer.alloc(12);
    query.copy(head, 0, 0, 2);
    head.writeUInt16BE(0x8180 | code, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(records.length, 6);
    server.send(Buffer.concat([head, question, ...records]), from.port, from.address);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  return `127.0.0.1:${server.address().port}`;
}

function srv(values: readonly [priority: number, weight: number, port: number], host: string): Buffer {
  const target = Buffer.concat([...host.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label)])), Buffer.from([0])]);
  const head = Buffer.from('c00c002100010000003c0000', 'hex');
  head.writeUInt16BE(6 + target.length, 10);
  const numbers = Buffer.alloc(6);
  values.forEach((value, index) => numbers.writeUInt16BE(value, index * 2));
  return Buffer.concat([head, numbers, target]);
}

const NAME = '_autodiscover._tcp.corp.example';
const never = new AbortController().signal;

describe('services in the DNS', () => {
  it('are given with everything that they say', async () => {
    const server = await serveNames(NO_ERROR, [srv([10, 5, 443], 'mail.corp.example'), srv([0, 0, 8443], 'other.corp.example')]);
    expect(await createServiceResolver([server])(NAME, never)).toMatchObject([
      { name: 'mail.corp.example', port: 443, priority: 10, weight: 5 },
      { name: 'other.corp.example', port: 8443, priority: 0, weight: 0 },
    ]);
  });

  it('are none where the name server knows none, or no such name', async () => {
    expect(await createServiceResolver([await serveNames(NO_ERROR)])(NAME, never)).toEqual([]);
    expect(await createServiceResolver([await serveNames(NO_SUCH_NAME)])(NAME, never)).toEqual([]);
  });

  it('are unknown, and not none, where the name server fails', async () => {
    await expect(createServiceResolver([await serveNames(SERVER_FAILURE)])(NAME, never)).rejects.toMatchObject({ code: 'ESERVFAIL' });
  });

  it('are waited for no longer than anybody wants them', async () => {
    const resolve = createServiceResolver([await serveNames(-1)]);
    await expect(resolve(NAME, AbortSignal.timeout(50))).rejects.toMatchObject({ code: 'ECANCELLED' });
    await expect(resolve(NAME, AbortSignal.abort())).rejects.toThrow();
  });
});
