import { calendarConnect } from '../candidates/calendar-connect.ts';
import { type Operation, pathOf, type Running } from '../candidates/candidate.ts';
import { asksOf, checkIssued, type Supply, supplyOf } from '../load/asks.ts';
import { type Ask, generateLoad } from '../load/generate-load.ts';
import { residentBytes } from './resident-bytes.ts';

/** How memory went while a running backend was asked. */
export interface Growth {
  readonly requests: number;
  readonly afterStartBytes: number;
  /** Warm, and then after each of {@link STEPS} equal shares of the requests. */
  readonly samplesBytes: readonly number[];
}

/** How often memory is read. */
const STEPS = 20;

/**
 * Requests before growth is counted. A process under load takes what V8 allows its young generation, some 100 MB in a Node without flags; a bare
 * server does the same. What grows after that would grow for ever.
 */
const WARM_UP_REQUESTS = 50_000;

/** One exchange for so many requests: as often as partners connect somebody, and as many codes as are made in a short time. */
const REQUESTS_PER_EXCHANGE = 50;

const TOKENS = 2000;

/** Asks `serve`, as it is published, for refreshes, userinfo and exchanges. @throws WrongAnswer */
export async function measureGrowth(requests: number, tell: (line: string) => void): Promise<Growth> {
  const running = await calendarConnect.start();
  try {
    const afterStartBytes = residentBytes(running.pid);
    const { tokens } = await running.seed({ codes: 0, tokens: TOKENS });
    await ask(running, tokens, WARM_UP_REQUESTS);
    const samplesBytes = [residentBytes(running.pid)];
    for (let step = 1; step <= STEPS; step += 1) {
      await ask(running, tokens, Math.ceil(requests / STEPS));
      samplesBytes.push(residentBytes(running.pid));
      if (step % 5 === 0) tell(`${Math.round((100 * step) / STEPS)} % of ${requests} requests`);
    }
    return { requests, afterStartBytes, samplesBytes };
  } finally {
    await running.stop();
  }
}

async function ask(running: Running, tokens: Supply['tokens'], count: number): Promise<void> {
  const { codes } = await running.seed({ codes: Math.ceil(count / REQUESTS_PER_EXCHANGE), tokens: 0 });
  const supply: Supply = { ...supplyOf(tokens), codes: [...codes] };
  const next = (operation: Operation): (() => Ask | undefined) =>
    asksOf(operation, { path: pathOf(calendarConnect, operation), client: running.client, supply });
  const [exchange, refresh, userinfo] = [next('exchange'), next('refresh'), next('userinfo')];
  let asked = 0;
  const mixed = (): Ask | undefined => {
    if (asked === count) return undefined;
    asked += 1;
    if (asked % REQUESTS_PER_EXCHANGE === 0) return exchange();
    return asked % 2 === 0 ? refresh() : userinfo();
  };
  await generateLoad({ port: running.port, connections: 32, next: mixed, durationMs: Number.POSITIVE_INFINITY });
  checkIssued(supply, new Set());
}

/** Bytes by which memory grew since it was warm, and by which it still grew from the second quarter to the last. */
export function growthOf({ samplesBytes }: Pick<Growth, 'samplesBytes'>): { grownBytes: number; stillBytes: number } {
  const quarter = Math.floor(samplesBytes.length / 4);
  const mean = (from: number): number => samplesBytes.slice(from, from + quarter).reduce((sum, bytes) => sum + bytes, 0) / quarter;
  return {
    grownBytes: (samplesBytes.at(-1) ?? Number.NaN) - (samplesBytes[0] ?? Number.NaN),
    stillBytes: mean(3 * quarter) - mean(quarter),
  };
}
