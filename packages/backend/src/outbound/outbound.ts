import { isLoopbackHost } from '../loopback-host.ts';
import { parseAuthorities } from './authorities.ts';
import { startDeadline } from './deadline.ts';
import { exchange, type SentRequest, toOutboundError, type WireAnswer } from './exchange.ts';
import type { Send } from './node-http.ts';
import { OutboundError } from './outbound-error.ts';
import { parseProxy } from './proxy.ts';

/** Until the last byte of the body, not only to the headers. */
export const DEFAULT_TIMEOUT_MS = 10_000;
export const DEFAULT_MAX_RESPONSE_BYTES: number = 1024 * 1024;

/** What a request of ours may consist of. There is no `redirect`: a redirect is an answer. */
export interface OutboundInit {
  readonly method?: string | undefined;
  readonly headers?: ConstructorParameters<typeof Headers>[0] | undefined;
  readonly body?: string | URLSearchParams | Uint8Array<ArrayBuffer> | undefined;
  /** Ends the request early, with code `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** For the whole request, body included. */
  readonly timeoutMs?: number | undefined;
  /** Of the body after decompression. */
  readonly maxResponseBytes?: number | undefined;
}

/** A door to the network. There is no other. */
export interface Outbound {
  /**
   * Sends one request and reads the whole answer: no retry, no redirect followed, no cookie kept.
   *
   * @throws OutboundError when there is no usable answer; an HTTP error status is an answer
   */
  fetch(url: string | URL, init?: OutboundInit): Promise<Response>;
}

/** What leads out of the operator's network, and whom to believe there. */
export interface EgressOptions {
  /**
   * An egress proxy, such as `http://user:password@proxy.corp.example:3128`; `https` where the way to the proxy itself is encrypted.
   * Requests to this computer go past it. Default: none, whatever the environment says.
   */
  readonly proxy?: string | undefined;
  /** Certificates (PEM) of authorities that are trusted besides the usual ones. Verification cannot be switched off. */
  readonly ca?: string | readonly string[] | undefined;
}

/** What the door is made of. */
export interface OutboundOptions extends EgressOptions {
  /** What really sends; Node's own HTTP by default. */
  readonly fetch?: ((url: URL, init: SentRequest) => Promise<WireAnswer>) | undefined;
  /** Default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** Default 1 MiB. */
  readonly maxResponseBytes?: number | undefined;
}

/**
 * Makes the door to addresses that the operator configured: they may be anywhere. Connections are kept for the next request.
 *
 * @throws CalendarConnectError `option_invalid`
 */
export function createOutbound(options: OutboundOptions = {}): Outbound {
  const sendByNode = createLazySender(options, true);
  const send = options.fetch ?? ((url: URL, request: SentRequest) => sendByNode(url, request, { byProxy: !isLoopbackHost(url.hostname) }));
  return {
    async fetch(input, init = {}) {
      const url = parseAddress(input);
      const deadline = startDeadline(init.timeoutMs ?? options.timeoutMs ?? DEFAULT_TIMEOUT_MS, init.signal);
      try {
        const limitBytes = init.maxResponseBytes ?? options.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES;
        return await exchange(send(url, requestOf(init, deadline.signal)), limitBytes, deadline.signal);
      } catch (error) {
        throw toOutboundError(error, url.host, deadline);
      } finally {
        deadline.end();
      }
    },
  };
}

/** Reads an address once, for the check and for use. @throws OutboundError `invalid_url` */
export function parseAddress(input: string | URL): URL {
  const url = URL.parse(String(input));
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) throw new OutboundError('invalid_url', 'an address');
  if (url.username !== '' || url.password !== '') throw new OutboundError('invalid_url', url.host, 'CREDENTIALS_IN_URL');
  return url;
}

/** The request that is really sent. */
export function requestOf(init: OutboundInit, signal: AbortSignal): SentRequest {
  return {
    method: (init.method ?? 'GET').toUpperCase(),
    headers: new Headers(init.headers),
    body: init.body ?? null,
    redirect: 'manual',
    signal,
  };
}

/** A sender that loads TLS and the rest with its first request. The options are checked now. */
export function createLazySender({ proxy, ca }: EgressOptions, reuse: boolean): Send {
  const options = { proxy: parseProxy(proxy), ca: parseAuthorities(ca), reuse };
  let made: Promise<Send> | undefined;
  return async (url, init, route) => {
    made ??= import('./node-http.ts').then(({ createNodeSender }) => createNodeSender(options));
    return (await made)(url, init, route);
  };
}
