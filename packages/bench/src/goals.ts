import type { Operation } from './candidates/candidate.ts';
import { type Growth, growthOf } from './measures/growth.ts';
import type { Sizes } from './measures/sizes.ts';
import type { Starts } from './measures/start-up.ts';
import { median, medianRatio } from './measures/statistics.ts';
import type { Series } from './measures/throughput.ts';

/** One goal and what came of it. */
export interface Verdict {
  readonly goal: GoalNumber;
  readonly what: string;
  readonly measured: string;
  readonly wanted: string;
  readonly isHeld: boolean;
}

/** The goals that this benchmark measures. */
export const GOAL_NUMBERS = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7', 'P8'] as const;

/** One of {@link GOAL_NUMBERS}. */
export type GoalNumber = (typeof GOAL_NUMBERS)[number];

const OURS = 'calendar-connect';
const MB = 1_000_000;

/** Ratios of requests per second and of the slowest hundredth, round by round. */
export function judgeThroughput(series: readonly Series[]): Verdict[] {
  const values = (candidate: string, operation: Operation, of: 'perSecond' | 'p99Ms'): number[] =>
    (series.find((each) => each.candidate === candidate && each.operation === operation)?.rounds ?? []).map((round) => round[of]);
  const times = (goal: GoalNumber, operation: Operation, least: number): Verdict => {
    const ratio = medianRatio(values(OURS, operation, 'perSecond'), values('oidc-provider', operation, 'perSecond'));
    return {
      goal,
      what: `${nameOf(operation)} against oidc-provider`,
      measured: `${ratio.toFixed(1)} ×`,
      wanted: `≥ ${least} ×`,
      isHeld: ratio >= least,
    };
  };
  const share = (operation: Operation, least: number): Verdict => {
    const of = (bare: string): number => medianRatio(values(OURS, operation, 'perSecond'), values(bare, 'form', 'perSecond'));
    const ratio = of('bare Hono');
    return {
      goal: 'P4',
      what: `${nameOf(operation)} against bare Hono (one that parses by hand: ${percent(of('bare Hono, parsing by hand'))})`,
      measured: percent(ratio),
      wanted: `≥ ${percent(least)}`,
      isHeld: ratio >= least,
    };
  };
  const slowest = medianRatio(values(OURS, 'exchange', 'p99Ms'), values('oidc-provider', 'exchange', 'p99Ms'));
  return [
    times('P1', 'exchange', 7),
    times('P2', 'refresh', 12),
    times('P3', 'userinfo', 5),
    share('exchange', 0.35),
    share('refresh', 0.6),
    share('userinfo', 0.6),
    {
      goal: 'P5',
      what: 'p99 of code exchange against oidc-provider',
      measured: `${slowest.toFixed(3)} ×`,
      wanted: '≤ 0.1 ×',
      isHeld: slowest <= 0.1,
    },
  ];
}

/** As a reader of the table knows an operation. */
export function nameOf(operation: Operation): string {
  return { exchange: 'code exchange', refresh: 'refresh', userinfo: 'userinfo', form: 'form POST, nothing kept' }[operation];
}

/** Start, and memory after it. */
export function judgeStarts(starts: Starts): Verdict[] {
  const start = medianRatio(starts[OURS].startMs, starts['bare Hono + SQLite'].startMs);
  const memory = medianRatio(starts[OURS].residentBytes, starts['bare Hono'].residentBytes);
  return [
    {
      goal: 'P6',
      what: `serve, to the first 200 on /healthz (${median(starts[OURS].startMs).toFixed(0)} ms), against bare Hono + SQLite`,
      measured: `${start.toFixed(2)} ×`,
      wanted: '≤ 1.2 ×',
      isHeld: start <= 1.2,
    },
    {
      goal: 'P7',
      what: `memory after start (${megabytes(median(starts[OURS].residentBytes))}) against bare Hono`,
      measured: `${memory.toFixed(2)} ×`,
      wanted: '≤ 1.2 ×',
      isHeld: memory <= 1.2,
    },
  ];
}

/** Memory may still breathe by as much between one quarter and the last. */
const FLAT_BYTES = 5 * MB;

/** Memory over many requests. */
export function judgeGrowth(growth: Growth): Verdict {
  const { grownBytes, stillBytes } = growthOf(growth);
  return {
    goal: 'P7',
    what: `memory's growth over ${growth.requests.toLocaleString('en')} requests (${megabytes(growth.afterStartBytes)} after start, ${megabytes(growth.samplesBytes[0] ?? Number.NaN)} warm)`,
    measured: `${megabytes(grownBytes)}, ${megabytes(stillBytes)} from the second quarter to the last`,
    wanted: `≤ 30 MB and flat (≤ ${megabytes(FLAT_BYTES)})`,
    isHeld: grownBytes <= 30 * MB && stillBytes <= FLAT_BYTES,
  };
}

/** What a page loads. */
export function judgeSizes({ entry, everything, litAlone, cronofyElements }: Sizes): Verdict[] {
  const among = `Lit alone ${kilobytes(litAlone)}, cronofy-elements ${kilobytes(cronofyElements)}`;
  return [
    {
      goal: 'P8',
      what: `element: button and session client, brotli (${among})`,
      measured: kilobytes(entry),
      wanted: '≤ 9 kB',
      isHeld: entry <= 9000,
    },
    {
      goal: 'P8',
      what: 'element: everything, with the dialog and English',
      measured: kilobytes(everything),
      wanted: '≤ 16 kB',
      isHeld: everything <= 16_000,
    },
  ];
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;
const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(2)} kB`;
const megabytes = (bytes: number): string => `${(bytes / MB).toFixed(1)} MB`;
