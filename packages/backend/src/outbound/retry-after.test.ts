import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRetryAfter, RETRY_AFTER_CAP_MS } from './retry-after.ts';

const NOW_MS = Date.parse('2026-11-06T08:49:07Z');

describe('parseRetryAfter', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7_000],
    ['Fri, 06 Nov 2026 08:49:37 GMT', 30_000],
    ['Friday, 06-Nov-26 08:49:37 GMT', 30_000],
    ['Fri Nov  6 08:49:37 2026', 30_000],
    ['Fri, 06 Nov 2020 08:49:37 GMT', 0],
  ])('reads %j', (value, expectedMs) => {
    expect(parseRetryAfter(value, NOW_MS)).toBe(expectedMs);
  });

  it.each(['3601', '1000000000', '9'.repeat(400), 'Fri, 06 Nov 2099 08:49:37 GMT'])('waits an hour at most for %j', (value) => {
    expect(parseRetryAfter(value, NOW_MS)).toBe(RETRY_AFTER_CAP_MS);
  });

  it.each([null, '', '-1', '3.5', '1e9', 'soon', '2026-11-06', '06 Nov 2026', 'Fri, 99 Nov 2026 08:49:37 GMT'])(
    'makes nothing of %j',
    (value) => {
      expect(parseRetryAfter(value, NOW_MS)).toBeUndefined();
    },
  );

  it('is a wait between nothing and the cap for whatever a server sends', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const ms = parseRetryAfter(value, NOW_MS) ?? 0;
        expect(ms >= 0 && ms <= RETRY_AFTER_CAP_MS).toBe(true);
      }),
    );
  });
});
