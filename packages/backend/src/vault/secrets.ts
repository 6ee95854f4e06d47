import { hash, timingSafeEqual } from 'node:crypto';
import { randomBytes } from './random-pool.ts';

// `node:crypto` and not oslo: these run for every request. Measured: SHA-256 of a secret in 0.3 µs, by oslo, over WebCrypto, in 19 µs;
// random values see random-pool.ts. A plain SHA-256 is enough because everything hashed here is 256 bits, random or derived by HMAC, which
// nobody can guess through.

const secretBytes = 32;
/** 4 bytes of seconds, then 12 bits of milliseconds and 52 of random. */
const idBytes = 12;

/** 12 bytes of id as base64url, then 32 bytes of secret, whose last character has two bits that are always zero. */
const opaqueTokenPattern = /^[A-Za-z0-9_-]{16}[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;
const idHexPattern = /^[0-9a-f]{24}$/;
/** Characters of an opaque token before its secret. */
const encodedIdLength = 16;

/** What an opaque token says: which row to look at, and what to compare with the hash stored there by {@link equalHash}. */
export interface OpaqueToken {
  /** The 24 hex digits of the row's id. */
  readonly idHex: string;
  readonly secretHash: string;
}

/** Of the last id: when it was made, and its random part. */
let lastNow = 0;
let lastRandom = 0;
/** Where each id is put together. Measured: 0.5 µs, and 1.0 by `toString(16)`, which divides for every digit. */
const nextId = Buffer.alloc(idBytes);

/**
 * Makes an id: the prefix and 24 hex digits, of which the first 8 are the seconds since 1970, 3 the milliseconds and 13 are random. An id is
 * no secret. Rows made one after another lie side by side: with 8 digits of seconds and the rest random, every row of the same second went to
 * a page of its own, and a refresh wrote 17 kB instead of 3. In one millisecond each id of a process is the last one and a random number more
 * ("monotonic random", RFC 9562 §6.2): a page is then filled up instead of split.
 *
 * @param now Milliseconds since 1970. What lies before counts as 1970.
 */
export function newId(prefix: string, now: number): string {
  const seconds = Math.max(0, Math.floor(now / 1000));
  const milliseconds = Math.max(0, Math.floor(now - seconds * 1000));
  // The first is of 48 bits and a step of 24, so that half a thousand million of one millisecond stay within 13 digits.
  const next = now === lastNow ? lastRandom + 1 + randomBytes(3).readUIntBE(0, 3) : randomBytes(6).readUIntBE(0, 6);
  lastNow = now;
  lastRandom = next;
  const high = Math.floor(next / 2 ** 32);
  nextId.writeUInt32BE(seconds, 0);
  nextId.writeUInt32BE(milliseconds * 2 ** 20 + high, 4);
  nextId.writeUInt32BE(next - high * 2 ** 32, 8);
  return prefix + nextId.toString('hex');
}

/** Makes a secret of 256 random bits: 43 characters of base64url. */
export function newSecret(): string {
  return randomBytes(secretBytes).toString('base64url');
}

/**
 * Makes an opaque token of 59 characters: the row's id (16), so that it is found without an index over random hashes, and a secret (43).
 *
 * @param idHex The 24 hex digits of the row's id, without its prefix.
 */
export function opaqueToken(idHex: string, secret: string): string {
  if (!idHexPattern.test(idHex)) throw new RangeError('An opaque token starts with an id of 24 hex digits.');
  return Buffer.from(idHex, 'hex').toString('base64url') + secret;
}

/** Reads an opaque token; `undefined` where the text is none. Of all texts that decode to the same bytes only the canonical one passes. */
export function parseOpaqueToken(text: string): OpaqueToken | undefined {
  if (!opaqueTokenPattern.test(text)) return undefined;
  return {
    idHex: Buffer.from(text.slice(0, encodedIdLength), 'base64url').toString('hex'),
    secretHash: hashSecret(text.slice(encodedIdLength)),
  };
}

/** SHA-256 of a secret, as 43 characters of base64url. For random secrets only, never for what a person chose. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'base64url');
}

/** Compares two hashes in a time that does not tell where they differ. */
export function equalHash(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
