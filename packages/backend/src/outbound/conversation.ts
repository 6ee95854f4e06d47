import { Agent } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { parseAllowList } from './allow-list.ts';
import { parseAuthorities } from './authorities.ts';
import { createConnector } from './connection.ts';
import { startDeadline, untilAborted } from './deadline.ts';
import { exchange, toOutboundError } from './exchange.ts';
import { createGuard, type Guard } from './guard.ts';
import type { GuardedParts, GuardOptions } from './guarded-outbound.ts';
import { sendBy } from './node-http.ts';
import { OutboundError } from './outbound-error.ts';
import { DEFAULT_MAX_RESPONSE_BYTES, DEFAULT_TIMEOUT_MS, type OutboundInit, parseAddress, requestOf } from './outbound.ts';
import { askPlainRedirect, type PlainRedirect } from './plain-redirect.ts';
import { parseProxy } from './proxy.ts';
import { createResolver } from './resolve.ts';
import { serverEndPointOf } from './server-end-point.ts';

/** A conversation that nobody ends ends itself. */
const IDLE_MS = 60_000;

/**
 * One connection to one server that somebody typed, for several requests of one person. Whoever logs in by NTLM logs the connection in and
 * not the request, so it belongs to one login for as long as it lives, and is never one of a pool.
 */
export interface Conversation {
  /** Such as `https://mail.corp.example`. */
  readonly origin: string;
  /** Whether another request can be sent. A server may close its end at any time. */
  readonly open: boolean;
  /** Binds a login to this connection: the `tls-server-end-point` of RFC 5929. `undefined` on plain http and where the certificate has none. */
  readonly serverEndPoint: Uint8Array | undefined;
  /**
   * Sends one request after the other and reads the whole answer. A request that fails ends the conversation.
   *
   * @param path Path and query, or an address of the same origin.
   * @throws OutboundError as {@link GuardedOutbound.fetch}; `unreachable` with `CONVERSATION_OVER` where the connection is gone
   */
  fetch(path: string | URL, init?: OutboundInit): Promise<Response>;
  /** Ends it. Safe to call more than once. */
  close(): void;
}

/** How a conversation is begun. */
export interface ConversationInit {
  readonly signal?: AbortSignal | undefined;
  /** For finding the address, the connection and TLS. Default 10,000. */
  readonly timeoutMs?: number | undefined;
}

/** Opens conversations, under the same checks as the guarded door. */
export interface Conversations {
  /** @throws OutboundError when there is no connection, `forbidden_address` where the address may not be asked */
  open(url: string | URL, init?: ConversationInit): Promise<Conversation>;
  /**
   * Asks port 80 of a host by plain http where it leads, and reads nothing else: no body, nothing of ours in it but the path.
   *
   * @throws OutboundError as {@link Conversations.open}
   */
  askPlainRedirect(host: string, path: string, init?: ConversationInit): Promise<PlainRedirect>;
}

/** What conversations are made of. */
export interface ConversationOptions extends GuardOptions {
  /** Host names whose servers know no newer TLS than 1.0 or 1.1, exactly these. It protects little; certificates are verified all the same. */
  readonly oldTlsHosts?: readonly string[] | undefined;
}

/** Makes the opener. @throws CalendarConnectError `option_invalid` */
export function createConversations(options: ConversationOptions = {}, parts: GuardedParts = {}): Conversations {
  const guard = createGuard({ allowed: parseAllowList(options.allow, options.ports), resolve: parts.resolve ?? createResolver() });
  const connect = createConnector({
    proxy: parseProxy(options.proxy),
    ca: parseAuthorities(options.ca),
    oldTlsHosts: new Set(options.oldTlsHosts?.map((host) => host.toLowerCase())),
  });
  return {
    async open(input, init = {}) {
      const url = parseAddress(input);
      return within(url.host, init, async (signal) => {
        const route = await untilAborted(guard(url, signal), signal);
        return new OneConnection(url.origin, await connect(url, route, signal));
      });
    },
    askPlainRedirect: (host, path, init = {}) =>
      within(host, init, async (signal) => {
        const route = await untilAborted(guardPlain(guard, host, signal), signal);
        const url = parseAddress(`http://${host}${path}`);
        return askPlainRedirect(url, await connect(url, route, signal), signal);
      }),
  };
}

/** The addresses are held to what https would be: plain http opens a port and no network. */
function guardPlain(guard: Guard, host: string, signal: AbortSignal): ReturnType<Guard> {
  return guard(parseAddress(`https://${host}/`), signal);
}

async function within<T>(host: string, init: ConversationInit, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const deadline = startDeadline(init.timeoutMs ?? DEFAULT_TIMEOUT_MS, init.signal);
  try {
    return await work(deadline.signal);
  } catch (error) {
    throw toOutboundError(error, host, deadline);
  } finally {
    deadline.end();
  }
}

/** Has one socket to give, once; Node keeps it between requests. */
class OneSocketAgent extends Agent {
  #socket: Socket | undefined;

  constructor(socket: Socket) {
    super({ keepAlive: true, maxSockets: 1, timeout: IDLE_MS });
    this.#socket = socket;
  }

  override createConnection(_options: unknown, done?: (error: Error | null, socket: Socket) => void): undefined {
    const socket = this.#socket;
    this.#socket = undefined;
    const over = Object.assign(new Error('the conversation is over'), { code: 'CONVERSATION_OVER' });
    // Node reads no socket where there is an error; its type has no such case.
    if (socket === undefined || socket.destroyed) done?.(over, undefined as unknown as Socket);
    else done?.(null, socket);
    return undefined;
  }
}

class OneConnection implements Conversation {
  readonly origin: string;
  readonly serverEndPoint: Uint8Array | undefined;
  readonly #socket: Socket;
  readonly #agent: OneSocketAgent;

  constructor(origin: string, socket: Socket) {
    this.origin = origin;
    this.#socket = socket;
    this.#agent = new OneSocketAgent(socket);
    // Between two requests nobody else listens, and an error without a listener would end the process.
    socket.on('error', () => undefined);
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
    this.serverEndPoint = certificate && serverEndPointOf(certificate);
  }

  get open(): boolean {
    return !this.#socket.destroyed && this.#socket.readable && this.#socket.writable;
  }

  async fetch(path: string | URL, init: OutboundInit = {}): Promise<Response> {
    const url = parseAddress(URL.parse(String(path), this.origin) ?? '');
    // Another origin has another connection, and the login is this one's.
    if (url.origin !== this.origin) throw new OutboundError('invalid_url', url.host, 'ANOTHER_ORIGIN');
    const deadline = startDeadline(init.timeoutMs ?? DEFAULT_TIMEOUT_MS, init.signal);
    try {
      const sent = sendBy({ agent: this.#agent }, url, requestOf(init, deadline.signal));
      return await exchange(sent, init.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES, deadline.signal);
    } catch (error) {
      const told = toOutboundError(error, url.host, deadline);
      this.close();
      throw told;
    } finally {
      deadline.end();
    }
  }

  close(): void {
    this.#agent.destroy();
    this.#socket.destroy();
  }
}
