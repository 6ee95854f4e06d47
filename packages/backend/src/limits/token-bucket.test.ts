import { expect, it } from 'vitest';
import { createBuckets } from './token-bucket.ts';

function bucketsAt(rate: { burst: number; perMinute: number }, maxKeys = 10) {
  let nowMs = 10_000_000;
  return { buckets: createBuckets(rate, maxKeys, () => nowMs), pass: (ms: number) => (nowMs += ms) };
}

it('lets a burst pass, and then one each interval', () => {
  const { buckets, pass } = bucketsAt({ burst: 3, perMinute: 60 });
  for (let n = 0; n < 3; n += 1) {
    expect(buckets.waitMs('a')).toBe(0);
    buckets.take('a');
  }
  expect(buckets.waitMs('a')).toBe(1000);
  pass(999);
  expect(buckets.waitMs('a')).toBe(1);
  pass(1);
  expect(buckets.waitMs('a')).toBe(0);
});

it('is full again after the time of a whole burst, however many were taken', () => {
  const { buckets, pass } = bucketsAt({ burst: 3, perMinute: 60 });
  for (let n = 0; n < 1000; n += 1) buckets.take('a');
  expect(buckets.waitMs('a')).toBe(1000);
  pass(3000);
  for (let n = 0; n < 3; n += 1) {
    expect(buckets.waitMs('a')).toBe(0);
    buckets.take('a');
  }
  expect(buckets.waitMs('a')).toBe(1000);
});

it('counts each key for itself', () => {
  const { buckets } = bucketsAt({ burst: 1, perMinute: 60 });
  buckets.take('a');
  expect([buckets.waitMs('a'), buckets.waitMs('b')]).toEqual([1000, 0]);
});

it('F05: forgets the key that was not seen for longest where there are too many', () => {
  const { buckets } = bucketsAt({ burst: 1, perMinute: 60 }, 100);
  for (let n = 0; n < 100_000; n += 1) buckets.take(`address ${n}`);
  expect(buckets.waitMs('address 0')).toBe(0);
  expect(buckets.waitMs('address 99899')).toBe(0);
  expect(buckets.waitMs('address 99900')).toBeGreaterThan(0);
});

it('makes nobody wait longer than for a whole burst when the clock is set back', () => {
  const { buckets, pass } = bucketsAt({ burst: 3, perMinute: 60 });
  for (let n = 0; n < 3; n += 1) buckets.take('a');
  pass(-3_600_000);
  expect(buckets.waitMs('a')).toBe(1000);
});
