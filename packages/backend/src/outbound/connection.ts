import { request as httpRequest } from 'node:http';
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, type SecureContext } from 'node:tls';
import { trustedAuthorities } from './authorities.ts';
import { OutboundError, reasonOf } from './outbound-error.ts';
import type { Proxy } from './proxy.ts';
import type { Route } from './route.ts';

/** Of TCP, the proxy and TLS together. A request has its own deadline; a connection that waits to be reused belongs to none. */
const CONNECT_TIMEOUT_MS = 10_000;
/** For an address that does not answer while others are left. Node's 250 ms is less than one way around the world and back. */
const NEXT_ADDRESS_MS = 1000;
/** A name can have as many addresses as its owner likes, and a proxy takes its time over each. */
const MAX_PROXY_ATTEMPTS = 4;

/** What connections are made of. */
export interface ConnectionOptions {
  readonly proxy: Proxy | undefined;
  /** PEM certificates of authorities that are trusted besides the usual ones. */
  readonly ca: readonly string[];
  /** Hosts that may be spoken to by TLS 1.0 and 1.1. Their certificates are verified like all others. */
  readonly oldTlsHosts?: ReadonlySet<string> | undefined;
}

/** Opens a connection that HTTP can be spoken on. */
export type Connect = (url: URL, route: Route, signal?: AbortSignal) => Promise<Socket>;

/** Makes the opener. Certificates are always verified, also where `NODE_TLS_REJECT_UNAUTHORIZED` says otherwise. */
export function createConnector({ proxy, ca, oldTlsHosts }: ConnectionOptions): Connect {
  let trust: SecureContext | undefined;
  let oldTrust: SecureContext | undefined;
  const secured = (socket: Socket, host: string, signal: AbortSignal) => {
    if (oldTlsHosts?.has(host) === true) {
      // OpenSSL 3 has the signatures of TLS 1.0 on its lowest level alone, whatever version is allowed.
      oldTrust ??= createSecureContext({ ca: trustedAuthorities(ca), minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' });
      return secure(socket, { host, trust: oldTrust, signal });
    }
    // Made once: reading some hundred and fifty certificates takes milliseconds.
    trust ??= createSecureContext({ ca: trustedAuthorities(ca) });
    return secure(socket, { host, trust, signal });
  };
  return async function connect(url, route, callers) {
    const patience = AbortSignal.timeout(CONNECT_TIMEOUT_MS);
    const signal = callers === undefined ? patience : AbortSignal.any([patience, callers]);
    const host = bareHost(url);
    const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
    const socket =
      proxy !== undefined && route.byProxy
        ? await throughProxy(proxy, { addresses: route.addresses ?? [host], port, signal, secured })
        : await dial({ host, port, addresses: route.addresses, signal });
    return url.protocol === 'https:' ? secured(socket, host, signal) : socket;
  };
}

function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

interface Dialled {
  readonly host: string;
  readonly port: number;
  readonly addresses?: readonly string[] | undefined;
  readonly signal: AbortSignal;
}

function dial({ host, port, addresses, signal }: Dialled): Promise<Socket> {
  // A literal is never looked up, so it is the address to connect to; a name is looked up here and nowhere else.
  const literal = addresses?.length === 1 ? addresses[0] : undefined;
  const options = addresses === undefined || literal !== undefined ? {} : { lookup: lookupIn(addresses) };
  const socket = connectTcp({
    host: literal ?? host,
    port,
    ...options,
    noDelay: true,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
  });
  return opened(socket, 'connect', signal);
}

/** A resolver that knows one answer. */
function lookupIn(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_name, options, answer) => {
    if (options.all) answer(null, all);
    else answer(null, all[0]?.address ?? '', all[0]?.family);
  };
}

interface Secured {
  readonly host: string;
  readonly trust: SecureContext;
  readonly signal: AbortSignal;
}

function secure(socket: Socket, { host, trust, signal }: Secured): Promise<Socket> {
  const name = host.endsWith('.') ? host.slice(0, -1) : host;
  const secured = connectTls({
    socket,
    secureContext: trust,
    host: name,
    // SNI is for names only: https://www.rfc-editor.org/rfc/rfc6066#section-3
    servername: isIP(name) === 0 ? name : '',
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: true,
  });
  return opened(secured, 'secureConnect', signal);
}

/** Waits for a socket; one that nobody waits for any more is closed. */
function opened(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const end = (error: unknown): void => {
      socket.destroy();
      signal.removeEventListener('abort', abort);
      reject(error instanceof Error ? error : new Error('closed', { cause: error }));
    };
    const abort = (): void => end(Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' }));
    const close = (): void => end(Object.assign(new Error('closed before it was open'), { code: 'ECONNRESET' }));
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    socket.once('error', end).once('close', close);
    socket.once(event, () => {
      signal.removeEventListener('abort', abort);
      socket.off('error', end).off('close', close);
      resolve(socket);
    });
  });
}

interface Tunnelled {
  readonly addresses: readonly string[];
  readonly port: number;
  readonly signal: AbortSignal;
  readonly secured: (socket: Socket, host: string, signal: AbortSignal) => Promise<Socket>;
}

async function throughProxy(proxy: Proxy, { addresses, port, signal, secured }: Tunnelled): Promise<Socket> {
  let failure: unknown;
  for (const address of addresses.slice(0, MAX_PROXY_ATTEMPTS)) {
    try {
      const plain = await dial({ host: proxy.host, port: proxy.port, signal });
      const way = proxy.secure ? await secured(plain, proxy.host, signal) : plain;
      return await tunnel(way, { proxy, target: `${address.includes(':') ? `[${address}]` : address}:${port}`, signal });
    } catch (error) {
      failure = error;
      if (signal.aborted) break;
    }
  }
  if (failure instanceof OutboundError) throw failure;
  throw new OutboundError('proxy_failed', 'the egress proxy', reasonOf(failure));
}

interface TunnelRequest {
  readonly proxy: Proxy;
  readonly target: string;
  readonly signal: AbortSignal;
}

/** Asks the proxy for a way: [RFC 9110 §9.3.6](https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6) */
function tunnel(way: Socket, { proxy, target, signal }: TunnelRequest): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      createConnection: () => way,
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...(proxy.authorization && { 'proxy-authorization': proxy.authorization }) },
      insecureHTTPParser: false,
      signal,
    });
    request.on('error', reject);
    request.on('connect', (answer, socket: Socket, head) => {
      const status = answer.statusCode ?? 0;
      if (status >= 200 && status < 300) {
        if (head.length > 0) socket.unshift(head);
        return resolve(socket);
      }
      socket.destroy();
      reject(new OutboundError('proxy_failed', 'the egress proxy', `STATUS_${status}`));
    });
    request.end();
  });
}
