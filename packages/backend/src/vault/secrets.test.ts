import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandomPool } from './random-pool.ts';
import { equalHash, hashSecret, newId, newSecret, opaqueToken, parseOpaqueToken } from './secrets.ts';

const now = Date.UTC(2026, 10, 21, 9, 0, 0);
const idHex = '69202c5a00112233445566ff';
const anyId = fc.stringMatching(/^[0-9a-f]{24}$/);

describe('an id', () => {
  it('is its prefix, the seconds, the milliseconds and 13 hex digits', () => {
    expect(newId('pro_', now)).toMatch(/^pro_[0-9a-f]{24}$/);
    expect(Number.parseInt(newId('', now).slice(0, 8), 16)).toBe(now / 1000);
    expect(newId('', 999)).toMatch(/^000000003e7/);
    expect(newId('', 4_294_967_295_999)).toMatch(/^ffffffff3e7/);
    expect(newId('', -1)).toMatch(/^00000000000/);
  });

  it('sorts by time and is another one each time', () => {
    expect(newId('', now) < newId('', now + 1000)).toBe(true);
    expect(new Set(Array.from({ length: 10_000 }, () => newId('', now))).size).toBe(10_000);
  });

  it('comes after those of the same millisecond, by a step that nobody can tell', () => {
    const ids = Array.from({ length: 10_000 }, () => newId('', now));
    expect(ids.toSorted()).toEqual(ids);
    const digits = ids.map((id) => Number.parseInt(id.slice(11), 16));
    expect(new Set(digits.slice(1).map((value, at) => value - (digits[at] ?? 0))).size).toBeGreaterThan(9_900);
  });

  it('begins anew with each millisecond, and where the clock goes back', () => {
    const starts = Array.from({ length: 1000 }, (_, at) => newId('', now + (at % 2)).slice(11));
    expect(new Set(starts.map((start) => start.slice(0, 6))).size).toBeGreaterThan(900);
  });

  it('is always 24 hex digits', () => {
    for (let step = 0; step < 100_000; step += 1) expect(newId('', now + (step >> 12))).toMatch(/^[0-9a-f]{24}$/);
  });
});

describe('a secret', () => {
  it('is of 256 bits, as 43 characters of base64url', () => {
    const secret = newSecret();
    expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(Buffer.from(secret, 'base64url').toString('base64url')).toBe(secret);
  });

  it('is another one each time', () => {
    expect(new Set(Array.from({ length: 10_000 }, newSecret)).size).toBe(10_000);
  });

  it('is compared by its SHA-256', () => {
    expect(hashSecret('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
    expect(equalHash(hashSecret('abc'), hashSecret('abc'))).toBe(true);
    expect(equalHash(hashSecret('abc'), hashSecret('abd'))).toBe(false);
    expect(equalHash(hashSecret('abc'), '')).toBe(false);
  });
});

describe('an opaque token', () => {
  it('says its id and the hash of its secret', () => {
    fc.assert(
      fc.property(anyId, (id) => {
        const token = opaqueToken(id, newSecret());
        expect(token).toHaveLength(59);
        expect(parseOpaqueToken(token)).toEqual({ idHex: id, secretHash: hashSecret(token.slice(16)) });
      }),
    );
  });

  it('is made of a whole id only', () => {
    for (const text of ['', 'pro_69202c5a00112233445566ff', idHex.toUpperCase(), idHex.slice(2)]) {
      expect(() => opaqueToken(text, newSecret())).toThrow(RangeError);
    }
  });

  it('is read in its one way of writing only', () => {
    const token = opaqueToken(idHex, newSecret());
    const notCanonical = ['B', 'C', 'D'].map((last) => `${token.slice(0, -1)}${last}`);
    const others = ['', token.slice(1), `${token}A`, `${token}=`, ` ${token}`, `${token}\n`, token.replace(/^./, '+'), ...notCanonical];
    for (const text of others) expect(parseOpaqueToken(text)).toBeUndefined();
  });

  it('is not read from any other text', () => {
    fc.assert(fc.property(fc.string({ maxLength: 70 }), (text) => parseOpaqueToken(text) === undefined));
  });
});

describe('the random pool', () => {
  it('hands out every byte once', () => {
    let filled = 0;
    const take = createRandomPool((pool) => pool.fill((filled += 1)));
    const pieces = Array.from({ length: 300 }, () => take(32));
    expect(filled).toBe(3);
    expect(pieces[0]).toEqual(Buffer.alloc(32, 1));
    expect(pieces[299]).toEqual(Buffer.alloc(32, 3));
  });

  it('hands out bytes that nobody changes later', () => {
    const take = createRandomPool();
    const bytes = take(32);
    const copy = Buffer.from(bytes);
    for (let n = 0; n < 300; n += 1) take(32);
    expect(bytes).toEqual(copy);
  });

  it('refuses what it cannot hold', () => {
    expect(() => createRandomPool()(5000)).toThrow(RangeError);
  });
});
