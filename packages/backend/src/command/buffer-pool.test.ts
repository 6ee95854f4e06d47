import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepBufferPoolShort } from './buffer-pool.ts';

const MB = 1_000_000;

let poolSize: number;
beforeEach(() => {
  poolSize = Buffer.poolSize;
});
afterEach(() => {
  Buffer.poolSize = poolSize;
});

/** What requests do: 40 bytes of buffer and 20 kB of objects each, so that V8 cleans up its young generation again and again. */
function serve(requests: number): void {
  for (let request = 0; request < requests; request += 1) {
    Buffer.from(`a secret of request ${request} .............`);
    Array<number>(2500).fill(request);
  }
}

/** Bytes of buffers that nobody uses any longer and nothing has taken away. */
function leftBehind(requests: number): number {
  const before = process.memoryUsage().arrayBuffers;
  serve(requests);
  return process.memoryUsage().arrayBuffers - before;
}

it('leaves nothing of small buffers behind', () => {
  keepBufferPoolShort();
  serve(1000);
  expect(leftBehind(20_000)).toBeLessThan(0.1 * MB);
});
