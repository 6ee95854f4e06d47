import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { boundYoungGeneration } from './young-generation.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('lets the young generation double until it is large enough, and grow to that in one step after V8 made it smaller', () => {
  let sizeBytes = 2_000_000;
  const factors: number[] = [];
  boundYoungGeneration({ sizeBytes: () => sizeBytes, setGrowthFactor: (factor) => void factors.push(factor) });
  vi.advanceTimersByTime(5000);
  expect(factors).toEqual([]);
  sizeBytes = 16_777_216;
  vi.advanceTimersByTime(5000);
  expect(factors).toEqual([1]);
  sizeBytes = 1_048_576;
  vi.advanceTimersByTime(5000);
  expect(factors).toEqual([1, 15]);
  sizeBytes *= 15;
  vi.advanceTimersByTime(5000);
  expect(factors).toEqual([1, 15, 1]);
});

it('reads the size of this process and sets what V8 knows', () => {
  const timers = vi.getTimerCount();
  boundYoungGeneration();
  expect(vi.getTimerCount()).toBe(timers + 1);
  expect(() => vi.advanceTimersByTime(1000)).not.toThrow();
});
