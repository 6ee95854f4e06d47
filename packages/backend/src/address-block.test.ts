import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressBlocks, isWithin, parseAddress, parseAddressBlock } from './address-block.ts';

describe('an address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::1', '::1'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::ffff:c000:201', '192.0.2.1'],
  ])('%s is read as %s', (text, read) => {
    expect(parseAddress(text)?.toString()).toBe(read);
  });

  it.each(['', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', '127.0.0.01', '1.2.3.4.', 'fe80::1%eth0', '[::1]', 'localhost', ' ::1'])(
    'is not read from %j',
    (text) => {
      expect(parseAddress(text)).toBeUndefined();
    },
  );

  it('is read from whatever the runtime writes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        expect(parseAddress(text)).toBeDefined();
      }),
    );
  });
});

describe('a block of addresses', () => {
  it.each([
    ['10.20.0.0/16', '10.20.255.1', '10.21.0.1'],
    ['10.20.0.1', '10.20.0.1', '10.20.0.2'],
    ['10.20.0.0/16', '::ffff:10.20.0.1', '::10.20.0.1'],
    ['::ffff:10.20.0.0/112', '10.20.0.1', '10.21.0.1'],
    ['2001:db8::/32', '2001:db8:ffff::1', '2001:db9::'],
    ['fc00::/7', 'fd00::1', 'fe00::1'],
  ])('%s holds %s and not %s', (block, inside, outside) => {
    const blocks = [parseAddressBlock(block)!];
    expect([inside, outside].map((address) => isWithin(parseAddress(address)!, blocks))).toEqual([true, false]);
  });

  it.each([
    '0.0.0.0/0',
    '10.0.0.0/7',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/08',
    '10.0.0.0/8/8',
    '10.0/8',
    '::/0',
    '2000::/3',
    '::/129',
    'x/8',
  ])('is not read from %s', (text) => {
    expect(parseAddressBlock(text)).toBeUndefined();
  });

  it('of ours may be wider, and is never misspelt', () => {
    expect(isWithin(parseAddress('3fff::')!, addressBlocks(['2000::/3']))).toBe(true);
    expect(() => addressBlocks(['10.0.0.0/40'])).toThrow('10.0.0.0/40 is no block of addresses');
  });
});
