import { describe, expect, it } from 'vitest';
import { median, medianRatio, shuffled } from './statistics.ts';

describe('statistics', () => {
  it('takes the middle, or the mean of the two in the middle', () => {
    expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([7])]).toEqual([2, 2.5, 7]);
    expect(median([])).toBeNaN();
  });

  it('compares round by round, so that a round in which the whole machine was slow changes nothing', () => {
    expect(medianRatio([100, 10, 100], [50, 5, 50])).toBe(2);
  });

  it('shuffles without losing or doubling anything', () => {
    const list = [1, 2, 3, 4, 5];
    expect(shuffled(list).toSorted((a, b) => a - b)).toEqual(list);
    expect(shuffled(list, () => 0)).toEqual([2, 3, 4, 5, 1]);
  });
});
