import { parseAllowList } from './allow-list.ts';
import { type Deadline, startDeadline, untilAborted } from './deadline.ts';
import { exchange, toOutboundError } from './exchange.ts';
import { createGuard, type Guard } from './guard.ts';
import type { Send } from './node-http.ts';
import { OutboundError } from './outbound-error.ts';
import {
  createLazySender,
  DEFAULT_MAX_RESPONSE_BYTES,
  DEFAULT_TIMEOUT_MS,
  type EgressOptions,
  type OutboundInit,
  parseAddress,
  requestOf,
} from './outbound.ts';
import { createResolver, type Resolve } from './resolve.ts';

const MAX_REDIRECTS = 10;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
/** What proves who we are; it is for the origin that it was given for. */
const CREDENTIAL_HEADERS = ['authorization', 'cookie', 'proxy-authorization'];

/** What may be said of a request to an address that somebody typed. */
export interface GuardedInit extends OutboundInit {
  /**
   * How many redirects of a GET or HEAD to follow, at most 10. Each is checked like the first address, and credentials stay with the
   * origin they were given for. Redirects of other methods are answers whatever this says. Default 0.
   */
  readonly followRedirects?: number | undefined;
}

/** The door to addresses that somebody typed or a partner gave. */
export interface GuardedOutbound {
  /**
   * Sends one request and reads the whole answer: https only, to public addresses and to what the operator allows besides. `url` of the
   * answer is where it came from in the end.
   *
   * @throws OutboundError when there is no usable answer, `forbidden_address` where the address may not be asked
   */
  fetch(url: string | URL, init?: GuardedInit): Promise<Response>;
}

/** What the guarded door is made of. */
export interface GuardOptions extends EgressOptions {
  /**
   * What may be asked besides the public internet: hosts (`mail.corp.example`, `mail.corp.example:8443`; exactly these), addresses and
   * blocks (`10.20.0.0/16`), or `loopback` for everything on this computer, with http too. Metadata services of clouds stay closed.
   */
  readonly allow?: readonly string[] | undefined;
  /** Ports that may be asked everywhere, besides 443. */
  readonly ports?: readonly number[] | undefined;
}

/** What tests replace. */
export interface GuardedParts {
  readonly resolve?: Resolve;
}

/**
 * Makes the guarded door. Every address of a name is checked, and the connection is made to one of the addresses checked; through a proxy
 * too. No connection is used twice.
 *
 * @throws CalendarConnectError `option_invalid`
 */
export function createGuardedOutbound(options: GuardOptions = {}, parts: GuardedParts = {}): GuardedOutbound {
  const guard = createGuard({ allowed: parseAllowList(options.allow, options.ports), resolve: parts.resolve ?? createResolver() });
  const send = createLazySender(options, false);
  return {
    async fetch(input, init = {}) {
      const url = parseAddress(input);
      const deadline = startDeadline(init.timeoutMs ?? DEFAULT_TIMEOUT_MS, init.signal);
      try {
        return await follow(url, init, { guard, send, deadline });
      } finally {
        deadline.end();
      }
    },
  };
}

interface Door {
  readonly guard: Guard;
  readonly send: Send;
  readonly deadline: Deadline;
}

async function follow(first: URL, init: GuardedInit, door: Door): Promise<Response> {
  const limit = Math.min(init.followRedirects ?? 0, MAX_REDIRECTS);
  const headers = new Headers(init.headers);
  const seen = new Set<string>();
  for (let url = first; ;) {
    seen.add(url.href);
    const response = await once(url, { ...init, headers }, door);
    const next = limit > 0 ? redirectOf(response, url, init.method) : undefined;
    if (next === undefined) return arrivedFrom(response, url, seen.size > 1);
    if (seen.size > limit || seen.has(next.href)) throw new OutboundError('too_many_redirects', first.host);
    if (next.origin !== url.origin) for (const name of CREDENTIAL_HEADERS) headers.delete(name);
    url = next;
  }
}

async function once(url: URL, init: GuardedInit, { guard, send, deadline }: Door): Promise<Response> {
  try {
    const route = await untilAborted(guard(url, deadline.signal), deadline.signal);
    const sent = send(url, requestOf(init, deadline.signal), route);
    return await exchange(sent, init.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES, deadline.signal);
  } catch (error) {
    throw toOutboundError(error, url.host, deadline);
  }
}

/** Where a redirect leads. @throws OutboundError `invalid_url` */
function redirectOf(response: Response, from: URL, method = 'GET'): URL | undefined {
  const location = response.headers.get('location');
  const followed = REDIRECTS.includes(response.status) && /^(get|head)$/i.test(method);
  if (location === null || !followed) return undefined;
  const to = parseAddress(URL.parse(location, from.href) ?? '');
  to.hash = '';
  return to;
}

/** `Response` cannot be made with an address. */
function arrivedFrom(response: Response, url: URL, redirected: boolean): Response {
  return Object.defineProperties(response, { url: { value: url.href }, redirected: { value: redirected } });
}
