const FIRST_MS = 30_000;
const MAX_MS = 6 * 3600_000;

/**
 * How long to wait after the nth failure in a row: 30 seconds, then twice as long each time, up to six hours, a quarter more or less so
 * that what failed together does not come back together.
 *
 * @param failures 1 after the first.
 * @param random From 0 to below 1; `Math.random` by default.
 */
export function retryDelayMs(failures: number, random: () => number = Math.random): number {
  const delayMs = Math.min(MAX_MS, FIRST_MS * 2 ** (failures - 1));
  return Math.round(delayMs * (0.75 + random() / 2));
}
