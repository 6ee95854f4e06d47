import { LRUCache } from 'lru-cache';

/** How much may happen at once, and how fast it becomes allowed again. */
export interface Rate {
  readonly burst: number;
  readonly perMinute: number;
}

/** Counts what happens per key. Nothing is counted for a key that was not seen for long: memory is bounded, the oldest key is forgotten first. */
export interface Buckets {
  /** Milliseconds until one more may happen; 0 where it may now. */
  waitMs(key: string): number;
  /** Counts one, whether it may happen or not: who goes on regardless waits longer, up to the time of a whole burst. */
  take(key: string): void;
}

/**
 * Token buckets by the generic cell rate algorithm: one number per key, the time at which its bucket would be full again.
 *
 * @param maxKeys Keys that are remembered.
 */
export function createBuckets(rate: Rate, maxKeys: number, now: () => number): Buckets {
  const intervalMs = 60_000 / rate.perMinute;
  const burstMs = intervalMs * rate.burst;
  // It makes its places beforehand, 10,000 of them in 1 ms and 0.3 MB: where nothing is counted there shall be none.
  let fullAt: LRUCache<string, number> | undefined;
  return {
    waitMs: (key) => {
      const at = fullAt?.get(key);
      if (at === undefined) return 0;
      // Never further away than a whole burst: the clock may have been set back.
      const nowMs = now();
      return Math.max(0, Math.ceil(Math.min(at, nowMs + burstMs) + intervalMs - burstMs - nowMs));
    },
    take: (key) => {
      const nowMs = now();
      const from = Math.max(fullAt?.get(key) ?? nowMs, nowMs);
      fullAt ??= new LRUCache({ max: maxKeys });
      fullAt.set(key, Math.min(from + intervalMs, nowMs + burstMs));
    },
  };
}
