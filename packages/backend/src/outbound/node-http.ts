import { Agent, type IncomingMessage, request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { type Connect, type ConnectionOptions, createConnector } from './connection.ts';
import type { SentRequest, WireAnswer } from './exchange.ts';
import type { Route } from './route.ts';

/** As long as other servers of our kind keep an unused connection: one that the server closes at the same moment is a lost request. */
const IDLE_MS = 4000;
const MAX_HEADER_BYTES = 16 * 1024;
/** Of the connection and not of the request; whoever asks us to send one means something else. */
const CONNECTION_HEADERS = [
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** How requests are sent. */
export interface NodeSenderOptions extends ConnectionOptions {
  /**
   * Whether connections are kept and used again. Not for servers that somebody typed: NTLM authenticates a connection and not a request,
   * so the next person's request would go out in the former's name.
   */
  readonly reuse: boolean;
}

/** Sends one request and gives the head of the answer. */
export type Send = (url: URL, init: SentRequest, route: Route) => Promise<WireAnswer>;

/** Keeps the connections to one origin. */
class OriginAgent extends Agent {
  readonly #open: () => Promise<Socket>;

  constructor(open: () => Promise<Socket>) {
    super({ keepAlive: true, timeout: IDLE_MS });
    this.#open = open;
  }

  override createConnection(_options: unknown, done?: (error: Error | null, socket: Socket) => void): undefined {
    this.#open().then(
      (socket) => done?.(null, socket),
      // Node reads no socket where there is an error; its type has no such case.
      (error: unknown) => done?.(error as Error, undefined as unknown as Socket),
    );
  }
}

/** Makes the sender on Node's own HTTP. No environment variable speaks to it: neither the proxy ones nor those that switch checks off. */
export function createNodeSender({ reuse, ...options }: NodeSenderOptions): Send {
  const connect = createConnector(options);
  const agents = new Map<string, OriginAgent>();
  const kept = (url: URL, route: Route): OriginAgent => {
    const agent = agents.get(url.origin) ?? new OriginAgent(() => connect(url, route));
    agents.set(url.origin, agent);
    return agent;
  };
  return async function send(url, init, route) {
    return sendBy(reuse ? { agent: kept(url, route) } : await opened(connect, { url, route, signal: init.signal }), url, init);
  };
}

/** Sends one request the way that was made for it, and gives the head of the answer. */
export async function sendBy(way: Way, url: URL, init: SentRequest): Promise<WireAnswer> {
  const answer = await head(url, init, way);
  return {
    status: answer.statusCode ?? 0,
    headers: headersOf(answer),
    body: decoded(answer, init.method),
  };
}

async function opened(connect: Connect, at: { url: URL; route: Route; signal: AbortSignal }): Promise<{ createConnection: () => Socket }> {
  const socket = await connect(at.url, at.route, at.signal);
  return { createConnection: () => socket };
}

/** What brings a request there: connections that are kept, or one for this request alone. */
export type Way = { readonly agent: Agent } | { readonly createConnection: () => Socket };

function head(url: URL, init: SentRequest, way: Way): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const body = bytesOf(init.body);
    const request = httpRequest({
      ...way,
      // What the pool goes by; the connection is opened by the route.
      host: url.hostname,
      method: init.method,
      path: url.pathname + url.search,
      headers: requestHeaders(url, init, body),
      maxHeaderSize: MAX_HEADER_BYTES,
      insecureHTTPParser: false,
      signal: init.signal,
    });
    // Stays for errors after the head, which the reader of the body gets too.
    request.on('error', reject);
    request.on('response', resolve);
    // Nobody asked for another protocol; without a listener Node keeps such a connection and says nothing.
    request.on('upgrade', (_answer, socket) => {
      socket.destroy();
      reject(Object.assign(new Error('another protocol'), { code: 'UPGRADE_UNASKED' }));
    });
    request.end(body);
  });
}

function requestHeaders(url: URL, init: SentRequest, body: Uint8Array | undefined): Record<string, string> {
  const headers = Object.fromEntries([...init.headers].filter(([name]) => !CONNECTION_HEADERS.includes(name)));
  return {
    accept: '*/*',
    'accept-encoding': 'gzip, deflate, br',
    'user-agent': 'CalendarConnect',
    ...(init.body instanceof URLSearchParams && { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' }),
    ...(typeof init.body === 'string' && { 'content-type': 'text/plain;charset=UTF-8' }),
    ...headers,
    host: url.host,
    ...((body !== undefined || init.method === 'POST' || init.method === 'PUT') && { 'content-length': String(body?.byteLength ?? 0) }),
  };
}

function bytesOf(body: SentRequest['body']): Uint8Array | undefined {
  if (body === null) return undefined;
  return body instanceof Uint8Array ? body : Buffer.from(body.toString());
}

function headersOf(answer: IncomingMessage): Headers {
  const headers = new Headers();
  for (let at = 0; at + 1 < answer.rawHeaders.length; at += 2) headers.append(answer.rawHeaders[at] ?? '', answer.rawHeaders[at + 1] ?? '');
  return headers;
}

function decoded(answer: IncomingMessage, method: string): AsyncIterable<Uint8Array> {
  // Whoever reads is told; an answer that was refused unread ends with an error that is nobody's.
  answer.on('error', () => undefined);
  const decoder = decoderOf(answer, method);
  if (decoder === undefined) return answer;
  // The reader gets the error from the decoder.
  return pipeline(answer, decoder, () => undefined) satisfies Readable;
}

/** One coding at most: each more multiplies what a few bytes unpack to. */
function decoderOf(answer: IncomingMessage, method: string): Transform | undefined {
  const bodiless = method === 'HEAD' || answer.statusCode === 204 || answer.statusCode === 304;
  const coding = bodiless ? '' : (answer.headers['content-encoding'] ?? '').trim().toLowerCase();
  switch (coding) {
    case '':
    case 'identity':
      return undefined;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      answer.destroy();
      throw Object.assign(new Error('unknown content coding'), { code: 'CONTENT_CODING_UNKNOWN' });
  }
}
