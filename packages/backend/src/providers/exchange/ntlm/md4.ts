/** Each round: its function with its constant, the order of the words, and the shifts. [RFC 1320 §3.4](https://www.rfc-editor.org/rfc/rfc1320#section-3.4) */
const ROUNDS: readonly {
  readonly mix: (x: number, y: number, z: number) => number;
  readonly constant: number;
  readonly words: readonly number[];
  readonly shifts: readonly [number, number, number, number];
}[] = [
  {
    mix: (x, y, z) => (x & y) | (~x & z),
    constant: 0,
    words: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    shifts: [3, 7, 11, 19],
  },
  {
    mix: (x, y, z) => (x & y) | (x & z) | (y & z),
    constant: 0x5a827999,
    words: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
    shifts: [3, 5, 9, 13],
  },
  {
    mix: (x, y, z) => x ^ y ^ z,
    constant: 0x6ed9eba1,
    words: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
    shifts: [3, 9, 11, 15],
  },
];
const START: State = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
const BLOCK_BYTES = 64;

type State = readonly [number, number, number, number];

/**
 * MD4. It protects nothing any more; Windows keeps passwords as its hashes, and OpenSSL 3 no longer has it.
 *
 * @see [RFC 1320](https://www.rfc-editor.org/rfc/rfc1320)
 */
export function md4(message: Uint8Array): Buffer {
  const padded = withPadding(message);
  let state = START;
  for (let offset = 0; offset < padded.length; offset += BLOCK_BYTES)
    state = afterBlock(state, padded.subarray(offset, offset + BLOCK_BYTES));
  const digest = Buffer.alloc(16);
  state.forEach((word, index) => digest.writeInt32LE(word | 0, index * 4));
  return digest;
}

/** [RFC 1320 §3.1 and §3.2](https://www.rfc-editor.org/rfc/rfc1320#section-3.1) */
function withPadding(message: Uint8Array): Buffer {
  const padded = Buffer.alloc((Math.floor((message.length + 8) / BLOCK_BYTES) + 1) * BLOCK_BYTES);
  padded.set(message);
  padded[message.length] = 0x80;
  padded.writeBigUInt64LE(BigInt(message.length) * 8n, padded.length - 8);
  return padded;
}

function afterBlock(before: State, block: Buffer): State {
  let [a, b, c, d] = before;
  for (const { mix, constant, words, shifts } of ROUNDS) {
    for (const [step, word] of words.entries()) {
      const sum = (a + mix(b, c, d) + block.readUInt32LE(word * 4) + constant) | 0;
      const shift = shifts[step % 4] ?? 0;
      [a, b, c, d] = [d, (sum << shift) | (sum >>> (32 - shift)), b, c];
    }
  }
  return [(a + before[0]) | 0, (b + before[1]) | 0, (c + before[2]) | 0, (d + before[3]) | 0];
}
