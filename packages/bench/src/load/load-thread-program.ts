import { parentPort } from 'node:worker_threads';
import type { Operation } from '../candidates/candidate.ts';
import { type Asked, asksOf, type Supply } from './asks.ts';
import { generateLoad, type Load, type Measured } from './generate-load.ts';
import { WrongAnswer } from './wrong-answer.ts';

/** One operation of one server to ask for. What it asks with is copied to the thread. */
export interface Order extends Omit<Load, 'next'>, Asked {
  readonly operation: Operation;
}

/** What came of an order. */
export interface Outcome {
  readonly measured: Measured;
  /** As the order left it. */
  readonly supply: Supply;
}

/** What the thread answers with. */
export type Reply = Outcome | { readonly failed: string; readonly isWrongAnswer: boolean };

async function tryToCarryOut({ operation, path, client, supply, ...load }: Order): Promise<Reply> {
  try {
    const measured = await generateLoad({ ...load, next: asksOf(operation, { path, client, supply }) });
    return { measured, supply };
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error), isWrongAnswer: error instanceof WrongAnswer };
  }
}

const port = parentPort;
port?.on('message', (order: Order) => {
  void tryToCarryOut(order).then((reply) => port.postMessage(reply, []));
});
