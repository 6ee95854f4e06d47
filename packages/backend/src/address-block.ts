import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** One IP address. An IPv4 address is always held as such, also where it came as an IPv4-mapped IPv6 address. */
export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6;

/** A block of IP addresses, such as `10.20.0.0/16`; a single address is a block of one. */
export interface AddressBlock {
  readonly first: IpAddress;
  readonly prefixBits: number;
}

/** The widest block that means some network and not a good part of the world: `fc00::/7` is all private IPv6. */
const WIDEST_PREFIX_BITS = { ipv4: 8, ipv6: 7 } as const;
/** `::ffff:0:0/96` holds IPv4, so a block in there is this much longer than the IPv4 block it means. */
const MAPPED_PREFIX_BITS = 96;

/**
 * Reads an address as operating systems and `URL` write it. Octal, hexadecimal and short forms of IPv4 are no address here: what reads
 * them in one way is followed by something that reads them in another.
 */
export function parseAddress(text: string): IpAddress | undefined {
  // ipaddr.js alone would take 0177.1, and the IPv4-compatible ::10.0.0.1, as resolvers write it, for 10.0.0.1.
  const version = isIP(text);
  if (version === 0 || text.includes('%')) return undefined;
  return ipaddr.process(version === 6 ? inHexadecimal(text) : text);
}

/** The usual spelling of an address; `undefined` where the text is none. An IPv4 address has no other: that one is not taken apart. */
export function canonicalAddress(text: string): string | undefined {
  return isIP(text) === 4 ? text : parseAddress(text)?.toString();
}

/** One spelling for all of IPv6, with no dots in it. */
function inHexadecimal(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}

/** Reads an address, or a block of at most `/8` (IPv6: `/7`), as an operator gives it. */
export function parseAddressBlock(text: string): AddressBlock | undefined {
  const block = readBlock(text);
  return block === undefined || block.prefixBits < WIDEST_PREFIX_BITS[block.first.kind()] ? undefined : block;
}

/** Reads blocks of any width that are known to be well written. @throws TypeError where one is not */
export function addressBlocks(texts: readonly string[]): readonly AddressBlock[] {
  return texts.map((text) => {
    const block = readBlock(text);
    if (block === undefined) throw new TypeError(`${text} is no block of addresses`);
    return block;
  });
}

function readBlock(text: string): AddressBlock | undefined {
  const [address = '', prefix, ...rest] = text.split('/');
  const first = parseAddress(address);
  if (first === undefined || rest.length > 0) return undefined;
  const longest = first.kind() === 'ipv4' ? 32 : 128;
  if (prefix === undefined) return { first, prefixBits: longest };
  if (!/^(0|[1-9]\d{0,2})$/.test(prefix)) return undefined;
  const mapped = first.kind() === 'ipv4' && address.includes(':');
  const prefixBits = Number(prefix) - (mapped ? MAPPED_PREFIX_BITS : 0);
  return prefixBits < 0 || prefixBits > longest ? undefined : { first, prefixBits };
}

/** Tells whether an address lies in any of the blocks. */
export function isWithin(address: IpAddress, blocks: readonly AddressBlock[]): boolean {
  return blocks.some(({ first, prefixBits }) => first.kind() === address.kind() && address.match(first, prefixBits));
}
