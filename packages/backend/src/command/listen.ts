import { once } from 'node:events';
import { createServer, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { type AddressBlock, isWithin, parseAddress } from '../address-block.ts';

/** Long polls that are still open when the server is told to stop are cut after this time. */
const GRACE_MS = 500;
/** Of one address. What comes beyond is closed at once, so that files and the database keep descriptors to work with. */
const MAX_CONNECTIONS = 10_000;
/** A client that takes nothing of its answer for so long is gone, or wants to hold the connection. Node looks twice before it says so. */
const WRITE_TIMEOUT_MS = 5000;
/** Longer than the longest poll (25 seconds) by far; nothing else of ours is silent for so long. */
const SILENCE_MS = 60_000;

/** A proxy uses its connections again. It shall be the first to let go of one: what it sends while we do is lost. Theirs are mostly 60 seconds. */
const PROXY_IDLE_MS = 65_000;

/** Whoever sends slowly is cut off within 10 seconds: eight or nine for the request, and one until it is looked at. */
const SERVER_OPTIONS: ServerOptions = {
  headersTimeout: 8000,
  requestTimeout: 9000,
  connectionsCheckingInterval: 1000,
  keepAliveTimeout: 5000,
  maxHeaderSize: 16 * 1024,
  insecureHTTPParser: false,
  requireHostHeader: true,
};

const NEEDS_VERSION = '{"error":"invalid_request","error_description":"Expected HTTP/1.1."}';
const NEEDS_PROXY =
  '{"error":"invalid_request","error_description":"This is plain http from another computer. Come by https, through the proxy in front. (Operator: TRUSTED_PROXIES does not name the address that this came from.)"}';

/** Servers that answer, until they are closed. */
export interface Listening {
  close(): Promise<void>;
}

/** Where to listen, and to whom. */
export interface ListenOptions {
  readonly port: number;
  /** The one address to listen on. Default: both loopback addresses. */
  readonly host: string | undefined;
  /** What is said here is plain http: besides this computer only these are answered. Health checks of anybody are. */
  readonly trustedProxies: readonly AddressBlock[];
}

/**
 * Listens on one port of both loopback addresses, or of the one address given. `localhost` is `::1` to some browsers and `127.0.0.1` to
 * others.
 *
 * @throws Error with the system's code, such as `EADDRINUSE`
 */
export async function listen(app: Pick<Hono, 'fetch'>, { port, host, trustedProxies }: ListenOptions): Promise<Listening> {
  const servers: Server[] = [];
  const close = async () => void (await Promise.all(servers.map(stop)));
  try {
    for (const address of host === undefined ? ['127.0.0.1', '::1'] : [host]) {
      const server = createLimitedServer(app, trustedProxies);
      const missing = await startOn(server, port, address);
      if (!missing) servers.push(server);
    }
    return { close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Makes the server for the app, with its limits. Tests give it connections of their own. */
export function createLimitedServer(app: Pick<Hono, 'fetch'>, trustedProxies: readonly AddressBlock[]): Server {
  const answer = getRequestListener(app.fetch);
  const proxies = new WeakSet<Socket>();
  const strangers = new WeakSet<Socket>();
  const server = createServer(SERVER_OPTIONS, (request, response) => {
    // Node takes a request line without a version, which proxies in front read as something else.
    if (request.httpVersionMajor < 1) return refuse(response, 400, NEEDS_VERSION);
    if (strangers.has(request.socket) && request.url !== '/healthz') return refuse(response, 403, NEEDS_PROXY);
    // Once all is handed over, only the client's reading is waited for.
    response.once('prefinish', () => response.socket?.setTimeout(WRITE_TIMEOUT_MS));
    // After Node's own listener, which sets the time for everybody else.
    if (proxies.has(request.socket)) response.once('finish', () => request.socket.setTimeout(PROXY_IDLE_MS));
    void answer(request, response);
  });
  server.on('connection', (socket: Socket) => {
    const peer = parseAddress((socket.remoteAddress ?? '').replace(/%.*$/, ''));
    if (peer !== undefined && isWithin(peer, trustedProxies)) proxies.add(socket);
    else if (peer?.range() !== 'loopback') strangers.add(socket);
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.timeout = SILENCE_MS;
  return server;
}

function refuse(response: ServerResponse, status: number, body: string): void {
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    connection: 'close',
  };
  response.writeHead(status, headers).end(body);
}

/** Tells whether this computer lacks the address: one without IPv6 has no `::1`. */
async function startOn(server: Server, port: number, address: string): Promise<boolean> {
  server.listen(port, address);
  try {
    await once(server, 'listening');
    return false;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (address === '::1' && (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT')) return true;
    throw error;
  }
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await closed;
  clearTimeout(cut);
}
