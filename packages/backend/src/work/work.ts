import { type Log, describeError } from '../log.ts';
import type { WorkItem, WorkPayload } from '../storage/questions/work.ts';
import type { Store } from '../storage/store.ts';
import { newId } from '../vault/secrets.ts';
import { retryDelayMs } from './retry-delay.ts';
import { type Rounds, startRounds } from './rounds.ts';

const EVERY_MS = 10_000;
/** Longer than any item takes; a process that dies leaves its lanes to the others after this time. */
const LEASE_MS = 120_000;
/** Lanes that are worked on at once. */
const LANES = 16;
/** How long a stop waits for whole lanes: whoever stops us does not wait for a slow provider. Then each ends after its item. */
const STOP_GRACE_MS = 2000;
/** With {@link retryDelayMs}, about six days. */
const MAX_FAILURES = 30;

/** How doing an item ended. What is thrown counts as `later`. */
export type WorkOutcome =
  { readonly outcome: 'done' } | { readonly outcome: 'later'; readonly reason: string; readonly retryAfterMs?: number | undefined };

/** Does the items of one kind. An item may come again after it was done: the process may have died before it could say so. */
export interface WorkHandler {
  handle(payload: WorkPayload): Promise<WorkOutcome>;
  /** What is left to do for an item that has failed for days and is given up. Answers with what to keep of it, without secrets. */
  giveUp(payload: WorkPayload): Promise<WorkPayload>;
}

/** The durable work of the backend: what stands in lanes is done at least once, each lane in its order, by whichever process comes first. */
export interface Work {
  /** Begins; what was left by an earlier process is taken up within a second. */
  start(handlers: Readonly<Record<string, WorkHandler>>): void;
  /** Tells that something was added. */
  nudge(): void;
  /** Lets whole lanes end for two seconds, then each after the item that it is at; the rest stands in the database for the next start. */
  stop(): Promise<void>;
}

interface Deps {
  readonly store: Store;
  readonly log: Log;
  readonly now: () => number;
}

/** Makes the work of a backend. It lies still until it is started. */
export function createWork(deps: Deps): Work {
  const active = new Set<Promise<void>>();
  const stopping = new AbortController();
  let rounds: Rounds | undefined;

  function takeUp(worker: Worker, item: WorkItem): void {
    const lane = workLane(worker, item)
      .catch((error: unknown) => deps.log({ level: 'error', event: 'work_failed', lane: item.laneId, ...describeError(error) }))
      .then(() => {
        active.delete(lane);
        // There may be lanes for which there was no room.
        void rounds?.again();
      });
    active.add(lane);
  }

  /** Takes up what is due, and does not wait for it: a lane that is slow must not hold up the others. */
  async function round(worker: Omit<Worker, 'by'>): Promise<void> {
    const room = LANES - active.size;
    if (room <= 0 || stopping.signal.aborted) return;
    const nowMs = deps.now();
    const by = newId('wrk_', nowMs);
    const items = await deps.store.leaseLanes({ by, nowMs, untilMs: nowMs + LEASE_MS, limit: room });
    for (const item of items) takeUp({ ...worker, by }, item);
  }

  return {
    start: (handlers) => {
      const worker = { ...deps, handlers, stopping: stopping.signal };
      rounds = startRounds({
        everyMs: EVERY_MS,
        round: () => round(worker),
        failed: (error) => deps.log({ level: 'error', event: 'work_failed', ...describeError(error) }),
      });
    },
    nudge: () => void rounds?.again(),
    stop: async () => {
      await rounds?.stop();
      const grace = setTimeout(() => stopping.abort(), STOP_GRACE_MS);
      while (active.size > 0) await Promise.all(active);
      clearTimeout(grace);
    },
  };
}

interface Worker extends Deps {
  readonly handlers: Readonly<Record<string, WorkHandler>>;
  /** Names this worker in its lease, and another in each: one that was lost cannot be taken for the next. */
  readonly by: string;
  readonly stopping: AbortSignal;
}

async function workLane(worker: Worker, first: WorkItem): Promise<void> {
  let item: WorkItem | undefined = first;
  while (item !== undefined) {
    if (worker.stopping.aborted)
      return worker.store.postponeWork({ ...leased(worker, item), failures: item.failures, dueAtMs: worker.now() });
    item = await workItem(worker, item);
  }
}

/** Does one item, and answers with the one to do next. */
async function workItem(worker: Worker, item: WorkItem): Promise<WorkItem | undefined> {
  const outcome = await attempt(worker, item);
  const nowMs = worker.now();
  if (outcome.outcome === 'done') return worker.store.finishWork({ ...leased(worker, item), nowMs, untilMs: nowMs + LEASE_MS });
  const failures = item.failures + 1;
  const about = { kind: item.kind, lane: item.laneId, failures, hint: outcome.reason };
  if (failures > MAX_FAILURES) {
    worker.log({ level: 'error', event: 'work_given_up', ...about });
    const payload = (await worker.handlers[item.kind]?.giveUp(item.payload)) ?? item.payload;
    const id = newId('ded_', nowMs);
    return worker.store.buryWork({ ...leased(worker, item), id, payload, reason: outcome.reason, nowMs, untilMs: nowMs + LEASE_MS });
  }
  worker.log({ level: 'warn', event: 'work_postponed', ...about });
  const dueAtMs = nowMs + Math.max(retryDelayMs(failures), outcome.retryAfterMs ?? 0);
  await worker.store.postponeWork({ ...leased(worker, item), failures, dueAtMs });
  return undefined;
}

async function attempt(worker: Worker, item: WorkItem): Promise<WorkOutcome> {
  const handler = worker.handlers[item.kind];
  // Written by a newer version that runs beside this one: it will come to it.
  if (handler === undefined) return { outcome: 'later', reason: 'this version knows no such work' };
  try {
    return await handler.handle(item.payload);
  } catch (error) {
    worker.log({ level: 'error', event: 'work_failed', kind: item.kind, lane: item.laneId, ...describeError(error) });
    return { outcome: 'later', reason: error instanceof Error ? error.name : 'unknown' };
  }
}

function leased(worker: Worker, item: WorkItem): { laneId: string; position: number; by: string } {
  return { laneId: item.laneId, position: item.position, by: worker.by };
}
