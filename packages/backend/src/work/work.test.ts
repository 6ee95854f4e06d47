import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LogEntry } from '../log.ts';
import { allMigrations } from '../storage/migrations/all.ts';
import { migrate } from '../storage/migrations.ts';
import type { WorkPayload } from '../storage/questions/work.ts';
import { openSqlite } from '../storage/sqlite.ts';
import { createStore, type Store } from '../storage/store.ts';
import { createWork, type Work, type WorkHandler, type WorkOutcome } from './work.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let store: Store;
let nowMs: number;
let log: LogEntry[];
let running: Work[];

beforeEach(async () => {
  const engine = openSqlite({ file: ':memory:' });
  await migrate(engine, allMigrations);
  store = createStore(engine);
  nowMs = Date.UTC(2026, 10, 2, 9);
  log = [];
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((work) => work.stop()));
  await store.close();
});

function startWork(handle: WorkHandler['handle'], giveUp: WorkHandler['giveUp'] = async (payload) => payload): Work {
  const work = createWork({ store, log: (entry) => void log.push(entry), now: () => nowMs });
  running.push(work);
  work.start({ test: { handle, giveUp } });
  return work;
}

function add(n: string, laneId = 'lane-1', kind = 'test'): Promise<void> {
  return store.addWork({ laneId, kind, payload: { n }, dueAtMs: nowMs, nowMs });
}

const done: WorkOutcome = { outcome: 'done' };

describe('work', () => {
  it('that an earlier process left is taken up at the start', async () => {
    await add('1');
    const did: WorkPayload[] = [];
    startWork(async (payload) => {
      did.push(payload);
      return done;
    });
    await expect.poll(() => did).toEqual([{ n: '1' }]);
  });

  it('of one lane is done in its order; a lane that is slow holds up no other', async () => {
    const did: string[] = [];
    const slow = Promise.withResolvers<void>();
    const work = startWork(async ({ n = '' }) => {
      if (n === 'slow') await slow.promise;
      did.push(n);
      return done;
    });
    await add('slow', 'lane-1');
    await add('after slow', 'lane-1');
    await add('a', 'lane-2');
    await add('b', 'lane-2');
    work.nudge();
    await expect.poll(() => did).toEqual(['a', 'b']);
    slow.resolve();
    await expect.poll(() => did).toEqual(['a', 'b', 'slow', 'after slow']);
  });

  it('that fails waits longer each time, and what stands behind it waits too', async () => {
    const did: string[] = [];
    let fails = 2;
    const work = startWork(async ({ n = '' }) => {
      did.push(n);
      fails -= 1;
      return fails >= 0 ? { outcome: 'later', reason: 'not now' } : done;
    });
    await add('1');
    await add('2');
    work.nudge();
    await expect.poll(() => did).toEqual(['1']);
    nowMs += MINUTE;
    work.nudge();
    await expect.poll(() => did).toEqual(['1', '1']);
    nowMs += 2 * MINUTE;
    work.nudge();
    await expect.poll(() => did).toEqual(['1', '1', '1', '2']);
    expect(log).toMatchObject([
      { event: 'work_postponed', kind: 'test', lane: 'lane-1', failures: 1, hint: 'not now' },
      { event: 'work_postponed', failures: 2 },
    ]);
  });

  it('waits as long as the other side asks for', async () => {
    const did: number[] = [];
    const work = startWork(async () => {
      did.push(nowMs);
      return { outcome: 'later', reason: 'busy', retryAfterMs: 3 * HOUR };
    });
    const from = nowMs;
    await add('1');
    work.nudge();
    await expect.poll(() => did.length).toBe(1);
    nowMs = from + 2 * HOUR;
    work.nudge();
    await vi.waitFor(async () => expect(await store.leaseLanes({ by: 'x', nowMs, untilMs: nowMs, limit: 1 })).toEqual([]));
    nowMs = from + 3 * HOUR;
    work.nudge();
    await expect.poll(() => did).toEqual([from, from + 3 * HOUR]);
  });

  it('that throws is logged without what was thrown, and tried again', async () => {
    let thrown = false;
    const work = startWork(async () => {
      if (thrown) return done;
      thrown = true;
      throw new Error('a secret');
    });
    await add('1');
    work.nudge();
    await expect.poll(() => log.map(({ event }) => event)).toEqual(['work_failed', 'work_postponed']);
    expect(JSON.stringify(log)).not.toContain('a secret');
  });

  it('is given up after days, with a word to the handler and to the operator; the next in its lane is done', async () => {
    const gaveUp: WorkPayload[] = [];
    let attempts = 0;
    const work = startWork(
      async ({ n }) => {
        if (n === '2') return done;
        attempts += 1;
        return { outcome: 'later', reason: 'never' };
      },
      async (payload) => {
        gaveUp.push(payload);
        return {};
      },
    );
    const from = nowMs;
    await add('1');
    await add('2');
    for (let n = 1; n <= 31; n += 1) {
      work.nudge();
      await expect.poll(() => attempts).toBe(n);
      nowMs += 8 * HOUR;
    }
    await expect.poll(() => gaveUp).toEqual([{ n: '1' }]);
    expect(log.at(-1)).toMatchObject({ level: 'error', event: 'work_given_up', kind: 'test', hint: 'never' });
    await expect.poll(() => store.leaseLanes({ by: 'x', nowMs: nowMs + HOUR, untilMs: nowMs + HOUR, limit: 1 })).toEqual([]);
    expect(nowMs - from).toBeGreaterThan(6 * 24 * HOUR);
  });

  it('of a kind that only a newer version knows is left to it', async () => {
    await add('1', 'lane-1', 'from the future');
    startWork(async () => done);
    await expect.poll(() => log).toMatchObject([{ event: 'work_postponed', kind: 'from the future' }]);
  });

  it('is done once by two workers on one store', async () => {
    const did: string[] = [];
    const handle: WorkHandler['handle'] = async ({ n = '' }) => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      did.push(n);
      return done;
    };
    const workers = [startWork(handle), startWork(handle)];
    const names = Array.from({ length: 100 }, (_, n) => `item ${n}`);
    await Promise.all(names.map((n, index) => add(n, `lane-${index % 30}`)));
    for (const work of workers) work.nudge();
    await expect.poll(() => did.length, { timeout: 5000 }).toBe(100);
    expect(new Set(did)).toEqual(new Set(names));
  });

  it('that is under way at a stop ends, and the rest of its lane is there for the next start', async () => {
    const did: string[] = [];
    const first = Promise.withResolvers<void>();
    const work = startWork(async ({ n = '' }) => {
      did.push(n);
      await first.promise;
      return done;
    });
    for (const n of ['1', '2']) await add(n);
    work.nudge();
    await expect.poll(() => did).toEqual(['1']);
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const stopped = work.stop();
    await vi.advanceTimersByTimeAsync(2000);
    vi.useRealTimers();
    first.resolve();
    await stopped;
    expect(did).toEqual(['1']);
    expect(await store.leaseLanes({ by: 'next', nowMs, untilMs: nowMs, limit: 5 })).toMatchObject([{ payload: { n: '2' }, failures: 0 }]);
  });
});
