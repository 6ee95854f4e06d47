import { OutboundError, reasonOf } from './outbound-error.ts';
import { AnswerTooLarge, readBody } from './read-body.ts';

/** Until the last byte of the body, not only to the headers. */
const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_RESPONSE_BYTES = 1024 * 1024;
/** Node's parser refuses more than 16 KiB of headers by itself; that many bytes still make thousands of tiny ones. */
const MAX_RESPONSE_HEADERS = 100;
const MAX_RESPONSE_HEADER_BYTES = 16 * 1024;
/** Answers that have no body by definition; `Response` refuses to be made with one. [Fetch §2.2.3](https://fetch.spec.whatwg.org/#null-body-status) */
const NULL_BODY_STATUSES: readonly number[] = [204, 205, 304];

/** What a request of ours may consist of. There is no `redirect`: a redirect is an answer, and nobody here follows one. */
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

/** The only door to the network. */
export interface Outbound {
  /**
   * Sends one request and reads the whole answer: no retry, no redirect followed, no cookie kept.
   *
   * @throws OutboundError when there is no usable answer; an HTTP error status is an answer
   */
  fetch(url: string | URL, init?: OutboundInit): Promise<Response>;
}

/** What the door is made of. */
export interface OutboundOptions {
  /** What really sends; the platform's `fetch` by default. */
  readonly fetch?: ((url: URL, init: RequestInit) => Promise<Response>) | undefined;
  /** Default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** Default 1 MiB. */
  readonly maxResponseBytes?: number | undefined;
}

/** Makes the door to addresses that the operator configured. */
export function createOutbound(options: OutboundOptions = {}): Outbound {
  const send = options.fetch ?? ((url, init) => fetch(url, init));
  return {
    async fetch(input, init = {}) {
      const url = parseAddress(input);
      const deadline = startDeadline(init.timeoutMs ?? options.timeoutMs ?? DEFAULT_TIMEOUT_MS, init.signal);
      try {
        const answer = await untilAborted(send(url, requestOf(init, deadline.signal)), deadline.signal);
        return await receive(answer, init.maxResponseBytes ?? options.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES, deadline.signal);
      } catch (error) {
        throw toOutboundError(error, url.host, deadline);
      } finally {
        deadline.clear();
      }
    },
  };
}

function parseAddress(input: string | URL): URL {
  const url = URL.parse(String(input));
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) throw new OutboundError('invalid_url', 'an address');
  if (url.username !== '' || url.password !== '') throw new OutboundError('invalid_url', url.host, 'CREDENTIALS_IN_URL');
  return url;
}

function requestOf(init: OutboundInit, signal: AbortSignal): RequestInit {
  return {
    method: init.method ?? 'GET',
    headers: new Headers(init.headers),
    body: init.body ?? null,
    redirect: 'manual',
    signal,
  };
}

interface Deadline {
  readonly signal: AbortSignal;
  readonly expired: () => boolean;
  readonly clear: () => void;
}

/** One signal for both ends of patience: ours, by the clock, and the caller's. */
function startDeadline(timeoutMs: number, callers: AbortSignal | undefined): Deadline {
  const clock = new AbortController();
  const timer = setTimeout(() => clock.abort(), timeoutMs);
  return {
    signal: callers === undefined ? clock.signal : AbortSignal.any([clock.signal, callers]),
    expired: () => clock.signal.aborted,
    clear: () => clearTimeout(timer),
  };
}

/** Rejects when the signal fires even where the sender heeds no signal. */
async function untilAborted(sent: Promise<Response>, signal: AbortSignal): Promise<Response> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([sent, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

async function receive(answer: Response, limitBytes: number, signal: AbortSignal): Promise<Response> {
  const headers = receivedHeaders(answer);
  if (answer.body === null) return new Response(null, { status: answer.status, headers });
  const bytes = await readBody(answer.body, limitBytes, signal);
  return new Response(NULL_BODY_STATUSES.includes(answer.status) ? null : bytes, { status: answer.status, headers });
}

/** The headers, counted; without those that speak of the bytes on the wire, which are no longer the bytes of the body. */
function receivedHeaders(answer: Response): Headers {
  const headers = new Headers();
  let count = 0;
  let bytes = 0;
  for (const [name, value] of answer.headers) {
    count += 1;
    bytes += name.length + value.length;
    if (count > MAX_RESPONSE_HEADERS || bytes > MAX_RESPONSE_HEADER_BYTES) {
      answer.body?.cancel().catch(() => undefined);
      throw new AnswerTooLarge();
    }
    if (name !== 'content-encoding' && name !== 'content-length' && name !== 'transfer-encoding') headers.append(name, value);
  }
  return headers;
}

function toOutboundError(error: unknown, host: string, deadline: Deadline): OutboundError {
  if (error instanceof AnswerTooLarge) return new OutboundError('too_large', host);
  if (deadline.expired()) return new OutboundError('timeout', host);
  if (deadline.signal.aborted) return new OutboundError('aborted', host);
  const reason = reasonOf(error);
  return new OutboundError(reason === 'UND_ERR_HEADERS_OVERFLOW' ? 'too_large' : 'unreachable', host, reason);
}
