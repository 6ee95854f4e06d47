import { describe, expect, it } from 'vitest';
import { isSameCode, newAddressCode, readTypedCode } from './address-code.ts';

describe('a code that proves an address', () => {
  it('is six digits, with leading zeros, spread over all that there are', () => {
    const codes = Array.from({ length: 20_000 }, newAddressCode);
    expect(codes.every((code) => /^\d{6}$/.test(code))).toBe(true);
    expect(new Set(codes).size).toBeGreaterThan(19_000);
    // 2,000 of each are expected; a source that leaned by a quarter would be seen, and chance does so once in 10^29 runs.
    for (const digit of '0123456789') {
      const begin = codes.filter((code) => code.startsWith(digit)).length;
      expect(begin, `codes that begin with ${digit}`).toBeGreaterThan(1500);
      expect(begin, `codes that begin with ${digit}`).toBeLessThan(2500);
    }
  });

  it.each(['012345', ' 012 345 ', '012-345', '012–345', '0 1 2 3 4 5', '０１２３４５', '012\u00a0345', '012\u200b345\n'])(
    'is read from %j as 012345',
    (text) => expect(readTypedCode(text)).toBe('012345'),
  );

  it.each(['', '12345', '1234567', '12345a', '12.345', '0x1234', '٠١٢٣٤٥'])('is not read from %j', (text) =>
    expect(readTypedCode(text)).toBeUndefined(),
  );

  it('is the same as itself alone', () => {
    expect(isSameCode('012345', '012345')).toBe(true);
    expect(isSameCode('012345', '012346')).toBe(false);
    expect(isSameCode('012345', '01234')).toBe(false);
  });
});
