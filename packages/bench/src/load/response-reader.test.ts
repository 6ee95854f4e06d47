import { describe, expect, it } from 'vitest';
import { type Answer, createResponseReader } from './response-reader.ts';

const WITH_LENGTH = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 7\r\n\r\nvoil\u00e0!';
const CHUNKED = 'HTTP/1.1 400 Bad Request\r\ntransfer-encoding: chunked\r\n\r\n4\r\nabcd\r\n3;name=value\r\nefg\r\n0\r\nTrailer: x\r\n\r\n';
const EMPTY = 'HTTP/1.1 204 No Content\r\n\r\n';

function read(chunks: readonly Buffer[]): Answer[] {
  const answers: Answer[] = [];
  const take = createResponseReader((answer) => void answers.push(answer));
  for (const chunk of chunks) {
    // The memory is used again for the next read.
    const memory = Buffer.from(chunk);
    take(memory);
    memory.fill('x');
  }
  return answers;
}

describe('reading answers from a connection', () => {
  it('reads bodies with a length, in chunks and none at all, however the bytes are cut', () => {
    const bytes = Buffer.from(WITH_LENGTH + CHUNKED + EMPTY + WITH_LENGTH);
    const expected = [
      { status: 200, body: 'voil\u00e0!' },
      { status: 400, body: 'abcdefg' },
      { status: 204, body: '' },
      { status: 200, body: 'voil\u00e0!' },
    ];
    for (let size = 1; size <= bytes.length; size += 1) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
      expect(read(pieces)).toEqual(expected);
    }
  });

  it('hands out nothing before the last byte is there', () => {
    expect(read([Buffer.from(WITH_LENGTH).subarray(0, -1)])).toEqual([]);
    expect(read([Buffer.from(CHUNKED).subarray(0, -1)])).toEqual([]);
  });

  it.each([
    ['SSH-2.0-OpenSSH\r\n\r\n', 'not the answer of an HTTP/1.1 server'],
    ['HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', 'the server closes the connection'],
    ['HTTP/1.1 200 OK\r\n\r\n', 'without a length'],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n', 'a chunk without a size'],
  ])('refuses %j', (text, why) => {
    expect(() => read([Buffer.from(text)])).toThrow(why);
  });
});
