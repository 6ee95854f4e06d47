import { type Candidate, type Operation, pathOf, type Running } from '../candidates/candidate.ts';
import { checkIssued, type Supply, supplyOf } from '../load/asks.ts';
import type { Measured } from '../load/generate-load.ts';
import { type LoadThread, startLoadThread } from '../load/load-thread.ts';
import { alone } from './alone.ts';
import { shuffled } from './statistics.ts';

/** As many as a backend of partners' servers sees at once. */
const CONNECTIONS = 32;

/** Before each measurement. */
const RAMP_MS = 500;

/** Tokens made beforehand, which refresh and userinfo go round and round. */
const TOKENS = 2000;

/** How long is measured. */
export interface Effort {
  readonly rounds: number;
  /** For each candidate and operation, in each round. */
  readonly secondsEach: number;
}

/** What one candidate's operation measured, a value for each round. */
export interface Series {
  readonly candidate: string;
  readonly operation: Operation;
  readonly rounds: Measured[];
}

/** What all operations of a candidate are asked with, and every token that ever came back of them: none may come twice. */
interface Given {
  supply: Supply;
  readonly issued: Set<string>;
}

/** One thing to measure. */
interface Heat {
  readonly candidate: Candidate;
  readonly running: Running;
  /** The servers of the other candidates. */
  readonly others: readonly Running[];
  readonly loadThread: LoadThread;
  readonly given: Given;
  readonly operation: Operation;
  readonly series: Series;
  /** Of the warm-up: how many codes a round may need. */
  perSecond: number;
}

/**
 * Measures every operation of every candidate, in rounds that each go through all of them in another order, after {@link WARM_UPS} that only warm up.
 *
 * @throws WrongAnswer
 */
export async function measureThroughput(
  candidates: readonly Candidate[],
  { rounds, secondsEach }: Effort,
  tell: (line: string) => void,
): Promise<readonly Series[]> {
  const loadThread = await startLoadThread();
  const stops: (() => Promise<void>)[] = [() => loadThread.stop()];
  try {
    const started: Started[] = [];
    for (const candidate of candidates) {
      const running = await candidate.start();
      stops.push(() => running.stop());
      started.push({ candidate, running });
    }
    const heats: Heat[] = [];
    for (const each of started) {
      const others = started.filter((other) => other !== each).map((other) => other.running);
      heats.push(...(await heatsOf(each, { others, loadThread })));
    }
    for (const heat of heats) heat.perSecond = (await warmUp(heat, secondsEach)).perSecond;
    for (let round = 1; round <= rounds; round += 1) {
      tell(`round ${round} of ${rounds}`);
      for (const heat of shuffled(heats)) heat.series.rounds.push(await run(heat, secondsEach));
    }
    return heats.map((heat) => heat.series);
  } finally {
    for (const stop of stops) await stop();
  }
}

interface Started {
  readonly candidate: Candidate;
  readonly running: Running;
}

async function heatsOf({ candidate, running }: Started, shared: Pick<Heat, 'others' | 'loadThread'>): Promise<Heat[]> {
  const needsTokens = candidate.operations.some((operation) => operation === 'refresh' || operation === 'userinfo');
  const { tokens } = needsTokens ? await running.seed({ codes: 0, tokens: TOKENS }) : { tokens: [] };
  const given: Given = { supply: supplyOf(tokens), issued: new Set() };
  return candidate.operations.map((operation) => ({
    ...shared,
    candidate,
    running,
    given,
    operation,
    series: { candidate: candidate.name, operation, rounds: [] },
    perSecond: 0,
  }));
}

/** Times that everything is asked before it counts. Ours is compiled anew until some 30,000 requests: threads of V8 take up to 18 % of the core so long. */
const WARM_UPS = 5;

/** Answers with what the last one measured. */
async function warmUp(heat: Heat, secondsEach: number): Promise<Measured> {
  // Nobody knows yet how many codes it needs, and few may not last for a ramp.
  let measured = await run({ ...heat, perSecond: 1000 }, secondsEach, 0);
  for (let done = 1; done < WARM_UPS; done += 1) measured = await run({ ...heat, perSecond: 2 * measured.perSecond }, secondsEach);
  return measured;
}

/** Codes are made right before they are used; a round that uses all of them ends early, and counts the time it took. */
async function run(heat: Heat, seconds: number, rampMs: number = RAMP_MS): Promise<Measured> {
  const { candidate, operation, running, others, loadThread, given } = heat;
  if (operation === 'exchange') {
    const wanted = Math.ceil(heat.perSecond * (seconds + rampMs / 1000) * 1.2);
    const { codes } = await running.seed({ codes: Math.max(0, wanted - given.supply.codes.length), tokens: 0 });
    given.supply.codes.push(...codes);
  }
  const { port, client } = running;
  const path = pathOf(candidate, operation);
  const order = { operation, port, path, client, supply: given.supply, connections: CONNECTIONS, rampMs, durationMs: seconds * 1000 };
  const { measured, supply } = await alone(
    others.map(({ pid }) => pid),
    () => loadThread.carryOut(order),
  );
  checkIssued(supply, given.issued);
  given.supply = supply;
  return measured;
}
