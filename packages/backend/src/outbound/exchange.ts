import { type Deadline, untilAborted } from './deadline.ts';
import { certificateFaultOf, OutboundError, reasonOf } from './outbound-error.ts';

/** Node's parser refuses more than 16 KiB of headers by itself; that many bytes still make thousands of tiny ones. */
const MAX_RESPONSE_HEADERS = 100;
const MAX_RESPONSE_HEADER_BYTES = 16 * 1024;
/** Answers that have no body by definition; `Response` refuses to be made with one. [Fetch §2.2.3](https://fetch.spec.whatwg.org/#null-body-status) */
const NULL_BODY_STATUSES: readonly number[] = [204, 205, 304];
/** They speak of the bytes on the wire, which are no longer the bytes of the body. */
const WIRE_HEADERS: readonly string[] = ['content-encoding', 'content-length', 'transfer-encoding'];
/** What a parser says of an answer whose head does not fit. */
const OVERFLOWS: readonly (string | undefined)[] = ['HPE_HEADER_OVERFLOW', 'UND_ERR_HEADERS_OVERFLOW'];

/** A request as the platform's `fetch` takes it, too. */
export interface SentRequest {
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | URLSearchParams | Uint8Array<ArrayBuffer> | null;
  readonly redirect: 'manual';
  readonly signal: AbortSignal;
}

/** An answer of which only the head was read. The body is decompressed as it comes. A `Response` of `fetch` is one, too. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AsyncIterable<Uint8Array> | null;
}

/** The answer is longer than its limit. */
class AnswerTooLarge extends Error {}

/** Sends one request and reads the whole answer, within the limits. Whoever calls it ends the deadline, and with it what is left of a refused answer. */
export async function exchange(sent: Promise<WireAnswer>, limitBytes: number, signal: AbortSignal): Promise<Response> {
  const answer = await untilAborted(sent, signal);
  const { status } = answer;
  // Informational answers are not given to us; 101 is what nobody asked for.
  if (status < 200 || status > 599) throw Object.assign(new Error('no final status'), { code: 'STATUS_INVALID' });
  const headers = receivedHeaders(answer.headers);
  const bytes = answer.body === null ? undefined : await untilAborted(readBody(answer.body, limitBytes), signal);
  return new Response(NULL_BODY_STATUSES.includes(status) ? null : bytes, { status, headers });
}

function receivedHeaders(from: Headers): Headers {
  const headers = new Headers();
  let count = 0;
  let bytes = 0;
  for (const [name, value] of from) {
    count += 1;
    bytes += name.length + value.length;
    if (count > MAX_RESPONSE_HEADERS || bytes > MAX_RESPONSE_HEADER_BYTES) throw new AnswerTooLarge();
    if (!WIRE_HEADERS.includes(name)) headers.append(name, value);
  }
  return headers;
}

/** The bytes are counted as they arrive and after decompression: `Content-Length` is only a promise, and a small gzip can be a bomb. */
async function readBody(body: AsyncIterable<Uint8Array>, limitBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > limitBytes) throw new AnswerTooLarge();
    chunks.push(chunk);
  }
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}

/** What a failed request is told as. */
export function toOutboundError(error: unknown, host: string, deadline: Deadline): OutboundError {
  if (error instanceof OutboundError) return error;
  if (error instanceof AnswerTooLarge) return new OutboundError('too_large', host);
  if (deadline.expired()) return new OutboundError('timeout', host);
  if (deadline.signal.aborted) return new OutboundError('aborted', host);
  const reason = reasonOf(error);
  if (OVERFLOWS.includes(reason)) return new OutboundError('too_large', host, reason);
  const fault = certificateFaultOf(reason);
  return fault === undefined ? new OutboundError('unreachable', host, reason) : new OutboundError('untrusted_certificate', host, fault);
}
