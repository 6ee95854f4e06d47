import type { ExchangeControl } from './control.ts';
import type { Place } from './network/gateway.ts';
import type { NameService } from './network/name-service.ts';
import { checkOptions, type ExchangeEmulatorOptions } from './options.ts';

/** The emulated internet, for whoever wants to reach the hosts by their names. */
export interface ExchangeNetwork extends NameService {
  /** Says where a host, or an address of one, answers at a port; `undefined` where nobody listens. */
  readonly route: (host: string, port: number) => Place | undefined;
  /** An HTTP proxy that leads to the hosts at their ports 443 and 80, and nowhere else: `http://127.0.0.1:PORT`. */
  readonly proxyUrl: string;
}

/** An Exchange organisation that is listening. */
export interface RunningExchangeEmulator {
  /** Where https is answered, for every host, on 127.0.0.1. */
  readonly port: number;
  /** Where http is answered. */
  readonly httpPort: number;
  /** The certificate of the authority, in PEM, that the hosts' certificates come from. */
  readonly ca: string;
  /** Where EWS is, as Autodiscover tells it. */
  readonly ewsUrl: string;
  readonly network: ExchangeNetwork;
  readonly control: ExchangeControl;
  /** Ends every connection and frees the ports. */
  readonly close: () => Promise<void>;
}

/**
 * Starts an Exchange organisation: servers, Autodiscover, DNS, and what else answers by the names around it.
 *
 * One process plays every host. A client reaches them by `network.proxyUrl`, which has them at their own ports, or by connecting to `port`
 * and naming the host in the handshake and in `Host`.
 * @throws TypeError for an option that cannot be; Error with the system's code, such as `EADDRINUSE`, when a port cannot be had
 * @example
 * ```ts
 * const exchange = await startExchangeEmulator({ version: '2013' });
 * exchange.control.setFor('amira@corp.example', { state: 'locked' });
 * exchange.control.credentialsSentTo('corp.example'); // nothing, if the client is careful
 * await exchange.close();
 * ```
 */
export async function startExchangeEmulator(options: ExchangeEmulatorOptions = {}): Promise<RunningExchangeEmulator> {
  checkOptions(options);
  // Loaded with the first one: the other emulators need neither XML nor TLS.
  const { runExchangeEmulator } = await import('./run-exchange-emulator.ts');
  return runExchangeEmulator(options);
}
