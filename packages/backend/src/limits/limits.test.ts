import { describe, expect, it } from 'vitest';
import { type AddressCodeAsker, createLimits } from './limits.ts';
import { RateLimited } from './rate-limited.ts';

/** Asks so often that it is refused, and answers how often it was not. */
function codesOf(asker: (n: number) => AddressCodeAsker, limits = createLimits(() => 0)): number {
  for (let n = 0; ; n += 1) {
    try {
      limits.countAddressCode(asker(n));
    } catch (error) {
      expect(error).toBeInstanceOf(RateLimited);
      return n;
    }
  }
}

describe('codes that prove an address', () => {
  const asker = { sessionId: 'ses_1', applicationId: 'app_1', address: '192.0.2.1' };

  it('are ten at once in one session', () => expect(codesOf(() => asker)).toBe(10));

  it('are thirty at once for one address of a client', () => expect(codesOf((n) => ({ ...asker, sessionId: `ses_${n}` }))).toBe(30));

  it('are three hundred at once for one application, also where nobody says who connects', () => {
    expect(codesOf((n) => ({ ...asker, sessionId: `ses_${n}`, address: `192.0.2.${n}` }))).toBe(300);
    expect(codesOf((n) => ({ ...asker, sessionId: `ses_${n}`, address: undefined }))).toBe(300);
  });

  it('that are refused for one reason count for no other', () => {
    const limits = createLimits(() => 0);
    expect(codesOf(() => asker, limits)).toBe(10);
    for (let n = 0; n < 100; n += 1) expect(() => limits.countAddressCode(asker)).toThrow(RateLimited);
    expect(codesOf((n) => ({ ...asker, sessionId: `other_${n}` }), limits)).toBe(20);
  });
});
