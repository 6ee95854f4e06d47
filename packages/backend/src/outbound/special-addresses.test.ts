import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../address-block.ts';
import { isNeverAllowed, isPublicAddress } from './special-addresses.ts';

/** Both special-purpose registries of IANA in full, as of 2026, and the parts of the address space that are for no single host. */
const REGISTRIES = [
  ['0.0.0.0/8', '0.0.0.0/32', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ['192.0.0.0/29', '192.0.0.8/32', '192.0.0.9/32', '192.0.0.10/32', '192.0.0.170/32', '192.0.0.171/32', '192.0.2.0/24'],
  ['192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24', '192.88.99.2/32', '192.168.0.0/16', '192.175.48.0/24', '198.18.0.0/15'],
  ['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4', '255.255.255.255/32'],
  ['::1/128', '::/128', '::ffff:0:0/96', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '100:0:0:1::/64', '2001::/23', '2001::/32'],
  ['2001:1::1/128', '2001:1::2/128', '2001:1::3/128', '2001:2::/48', '2001:3::/32', '2001:4:112::/48', '2001:10::/28', '2001:20::/28'],
  ['2001:30::/28', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20', '5f00::/16', 'fc00::/7', 'fe80::/10'],
  // Not in the registries: IPv4-compatible, IPv4-translated, site-local, multicast, and what nobody was given.
  ['::/96', '::ffff:0:0:0/96', 'fec0::/10', 'ff00::/8', '400::/6', '4000::/2', '8000::/2', 'c000::/3', 'e000::/4'],
].flat();

/** Any address of a block: its prefix, then whatever. */
function addressIn(cidr: string): fc.Arbitrary<string> {
  const [first, prefixBits] = ipaddr.parseCIDR(cidr);
  const bytes = first.toByteArray();
  return fc.uint8Array({ minLength: bytes.length, maxLength: bytes.length }).map((random) => {
    const mixed = bytes.map((byte, index) => {
      const fixed = Math.min(8, Math.max(0, prefixBits - index * 8));
      const mask = (0xff << (8 - fixed)) & 0xff;
      return (byte & mask) | (random[index]! & ~mask & 0xff);
    });
    return ipaddr.fromByteArray(mixed).toString();
  });
}

describe('the public internet', () => {
  it.each(REGISTRIES)('does not hold %s, at either end or anywhere within (I01, I02)', (cidr) => {
    const first = ipaddr.parseCIDR(cidr)[0];
    const edges =
      first.kind() === 'ipv4'
        ? [ipaddr.IPv4.networkAddressFromCIDR(cidr), ipaddr.IPv4.broadcastAddressFromCIDR(cidr)]
        : [ipaddr.IPv6.networkAddressFromCIDR(cidr), ipaddr.IPv6.broadcastAddressFromCIDR(cidr)];
    // An IPv4-mapped address is judged as the IPv4 address that it is, so of that block only what is refused there is refused.
    if (cidr === '::ffff:0:0/96') return expect(isPublicAddress(parseAddress('::ffff:127.0.0.1')!)).toBe(false);
    for (const edge of edges) expect(isPublicAddress(parseAddress(edge.toString())!)).toBe(false);
    return fc.assert(
      fc.property(addressIn(cidr), (address) => !isPublicAddress(parseAddress(address)!)),
      { numRuns: 200 },
    );
  });

  it('holds an IPv4-mapped address exactly where it holds the IPv4 address', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(isPublicAddress(parseAddress(`::ffff:${address}`)!)).toBe(isPublicAddress(parseAddress(address)!));
      }),
    );
  });

  it('holds no IPv6 address outside of 2000::/3', () => {
    const outside = fc.ipV6().filter((address) => !/^[23][\da-f]{3}:/i.test(address) && !/^::ffff:/i.test(address));
    fc.assert(
      fc.property(outside, (address) => {
        const parsed = parseAddress(address)!;
        return parsed.kind() === 'ipv4' || !isPublicAddress(parsed);
      }),
    );
  });

  it.each([
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.0.1.0',
    '192.0.3.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2000::1',
    '2001:200::1',
    '2001:4860:4860::8888',
    '2003::1',
    '2606:4700::1111',
    '3ffe:ffff::1',
    '3fff:1000::1',
  ])('holds %s, next to what it does not hold', (address) => {
    expect(isPublicAddress(parseAddress(address)!)).toBe(true);
  });
});

describe('what no allow-list opens', () => {
  it.each([
    '0.0.0.0',
    '169.254.169.254',
    '169.254.170.2',
    '169.254.170.23',
    '100.100.100.200',
    '192.0.0.192',
    '168.63.129.16',
    'fd00:ec2::254',
    'fd00:ec2::23',
    'fd20:ce::254',
    'fe80::1',
    '224.0.0.1',
    'ff02::1',
    '::',
    '::ffff:169.254.169.254',
  ])('holds %s (I02)', (address) => {
    expect(isNeverAllowed(parseAddress(address)!)).toBe(true);
    expect(isPublicAddress(parseAddress(address)!)).toBe(false);
  });

  it.each(['10.0.0.1', '127.0.0.1', '::1', '100.64.0.1', 'fd12::1'])('does not hold %s', (address) => {
    expect(isNeverAllowed(parseAddress(address)!)).toBe(false);
  });
});
