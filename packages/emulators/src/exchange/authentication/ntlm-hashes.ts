import { createHmac } from 'node:crypto';

/**
 * MD4, which OpenSSL has no more without its legacy provider.
 * @see [RFC 1320 §3](https://www.rfc-editor.org/rfc/rfc1320#section-3)
 */
export function md4(message: Uint8Array): Buffer {
  const padded = Buffer.alloc((((message.length + 8) >> 6) + 1) * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  padded.writeUInt32LE(message.length * 8, padded.length - 8);
  const state: Words = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let offset = 0; offset < padded.length; offset += 64) mixBlock(state, padded.subarray(offset, offset + 64));
  const digest = Buffer.alloc(16);
  state.forEach((word, index) => digest.writeInt32LE(word | 0, index * 4));
  return digest;
}

type Words = [number, number, number, number];

const ROUNDS = [
  {
    mix: (x: number, y: number, z: number) => (x & y) | (~x & z),
    add: 0,
    shifts: [3, 7, 11, 19],
    order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  },
  {
    mix: (x: number, y: number, z: number) => (x & y) | (x & z) | (y & z),
    add: 0x5a827999,
    shifts: [3, 5, 9, 13],
    order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
  },
  {
    mix: (x: number, y: number, z: number) => x ^ y ^ z,
    add: 0x6ed9eba1,
    shifts: [3, 9, 11, 15],
    order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
  },
];

function mixBlock(state: Words, block: Buffer): void {
  let [a, b, c, d] = state;
  for (const { mix, add, shifts, order } of ROUNDS) {
    order.forEach((word, step) => {
      const sum = (a + mix(b, c, d) + block.readUInt32LE(word * 4) + add) | 0;
      const shift = shifts[step % 4] ?? 0;
      [a, b, c, d] = [d, (sum << shift) | (sum >>> (32 - shift)), b, c];
    });
  }
  state[0] = (state[0] + a) | 0;
  state[1] = (state[1] + b) | 0;
  state[2] = (state[2] + c) | 0;
  state[3] = (state[3] + d) | 0;
}

/** RC4, which wraps session keys. @see [MS-NLMP 3.4.5.1](https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/d86303b5-b29e-4fb9-b119-77579c761370) */
export function rc4(key: Uint8Array, data: Uint8Array): Buffer {
  const box = Array.from({ length: 256 }, (_, index) => index);
  const swap = (i: number, j: number): void => {
    [box[i], box[j]] = [box[j] ?? 0, box[i] ?? 0];
  };
  for (let i = 0, j = 0; i < 256; i += 1) {
    j = (j + (box[i] ?? 0) + (key[i % key.length] ?? 0)) & 0xff;
    swap(i, j);
  }
  const out = Buffer.alloc(data.length);
  for (let n = 0, i = 0, j = 0; n < data.length; n += 1) {
    i = (i + 1) & 0xff;
    j = (j + (box[i] ?? 0)) & 0xff;
    swap(i, j);
    out[n] = (data[n] ?? 0) ^ (box[((box[i] ?? 0) + (box[j] ?? 0)) & 0xff] ?? 0);
  }
  return out;
}

/** HMAC-MD5. */
export function hmacMd5(key: Uint8Array, ...data: readonly Uint8Array[]): Buffer {
  return data.reduce((hmac, part) => hmac.update(part), createHmac('md5', key)).digest();
}

/** The key that a password gives. @see [MS-NLMP 3.3.2](https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/5e550938-91d4-459f-b67d-75d70009e3f3) */
export function ntowfv2(password: string, { user, domain }: { readonly user: string; readonly domain: string }): Buffer {
  return hmacMd5(md4(utf16(password)), utf16(user.toUpperCase() + domain));
}

/** UTF-16, in which NTLM has its texts. */
export function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le');
}
