const MINUTE_MS = 60_000;
/** A server that fails has all its people look at once, and what they ask may be one machine of an organisation's. */
const MOST_A_MINUTE = 10;

/** How many looks for servers there are: one at a time for a mail domain, and ten begun in a minute. */
export interface LookLimits {
  /** Begins a look and gives what ends it; `undefined` where there is to be none now. */
  begin(mailDomain: string): (() => void) | undefined;
}

/** Makes the limits of one process. */
export function createLookLimits(now: () => number): LookLimits {
  const underWay = new Set<string>();
  let begunAtMs: readonly number[] = [];
  return {
    begin: (mailDomain) => {
      begunAtMs = begunAtMs.filter((atMs) => now() - atMs < MINUTE_MS);
      if (underWay.has(mailDomain) || begunAtMs.length >= MOST_A_MINUTE) return undefined;
      begunAtMs = [...begunAtMs, now()];
      underWay.add(mailDomain);
      return () => void underWay.delete(mailDomain);
    },
  };
}
