import { Resolver } from 'node:dns/promises';

/** One entry of a service in the DNS: [RFC 2782](https://www.rfc-editor.org/rfc/rfc2782) */
export interface ServiceRecord {
  readonly name: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

/** Gives the entries of a service name such as `_autodiscover._tcp.corp.example`, none where there are none. */
export type ResolveServices = (name: string, signal: AbortSignal) => Promise<readonly ServiceRecord[]>;

const TIMEOUT_MS = 3000;
const TRIES = 2;
const NOTHING: readonly unknown[] = ['ENOTFOUND', 'ENODATA'];

/**
 * Makes a resolver that asks the name servers of this computer: unlike addresses, services are in no hosts file.
 *
 * @param servers Addresses and ports of other name servers; for tests.
 */
export function createServiceResolver(servers?: readonly string[]): ResolveServices {
  return async function resolveServices(name, signal) {
    const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
    if (servers !== undefined) resolver.setServers(servers);
    const cancel = (): void => resolver.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      signal.throwIfAborted();
      return await resolver.resolveSrv(name);
    } catch (error) {
      if (error instanceof Error && 'code' in error && NOTHING.includes(error.code)) return [];
      throw error;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  };
}
