import type { Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createGuardedOutbound, type GuardedInit } from './guarded-outbound.ts';
import { OutboundError } from './outbound-error.ts';
import { createAuthority, createCertificate, serveRaw } from './servers.contract.ts';

const MIB = 1024 * 1024;
const authority = await createAuthority();
const certificate = await createCertificate({ names: ['mail.example'], by: authority });

/** What the guarded door makes of a server that speaks as it likes: the text of the answer, or the code and reason of the failure. */
async function told(speak: (socket: Socket) => void, init: GuardedInit = {}): Promise<string> {
  const { port } = await serveRaw(certificate, speak);
  const door = createGuardedOutbound(
    { allow: ['127.0.0.1'], ports: [port], ca: authority.cert },
    { resolve: () => Promise.resolve(['127.0.0.1']) },
  );
  try {
    const response = await door.fetch(`https://mail.example:${port}/`, { timeoutMs: 3000, ...init });
    return `${response.status} ${await response.text()}`;
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    return [error.code, error.reason].filter(Boolean).join(' ');
  }
}

const says = (text: string | Uint8Array) => (socket: Socket) => void socket.end(text);

/** Writes for as long as anybody reads. */
function endlessly(head: string, chunk: string | Uint8Array): (socket: Socket) => void {
  return (socket) => {
    const more = (): void => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.write(head);
    socket.on('drain', more);
    more();
  };
}

/** A megabyte of nothing, `times` times over, as one gzip stream per megabyte. */
function gzipOf(times: number): Buffer {
  return Buffer.concat(Array.from({ length: times }, () => gzipSync(Buffer.alloc(MIB))));
}

describe('an answer without end (I10)', () => {
  it.each([
    ['without a length', 'HTTP/1.1 200 OK\r\n\r\n', 'x'.repeat(65_536)],
    ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', `10000\r\n${'x'.repeat(65_536)}\r\n`],
    ['announced as 10 GB', 'HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n', 'x'.repeat(65_536)],
    ['that unpacks to more and more', 'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n', gzipSync(Buffer.alloc(MIB))],
  ])('%s ends at the limit, with memory flat', async (_, head, chunk) => {
    const before = process.memoryUsage();
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss - before.rss)), 5);
    expect(await told(endlessly(head, chunk))).toBe('too_large');
    clearInterval(watch);
    expect(most).toBeLessThan(64 * MIB);
  });

  it.each([
    ['in headers', 'HTTP/1.1 200 OK\r\n', `X-A: ${'v'.repeat(100)}\r\n`],
    ['in one header', 'HTTP/1.1 200 OK\r\nX-A: ', 'v'.repeat(1000)],
    ['in its status line', 'HTTP/1.1 200 ', 'O'.repeat(1000)],
    ['in trailers', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n', `X-A: ${'v'.repeat(100)}\r\n`],
  ])('%s is refused', async (_, head, chunk) => {
    expect(await told(endlessly(head, chunk))).toMatch(/^too_large|^unreachable (HPE_|ECONNRESET)/);
  });

  it('of informational answers, or of one byte now and then, ends with the time', async () => {
    expect(await told(endlessly('', 'HTTP/1.1 103 Early Hints\r\n\r\n'), { timeoutMs: 300 })).toBe('timeout');
    const drip = (head: string) => (socket: Socket) => {
      socket.write(head);
      const timer = setInterval(() => socket.write('x'), 20);
      socket.on('close', () => clearInterval(timer));
    };
    expect(await told(drip('HTTP/1.1 200 OK\r\n\r\n'), { timeoutMs: 200 })).toBe('timeout');
    expect(await told(drip('HTTP/1.1 200 OK\r\nX: '), { timeoutMs: 200 })).toBe('timeout');
    expect(await told(() => undefined, { timeoutMs: 100 })).toBe('timeout');
  });

  it('has 100,000 headers refused', async () => {
    expect(await told(says(`HTTP/1.1 200 OK\r\n${'a:\r\n'.repeat(100_000)}\r\n`))).toMatch(/^too_large/);
    const many = Array.from({ length: 101 }, (_, index) => `x${index}:\r\n`).join('');
    expect(await told(says(`HTTP/1.1 200 OK\r\n${many}\r\n`))).toBe('too_large');
  });
});

describe('a compressed answer (I10)', () => {
  const coded = (coding: string, body: Uint8Array) => (socket: Socket) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nContent-Length: ${body.byteLength}\r\n\r\n`);
    socket.end(body);
  };

  it.each([
    ['gzip', gzipSync('hello')],
    ['X-GZIP', gzipSync('hello')],
    ['deflate', deflateSync('hello')],
    ['br', brotliCompressSync('hello')],
    ['identity', Buffer.from('hello')],
  ])('is unpacked: %s', async (coding, body) => {
    expect(await told(coded(coding, body))).toBe('200 hello');
  });

  it.each([
    ['gzip', gzipOf(50)],
    ['deflate', deflateSync(Buffer.alloc(50 * MIB))],
    ['br', brotliCompressSync(Buffer.alloc(50 * MIB))],
  ])('that unpacks to 50 MiB ends at the limit: %s', async (coding, body) => {
    expect(body.byteLength).toBeLessThan(MIB);
    expect(await told(coded(coding, body))).toBe('too_large');
  });

  it('is refused where it is packed twice, in an unknown way, or not as it says', async () => {
    expect(await told(coded('gzip, gzip', gzipSync(gzipSync('hello'))))).toBe('unreachable CONTENT_CODING_UNKNOWN');
    expect(await told(coded('zip', Buffer.from('hello')))).toBe('unreachable CONTENT_CODING_UNKNOWN');
    expect(await told(coded('gzip', Buffer.from('hello')))).toBe('unreachable Z_DATA_ERROR');
    expect(await told(coded('gzip', gzipSync('hello').subarray(0, 12)))).toBe('unreachable Z_BUF_ERROR');
  });

  it('of nothing is nothing', async () => {
    expect(await told(says('HTTP/1.1 304 Not Modified\r\nContent-Encoding: gzip\r\n\r\n'))).toBe('304 ');
    const head = 'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 500\r\n\r\n';
    expect(await told(says(head), { method: 'HEAD' })).toBe('200 ');
  });
});

describe('an answer that lies (I10)', () => {
  it.each([
    ['a length that is too long', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello', 'unreachable ECONNRESET'],
    ['a length that is too short', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhello', '200 he'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\nhello', 'unreachable HPE_UNEXPECTED_CONTENT_LENGTH'],
    ['a length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', /^unreachable HPE_/],
    ['a negative length', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n', /^unreachable HPE_/],
    ['a chunk that is cut off', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhello', 'unreachable ECONNRESET'],
    ['a body where there is none', 'HTTP/1.1 204 No Content\r\n\r\nhello', '204 '],
    ['a second answer', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nheHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nll', '200 he'],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', /^unreachable HPE_/],
    ['nothing', '', 'unreachable ECONNRESET'],
    ['bare line feeds', 'HTTP/1.1 200 OK\nContent-Length: 5\n\nhello', /^unreachable HPE_/],
    ['a folded header', 'HTTP/1.1 200 OK\r\nX-A: b\r\n c\r\nContent-Length: 0\r\n\r\n', /^unreachable HPE_/],
    ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n', 'unreachable UPGRADE_UNASKED'],
    ['a status that is none', 'HTTP/1.1 999 Hm\r\nContent-Length: 0\r\n\r\n', 'unreachable STATUS_INVALID'],
  ])('with %s is refused or contained', async (_, answer, expected) => {
    expect(await told(says(answer))).toMatch(expected);
  });

  it('and one that breaks off is unreachable', async () => {
    expect(await told((socket) => void socket.destroy())).toBe('unreachable ECONNRESET');
    const half = (socket: Socket): void => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello');
      setTimeout(() => socket.destroy(), 20);
    };
    expect(await told(half)).toBe('unreachable ECONNRESET');
  });
});
