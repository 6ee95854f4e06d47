import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import { type AddressBlock, canonicalAddress, isWithin, parseAddress } from '../address-block.ts';
import type { Backend } from '../backend.ts';

/** More proxies than stand anywhere; the rest of a longer list was written by the client. */
const MAX_HOPS = 20;
/** Some proxies add the port: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
const WITH_PORT = /^(?:\[(?<v6>[^\]]*)\]|(?<v4>[\d.]+))(?::\d{1,5})?$/;
const IPV6_NETWORK_GROUPS = 4;

/** Tells the address of the client, in its usual spelling; `undefined` where the runtime does not say who connected. */
export type ClientAddress = (c: Context) => string | undefined;

/**
 * Makes the function that tells the client's address.
 *
 * It is the address of whoever connected. Only where that is a trusted proxy is `X-Forwarded-For` read, from its right end: every proxy
 * adds whom it saw, so the first address that is not a trusted proxy's is the client's, and all before it is what the client says of
 * itself. `Forwarded`, `X-Real-IP`, `X-Forwarded-Host` and `X-Forwarded-Proto` are never read.
 */
export function createClientAddress({ trustedProxies }: Pick<Backend, 'trustedProxies'>): ClientAddress {
  return function clientAddress(c) {
    const peer = peerAddress(c);
    if (peer === undefined || trustedProxies.length === 0) return peer;
    return throughProxies(peer, c.req.header('x-forwarded-for'), trustedProxies);
  };
}

/** What the limits know the client of a request by; `undefined` where the runtime does not say who connected. */
export function clientKey(deps: Pick<Backend, 'trustedProxies'>, c: Context): string | undefined {
  const address = createClientAddress(deps)(c);
  return address === undefined ? undefined : addressKey(address);
}

/** Node's server tells; an app of somebody's on another runtime does not. */
function peerAddress(c: Context): string | undefined {
  const env = c.env as { readonly incoming?: unknown; readonly server?: unknown } | undefined;
  if (env?.incoming === undefined && env?.server === undefined) return undefined;
  return plainAddress(getConnInfo(c).remote.address ?? '');
}

function throughProxies(peer: string, forwardedFor: string | undefined, trusted: readonly AddressBlock[]): string {
  const hops = (forwardedFor ?? '').split(',').slice(-MAX_HOPS);
  let client = peer;
  while (isTrusted(client, trusted)) {
    const hop = plainAddress(hops.pop()?.trim() ?? '');
    // The list ends, or holds what is no address: this proxy is the last of whom we know.
    if (hop === undefined) return client;
    client = hop;
  }
  return client;
}

function isTrusted(address: string, trusted: readonly AddressBlock[]): boolean {
  const parsed = parseAddress(address);
  return parsed !== undefined && isWithin(parsed, trusted);
}

/** One spelling of each address, with IPv4-mapped IPv6 as IPv4 and without port or network card. */
function plainAddress(text: string): string | undefined {
  const { v4, v6 } = WITH_PORT.exec(text)?.groups ?? {};
  const [bare = ''] = (v4 ?? v6 ?? text).split('%', 1);
  return canonicalAddress(bare);
}

/**
 * What requests of one client have in common: its IPv4 address, or the `/64` network of its IPv6 address, since whoever has one address
 * there has all of them. Other text is its own key.
 */
export function addressKey(address: string): string {
  const canonical = canonicalAddress(address) ?? address;
  const parsed = canonical.includes(':') ? parseAddress(canonical) : undefined;
  if (parsed === undefined) return canonical;
  const groups = parsed.toNormalizedString().split(':').slice(0, IPV6_NETWORK_GROUPS);
  return `${groups.join(':')}::/64`;
}
