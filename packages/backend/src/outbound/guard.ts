import { type IpAddress, parseAddress } from '../address-block.ts';
import { isLoopbackHost } from '../loopback-host.ts';
import { type AllowList, withoutRootDot } from './allow-list.ts';
import { type ForbiddenReason, OutboundError } from './outbound-error.ts';
import type { Resolve } from './resolve.ts';
import type { Route } from './route.ts';
import { behindNat64, isNeverAllowed, isPublicAddress } from './special-addresses.ts';

/** Names of this computer mean these whatever a resolver says: [RFC 6761 §6.3](https://www.rfc-editor.org/rfc/rfc6761#section-6.3) */
const LOOPBACK_ADDRESSES = ['127.0.0.1', '::1'];

/** What a guard is made of. */
export interface GuardParts {
  readonly allowed: AllowList;
  readonly resolve: Resolve;
}

/**
 * Finds the way to an address that somebody typed, or refuses to: scheme, port, and every address that the name has. The addresses found
 * are the ones connected to; nobody asks the resolver again.
 *
 * @throws OutboundError `forbidden_address`; `unreachable` where the name has no address
 */
export type Guard = (url: URL, signal: AbortSignal) => Promise<Route>;

/** Makes a guard. */
export function createGuard({ allowed, resolve }: GuardParts): Guard {
  return async function guard(url, signal) {
    const host = withoutRootDot(url.hostname);
    const typed = parseAddress(host.replace(/^\[|\]$/g, ''));
    if (allowed.loopback && isLoopbackHost(host)) return { addresses: typed ? [typed.toString()] : LOOPBACK_ADDRESSES, byProxy: false };
    const refusal = (reason: ForbiddenReason) => new OutboundError('forbidden_address', url.host, reason);
    if (url.protocol !== 'https:') throw refusal('scheme');
    const port = url.port === '' ? 443 : Number(url.port);
    const named = allowed.namesHost(host, port);
    if (!named && !allowed.ports.has(port)) throw refusal('port');
    const addresses = typed ? [typed] : await addressesOf(url, () => resolve(host, signal));
    if (!addresses.every((address) => mayBeAsked(address, allowed, named))) throw refusal('address');
    return { addresses: addresses.map(String), byProxy: addresses.every(isPublicAddress) };
  };
}

async function addressesOf(url: URL, resolve: () => Promise<readonly string[]>): Promise<readonly IpAddress[]> {
  const found = await resolve();
  if (found.length === 0) throw new OutboundError('unreachable', url.host, 'ENOTFOUND');
  return found.map((text) => {
    // A resolver can also give a link-local address with its network card.
    const address = parseAddress(text);
    if (address === undefined) throw new OutboundError('forbidden_address', url.host, 'address');
    return address;
  });
}

function mayBeAsked(address: IpAddress, allowed: AllowList, hostIsNamed: boolean): boolean {
  if (isNeverAllowed(address)) return false;
  if (isPublicAddress(address)) return true;
  // Where the operator's network translates to IPv4, allowing the translator's block shall not open what lies behind it.
  const translated = behindNat64(address);
  if (translated !== undefined && !mayBeAsked(translated, allowed, hostIsNamed)) return false;
  return hostIsNamed || allowed.namesAddress(address);
}
