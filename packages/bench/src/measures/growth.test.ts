import { describe, expect, it } from 'vitest';
import { growthOf } from './growth.ts';

const MB = 1_000_000;

describe('growth of memory', () => {
  it('is counted from the first sample, when the server is warm', () => {
    const samplesBytes = [100, 110, 112, 112, 112, 112, 112, 112].map((megabytes) => megabytes * MB);
    expect(growthOf({ samplesBytes })).toEqual({ grownBytes: 12 * MB, stillBytes: 0 });
  });

  it('that goes on shows between the second quarter and the last', () => {
    const samplesBytes = Array.from({ length: 8 }, (_, step) => (100 + step) * MB);
    expect(growthOf({ samplesBytes })).toEqual({ grownBytes: 7 * MB, stillBytes: 4 * MB });
  });
});
