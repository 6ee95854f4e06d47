/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const LINE_END = Buffer.from('\r\n');
const NOTHING = Buffer.alloc(0);

/**
 * Reads the answers that come over one keep-alive connection, one after the other
 * ([RFC 9112 §6](https://www.rfc-editor.org/rfc/rfc9112#section-6)): a body has a `Content-Length`, comes in chunks, or is not there.
 *
 * Own code, because an HTTP client of a library would take more of its core than the server that it is to measure.
 *
 * @returns what takes the bytes as they come, and keeps none of them; it throws where they are no answer that a connection can be kept after.
 */
export function createResponseReader(onAnswer: (answer: Answer) => void): (chunk: Buffer) => void {
  let unread: Buffer = NOTHING;
  return (chunk) => {
    unread = unread.length === 0 ? chunk : Buffer.concat([unread, chunk]);
    while (unread.length > 0) {
      const read = readAnswer(unread);
      if (read === undefined) break;
      unread = read.end === unread.length ? NOTHING : unread.subarray(read.end);
      onAnswer(read.answer);
    }
    // The bytes that came may be written over once this returns.
    if (unread.length > 0) unread = Buffer.from(unread);
  };
}

/** The first answer in the bytes and where it ends; `undefined` where it is not there to its end. */
function readAnswer(bytes: Buffer): { answer: Answer; end: number } | undefined {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? Number.NaN);
  if (Number.isNaN(status)) throw new Error(`not the answer of an HTTP/1.1 server: ${head.slice(0, 60)}`);
  if (/\r\nconnection: *close/i.test(head)) throw new Error(`the server closes the connection with an answer of ${status}`);
  const body = readBody(bytes, { head, status, start: headEnd + HEAD_END.length });
  return body && { answer: { status, body: body.text }, end: body.end };
}

interface Head {
  readonly head: string;
  readonly status: number;
  /** Where the body begins. */
  readonly start: number;
}

function readBody(bytes: Buffer, { head, status, start }: Head): { text: string; end: number } | undefined {
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return readChunks(bytes, start);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined && status !== 204 && status !== 304) throw new Error('an answer without a length');
  const end = start + Number(length ?? 0);
  return bytes.length < end ? undefined : { text: bytes.toString('utf8', start, end), end };
}

/** [RFC 9112 §7.1](https://www.rfc-editor.org/rfc/rfc9112#section-7.1); trailers are read over. */
function readChunks(bytes: Buffer, start: number): { text: string; end: number } | undefined {
  const parts: Buffer[] = [];
  let at = start;
  for (;;) {
    const lineEnd = bytes.indexOf(LINE_END, at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    if (Number.isNaN(size)) throw new Error('a chunk without a size');
    const from = lineEnd + LINE_END.length;
    if (size === 0) {
      const end = endOfTrailers(bytes, lineEnd);
      return end === undefined ? undefined : { text: Buffer.concat(parts).toString('utf8'), end };
    }
    at = from + size + LINE_END.length;
    if (bytes.length < at) return undefined;
    parts.push(bytes.subarray(from, from + size));
  }
}

function endOfTrailers(bytes: Buffer, lineEnd: number): number | undefined {
  const end = bytes.indexOf(HEAD_END, lineEnd);
  return end < 0 ? undefined : end + HEAD_END.length;
}
