import { createOutbound, type Outbound } from '../../outbound/outbound.ts';
import { parseClientCredential, parseEndpoints } from '../provider-options.ts';

/** What the operator says about a service that speaks plain OAuth 2.0. */
export interface ServiceOptions<E extends object> {
  /** Of the application that is registered with the vendor. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** Default: the backend's, with its egress proxy and authorities. */
  readonly outbound?: Outbound | undefined;
  /** Default: the vendor's own. Plain http is for loopback addresses only. */
  readonly endpoints?: Partial<E> | undefined;
  /** Milliseconds since 1970. Default: the clock. */
  readonly now?: (() => number) | undefined;
}

/** The options, checked and completed. */
export interface ServiceSettings<E extends object> {
  readonly client: { readonly clientId: string; readonly clientSecret: string };
  readonly outbound: Outbound;
  readonly endpoints: E;
  readonly now: () => number;
}

/**
 * Checks and completes the options. `service` names it in the message.
 *
 * @throws CalendarConnectError `option_invalid`
 */
export function parseServiceOptions<E extends object>(service: string, own: E, options: ServiceOptions<E>): ServiceSettings<E> {
  return {
    client: {
      clientId: parseClientCredential(service, 'clientId', options.clientId),
      clientSecret: parseClientCredential(service, 'clientSecret', options.clientSecret),
    },
    outbound: options.outbound ?? createOutbound(),
    endpoints: parseEndpoints(service, own, options.endpoints ?? {}),
    now: options.now ?? Date.now,
  };
}
