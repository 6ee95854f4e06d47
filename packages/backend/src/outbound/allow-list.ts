import { type AddressBlock, type IpAddress, isWithin, parseAddress, parseAddressBlock } from '../address-block.ts';
import { CalendarConnectError } from '../errors.ts';
import { isNeverAllowed } from './special-addresses.ts';

const DEFAULT_PORT = 443;
const EXPECTED =
  'a host such as mail.corp.example or mail.corp.example:8443, an address or block such as 10.20.0.0/16 (at most /8, IPv6 /7), or loopback';

/** What the operator lets through besides the public internet on the usual port. */
export interface AllowList {
  /** Everything on this computer that is named as such, on every port, with http too. */
  readonly loopback: boolean;
  /** Ports that every host may be asked on. */
  readonly ports: ReadonlySet<number>;
  /** Whether this host was named with this port, and so may have any address but those that are never allowed. */
  namesHost(host: string, port: number): boolean;
  namesAddress(address: IpAddress): boolean;
}

/**
 * Reads the operator's list.
 *
 * @throws CalendarConnectError `option_invalid`, naming the entry
 */
export function parseAllowList(entries: readonly string[] = [], ports: readonly number[] = []): AllowList {
  const hosts = new Set<string>();
  const everywhere = new Set([DEFAULT_PORT, ...ports.map(checkPort)]);
  const blocks: AddressBlock[] = [];
  for (const entry of entries) {
    if (entry === 'loopback') continue;
    const block = parseAddressBlock(entry);
    if (block === undefined) hosts.add(parseHost(entry));
    else if (isNeverAllowed(block.first)) throw invalid('allow', 'no link-local, metadata or multicast address', entry);
    else blocks.push(block);
  }
  return {
    loopback: entries.includes('loopback'),
    ports: everywhere,
    namesHost: (host, port) => hosts.has(`${host}:${port}`) || (everywhere.has(port) && hosts.has(host)),
    namesAddress: (address) => isWithin(address, blocks),
  };
}

/** Host, or host and port. They go through the parser that reads the addresses later on, so that both are written alike. */
function parseHost(entry: string): string {
  const [name = '', port, ...rest] = entry.split(':');
  const url = URL.parse(`http://${entry}`);
  // `mail.corp.example/x`, `user@…`, `*.corp.example` and a spelling of an address that was not read above are mistakes.
  const plain = url !== null && rest.length === 0 && /^[^\s/@?#\\*[\]]+$/.test(name) && /^\d+$/.test(port ?? '0');
  if (!plain || parseAddress(url.hostname) !== undefined) throw invalid('allow', EXPECTED, entry);
  const host = withoutRootDot(url.hostname);
  return port === undefined ? host : `${host}:${Number(port)}`;
}

/** `mail.example.` is `mail.example`: the dot is the root of all names. */
export function withoutRootDot(host: string): string {
  return host.endsWith('.') ? host.slice(0, -1) : host;
}

function checkPort(port: unknown): number {
  if (typeof port === 'number' && Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw invalid('ports', 'numbers from 1 to 65535', String(port));
}

function invalid(option: string, expected: string, received: string): CalendarConnectError {
  return new CalendarConnectError('option_invalid', `outbound.${option}: expected ${expected}, received ${JSON.stringify(received)}`);
}
