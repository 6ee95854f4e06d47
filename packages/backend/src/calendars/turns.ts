import { setTimeout as pause } from 'node:timers/promises';

/** Work on the same thing, one after another within this process. Between processes the version of the stored row decides. */
export interface Turns {
  /** Does the work when those before it are done; `undefined` where that took too long, and nothing was done. */
  take<T>(key: string, work: () => Promise<T>): Promise<{ readonly done: T } | undefined>;
}

/** Makes the {@link Turns} of a process. `waitMs`: how long somebody waits for their turn. */
export function createTurns(waitMs: number): Turns {
  const last = new Map<string, Promise<unknown>>();
  return {
    take: async (key, work) => {
      const before = last.get(key) ?? Promise.resolve();
      let isLate = false;
      const mine = before.then(async () => (isLate ? undefined : { done: await work() }));
      const settled = mine.catch(() => undefined);
      last.set(key, settled);
      void settled.then(() => {
        if (last.get(key) === settled) last.delete(key);
      });
      const giveUp = new AbortController();
      const waited = pause(waitMs, undefined, { signal: giveUp.signal }).catch(() => undefined);
      const started = await Promise.race([before.then(() => true), waited.then(() => false)]);
      giveUp.abort();
      if (started) return mine;
      isLate = true;
      return undefined;
    },
  };
}
