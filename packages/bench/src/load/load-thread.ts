import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { collectGarbage } from './collect-garbage.ts';
import type { Order, Outcome, Reply } from './load-thread-program.ts';
import { WrongAnswer } from './wrong-answer.ts';

/** A thread that asks, one order after the other. */
export interface LoadThread {
  /** @throws WrongAnswer; Error as `generateLoad` throws it, or where the thread has ended */
  readonly carryOut: (order: Order) => Promise<Outcome>;
  readonly stop: () => Promise<void>;
}

const PROGRAM = new URL('load-thread-program.ts', import.meta.url);

/**
 * Each half of the space in which the thread makes its objects: as much as some 50,000 exchanges or refreshes leave, so that nothing has to be
 * collected in the usual two or three seconds. With V8's own size it stops for 2 to 6 ms, two to ten times in two seconds.
 */
const YOUNG_HALF_MEGABYTES = 128;

/**
 * Starts a thread that has nothing to do but to ask. The one that seeds holds 60 MB of libraries and tokens: where V8 goes through them during a
 * measurement, it takes 20 to 60 ms of the load's core, in which answers lie there and nothing is asked.
 */
export async function startLoadThread(): Promise<LoadThread> {
  const worker = await startWithYoungHalfOf(YOUNG_HALF_MEGABYTES);
  let whyEnded = 'the thread that asks has ended';
  const ended = new AbortController();
  worker.on('error', (error) => (whyEnded = `the thread that asks failed: ${String(error)}`));
  worker.on('exit', () => ended.abort());
  return {
    async carryOut(order) {
      // What the seeding has left, so that V8 does not come to it while the other thread measures on the same core.
      collectGarbage();
      worker.postMessage(order, []);
      const [reply] = (await once(worker, 'message', { signal: ended.signal }).catch(() => {
        throw new Error(whyEnded);
      })) as [Reply];
      if (!('failed' in reply)) return reply;
      throw reply.isWrongAnswer ? new WrongAnswer(reply.failed) : new Error(reply.failed);
    },
    async stop() {
      await worker.terminate();
    },
  };
}

/** V8 knows no such setting for one thread: heaps take theirs from its flags when they begin. */
async function startWithYoungHalfOf(megabytes: number): Promise<Worker> {
  setYoungHalf(megabytes);
  try {
    const worker = new Worker(PROGRAM);
    await once(worker, 'online');
    return worker;
  } finally {
    setYoungHalf(0);
  }
}

/** 0: V8's own size. */
function setYoungHalf(megabytes: number): void {
  for (const bound of ['min', 'max']) setFlagsFromString(`--${bound}-semi-space-size=${megabytes}`);
}
