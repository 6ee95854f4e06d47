import type { Context } from 'hono';
import { ZoomError } from './api-error.ts';
import type { ZoomParts } from './parts.ts';

const DAY_MS = 86_400_000;

/** Counts what people create and change in a day of UTC. */
export interface DailyCount {
  /** Counts one more; returns how many that person had in the day before it. */
  readonly add: (email: string) => number;
}

/** Creates the count. Yesterday's is forgotten. */
export function createDailyCount(now: () => number): DailyCount {
  let day = -1;
  let counts = new Map<string, number>();
  return {
    add: (email) => {
      const today = Math.floor(now() / DAY_MS);
      if (today !== day) counts = new Map();
      day = today;
      const before = counts.get(email) ?? 0;
      counts.set(email, before + 1);
      return before;
    },
  };
}

/**
 * Refuses where a person has created and changed too many meetings today. `Retry-After` is a date, as Zoom's.
 * @throws ZoomError 429
 * @see {@link https://developers.zoom.us/docs/api/rate-limits/}
 */
export function checkDailyLimit(
  c: Context,
  email: string,
  { switches, dailyCount, now }: Pick<ZoomParts, 'switches' | 'dailyCount' | 'now'>,
): void {
  const limit = switches.forUser(email).dailyMeetingLimit;
  if (dailyCount.add(email) < limit) return;
  const midnight = new Date((Math.floor(now() / DAY_MS) + 1) * DAY_MS).toISOString();
  c.header('Retry-After', `${midnight.slice(0, 19)}Z`);
  c.header('X-RateLimit-Type', 'Daily-limit');
  c.header('X-RateLimit-Limit', String(limit));
  c.header('X-RateLimit-Remaining', '0');
  throw new ZoomError(429, 429, {
    message: `You have exceeded the daily rate limit (${limit}) of Meeting Create/Update API requests permitted for this particular user. You may resume these requests at GMT 00:00:00.`,
  });
}
