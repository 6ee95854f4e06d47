import fc from 'fast-check';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { parseTrustedProxies } from '../trusted-proxies.ts';
import { addressKey, createClientAddress } from './client-address.ts';

interface Asking {
  readonly trusted?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** The client's address as an app tells it to which somebody connected from `peer`. */
async function clientOf(peer: string | undefined, { trusted = [], headers = {} }: Asking = {}): Promise<string> {
  const clientAddress = createClientAddress({ trustedProxies: parseTrustedProxies(trusted) });
  const app = new Hono().get('/', (c) => c.text(clientAddress(c) ?? 'unknown'));
  const env = { incoming: { socket: { remoteAddress: peer, remotePort: 4711, remoteFamily: 'IPv4' } } };
  return (await app.request('/', { headers }, env)).text();
}

const forwarded = (list: string): Record<string, string> => ({ 'x-forwarded-for': list });

describe('the client’s address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('is that of whoever connected: %s', async (peer, client) => {
    expect(await clientOf(peer)).toBe(client);
  });

  it('is unknown where the runtime does not tell', async () => {
    const clientAddress = createClientAddress({ trustedProxies: parseTrustedProxies(['loopback']) });
    const app = new Hono().get('/', (c) => c.text(clientAddress(c) ?? 'unknown'));
    expect(await (await app.request('/', { headers: forwarded('1.2.3.4') })).text()).toBe('unknown');
    expect(await (await app.request('/', {}, { ASSETS: {} })).text()).toBe('unknown');
    expect(await clientOf(undefined, { trusted: ['loopback'], headers: forwarded('1.2.3.4') })).toBe('unknown');
  });

  it.each(['x-forwarded-for', 'forwarded', 'x-real-ip', 'x-client-ip', 'cf-connecting-ip', 'true-client-ip'])(
    'is never taken from %s of somebody who is no trusted proxy (F02)',
    async (name) => {
      const headers = { [name]: name === 'forwarded' ? 'for=1.2.3.4' : '1.2.3.4' };
      expect(await clientOf('192.0.2.1', { headers })).toBe('192.0.2.1');
      expect(await clientOf('192.0.2.1', { headers, trusted: ['10.0.0.0/8', 'loopback'] })).toBe('192.0.2.1');
    },
  );

  it.each(['forwarded', 'x-real-ip', 'x-client-ip'])(
    'is not taken from %s of a trusted proxy either, who may just pass it on (F02)',
    async (name) => {
      expect(await clientOf('10.0.0.1', { headers: { [name]: '1.2.3.4' }, trusted: ['10.0.0.0/8'] })).toBe('10.0.0.1');
    },
  );

  it.each([
    ['198.51.100.7', '198.51.100.7'],
    ['1.2.3.4, 198.51.100.7', '198.51.100.7'],
    ['1.2.3.4, 198.51.100.7, 10.0.0.2', '198.51.100.7'],
    ['10.9.9.9, 198.51.100.7,10.0.0.2 , 10.0.0.3', '198.51.100.7'],
    ['198.51.100.7:51111', '198.51.100.7'],
    ['[2001:db8::7]:51111', '2001:db8::7'],
    ['2001:db8:0::7', '2001:db8::7'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
    ['10.0.0.9, 10.0.0.2', '10.0.0.9'],
    ['1.2.3.4, unknown', '10.0.0.1'],
    ['1.2.3.4, unknown, 10.0.0.2', '10.0.0.2'],
    ['1.2.3.4, 0x7f.1', '10.0.0.1'],
    ['1.2.3.4, _hidden', '10.0.0.1'],
    ['', '10.0.0.1'],
    [',,,', '10.0.0.1'],
  ])('is read from the right of what trusted proxies saw: %j means %s (F02)', async (list, client) => {
    expect(await clientOf('10.0.0.1', { trusted: ['10.0.0.0/8'], headers: forwarded(list) })).toBe(client);
    expect(await clientOf('::ffff:10.0.0.1', { trusted: ['10.0.0.0/8'], headers: forwarded(list) })).toBe(client);
  });

  it('is never one that the client wrote before what the proxy saw, whatever that is (F02)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom('0', '1', '9', 'a', 'f', '.', ':', ',', '[', ']', ' ', 'x') }),
        async (spoofed) => {
          const headers = forwarded(`${spoofed.trim()}, 198.51.100.7`);
          expect(await clientOf('10.0.0.1', { trusted: ['10.0.0.1'], headers })).toBe('198.51.100.7');
        },
      ),
    );
  });

  it('is found in no time in a list of any length (K05)', async () => {
    const began = performance.now();
    await clientOf('10.0.0.1', { trusted: ['10.0.0.0/8'], headers: forwarded('10.0.0.1,'.repeat(10_000)) });
    await clientOf('10.0.0.1', { trusted: ['10.0.0.0/8'], headers: forwarded('1'.repeat(100_000)) });
    expect(performance.now() - began).toBeLessThan(100);
  });
});

describe('the key of an address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['elsewhere', 'elsewhere'],
  ])('%s counts as %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });
});

describe('trusted proxies', () => {
  it.each([
    ['loopback', '127.0.0.9'],
    ['loopback', '::1'],
    ['private', '172.17.0.1'],
    ['private', 'fd00::1'],
    ['203.0.113.5', '203.0.113.5'],
    ['2001:db8::/32', '2001:db8::5'],
  ])('can be %s, such as %s', async (entry, peer) => {
    expect(await clientOf(peer, { trusted: [entry], headers: forwarded('198.51.100.7') })).toBe('198.51.100.7');
  });

  it.each(['', '*', 'true', '0.0.0.0/0', '::/0', '10.0.0.0/33', 'proxy.example', 'toString', '10.0.0.0/8 '])('cannot be %j', (entry) => {
    expect(() => parseTrustedProxies(['loopback', entry])).toThrow(
      expect.objectContaining({ code: 'option_invalid', message: expect.stringMatching(/^trustedProxies: expected .*, received /) }),
    );
    expect(() => parseTrustedProxies([entry])).toThrow(`received ${JSON.stringify(entry)}`);
  });
});
