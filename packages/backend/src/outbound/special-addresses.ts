import ipaddr from 'ipaddr.js';
import { type AddressBlock, addressBlocks, type IpAddress, isWithin } from '../address-block.ts';

// ipaddr.js has a range() of its own. It calls what no registry knows `unicast`, IPv4-compatible and unassigned IPv6 among it, so the
// blocks are listed here and only compared there.

/**
 * IPv4 that is not the public internet's.
 *
 * @see [IANA IPv4 Special-Purpose Address Registry](https://www.iana.org/assignments/iana-ipv4-special-registry)
 */
const specialIpv4 = blocksWhenAsked([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  // Multicast, and what was reserved behind it.
  '224.0.0.0/4',
  '240.0.0.0/4',
  // Azure's metadata and health service: public by its number, but on the machine's own host.
  '168.63.129.16/32',
]);

/** The only part of IPv6 that is given out for the internet: [RFC 4291 §2.4](https://www.rfc-editor.org/rfc/rfc4291#section-2.4) */
const globalIpv6 = blocksWhenAsked(['2000::/3']);

/**
 * What is special within it: protocol assignments (Teredo, benchmarking, ORCHID), documentation, 6to4, AS112.
 *
 * @see [IANA IPv6 Special-Purpose Address Registry](https://www.iana.org/assignments/iana-ipv6-special-registry)
 */
const specialIpv6 = blocksWhenAsked(['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20']);

/** NAT64: its last 32 bits are the IPv4 address that a gateway connects to. [RFC 6052 §2.1](https://www.rfc-editor.org/rfc/rfc6052#section-2.1) */
const nat64 = blocksWhenAsked(['64:ff9b::/96']);

/**
 * What no allow-list opens: where clouds give credentials to whoever asks from the machine itself, and addresses that mean several
 * machines or none.
 */
const neverAllowed = blocksWhenAsked([
  '0.0.0.0/8',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '192.0.0.192/32',
  '224.0.0.0/4',
  '255.255.255.255/32',
  '::/128',
  'fd00:ec2::/32',
  'fd20:ce::/32',
  'fe80::/10',
  'ff00::/8',
]);

/** Tells whether an address is one of the public internet. */
export function isPublicAddress(address: IpAddress): boolean {
  return address.kind() === 'ipv4'
    ? !isWithin(address, specialIpv4())
    : isWithin(address, globalIpv6()) && !isWithin(address, specialIpv6());
}

/** Tells whether an address stays closed whatever the operator allows. */
export function isNeverAllowed(address: IpAddress): boolean {
  return isWithin(address, neverAllowed());
}

/** The IPv4 address that a NAT64 gateway would connect to. */
export function behindNat64(address: IpAddress): IpAddress | undefined {
  return isWithin(address, nat64()) ? new ipaddr.IPv4(address.toByteArray().slice(12)) : undefined;
}

/** Reads blocks when they are first asked for: at the start of a process that takes 3 ms, a third of it for Node's own test for IPv6. */
function blocksWhenAsked(texts: readonly string[]): () => readonly AddressBlock[] {
  let blocks: readonly AddressBlock[] | undefined;
  return () => (blocks ??= addressBlocks(texts));
}
