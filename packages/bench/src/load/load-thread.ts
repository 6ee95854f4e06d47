import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { isMainThread, type MessagePort, parentPort, Worker } from 'node:worker_threads';
import type { Operation } from '../candidates/candidate.ts';
import type { PartnerClient } from '../seed/partner-client.ts';
import { asksOf, type Supply } from './asks.ts';
import { collectGarbage } from './collect-garbage.ts';
import { generateLoad, type Load, type Measured } from './generate-load.ts';
import { WrongAnswer } from './wrong-answer.ts';

/** One operation of one server to ask for. */
export interface Order extends Omit<Load, 'next'> {
  readonly operation: Operation;
  readonly path: string;
  readonly client: PartnerClient;
  /** The thread has a copy of it, and gives it back as it left it. */
  readonly supply: Supply;
}

/** What came of an order. */
export interface Outcome {
  readonly measured: Measured;
  readonly supply: Supply;
}

/** A thread that asks, one order after the other. */
export interface LoadThread {
  /** @throws WrongAnswer; Error as `generateLoad` throws it */
  readonly carryOut: (order: Order) => Promise<Outcome>;
  readonly stop: () => Promise<void>;
}

type Reply = Outcome | { readonly failed: string; readonly isWrongAnswer: boolean };

/**
 * Each half of the space in which the thread makes its objects: more than it makes for the exchanges and refreshes of two seconds, so that
 * nothing is collected meanwhile. V8 by itself would stop it for 2 to 6 ms two to ten times, and 32 answers would lie there each time.
 */
const YOUNG_HALF_MEGABYTES = 128;

/**
 * Starts a thread that has nothing to do but to ask. The one that seeds holds 60 MB of libraries and tokens: where V8 went through them during
 * a measurement, it took 20 to 60 ms of the load's core, in which the server was asked nothing and answers lay there. For a server that gives
 * 16,000 answers in that time, up to half of its slowest hundredth was this, and half of userinfo's p99.
 */
export function startLoadThread(): LoadThread {
  // Heaps that begin later take their size from it; the one of this thread has its own.
  setFlagsFromString(`--min-semi-space-size=${YOUNG_HALF_MEGABYTES}`);
  setFlagsFromString(`--max-semi-space-size=${YOUNG_HALF_MEGABYTES}`);
  const worker = new Worker(new URL(import.meta.url));
  return {
    async carryOut(order) {
      collectGarbage();
      worker.postMessage(order, []);
      const [reply] = (await once(worker, 'message')) as [Reply];
      if (!('failed' in reply)) return reply;
      throw reply.isWrongAnswer ? new WrongAnswer(reply.failed) : new Error(reply.failed);
    },
    async stop() {
      await worker.terminate();
    },
  };
}

/** What the thread does. */
async function tryToCarryOut({ operation, path, client, supply, ...load }: Order): Promise<Reply> {
  try {
    const measured = await generateLoad({ ...load, next: asksOf(operation, { path, client, supply }) });
    return { measured, supply };
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error), isWrongAnswer: error instanceof WrongAnswer };
  }
}

function takeOrders(port: MessagePort): void {
  port.on('message', (order: Order) => {
    void tryToCarryOut(order).then((reply) => port.postMessage(reply, []));
  });
}

if (!isMainThread && parentPort !== null) takeOrders(parentPort);
