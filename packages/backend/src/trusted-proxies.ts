import { type AddressBlock, addressBlocks, parseAddressBlock } from './address-block.ts';
import { CalendarConnectError } from './errors.ts';

/** Words for what operators often mean; addresses in a container's network are not known beforehand. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/**
 * Reads whose `X-Forwarded-For` is believed: addresses, blocks such as `10.0.0.0/8`, `loopback` and `private`.
 *
 * @throws CalendarConnectError `option_invalid`, naming the entry
 */
export function parseTrustedProxies(entries: readonly string[] = []): readonly AddressBlock[] {
  return entries.flatMap((entry) => {
    const named = Object.hasOwn(NAMED, entry) ? NAMED[entry] : undefined;
    if (named !== undefined) return addressBlocks(named);
    const block = parseAddressBlock(entry);
    if (block !== undefined) return block;
    throw new CalendarConnectError(
      'option_invalid',
      `trustedProxies: expected an address, a block such as 10.0.0.0/8 (at most /8, IPv6 /7), loopback or private, received ${JSON.stringify(entry)}`,
    );
  });
}
