import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSessionChanges, type SessionChanges } from './session-changes.ts';

let versions: Map<string, number>;
let asked: (readonly string[])[];
let nowMs: number;
let fails: boolean;
let changes: SessionChanges;

beforeEach(() => {
  vi.useFakeTimers();
  versions = new Map();
  asked = [];
  nowMs = 0;
  fails = false;
  changes = createSessionChanges({
    store: {
      sessionVersions: async (ids: readonly string[]) => {
        asked.push(ids);
        if (fails) throw new Error('no database');
        return new Map(ids.flatMap((id) => (versions.has(id) ? [[id, versions.get(id) ?? 0] as const] : [])));
      },
    } as unknown as Parameters<typeof createSessionChanges>[0]['store'],
    now: () => nowMs,
  });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Waits for a session, and says whether it was woken. */
function wait(id: string, { version = 1, signal = new AbortController().signal, expiresAtMs = 60_000 } = {}): { woken: boolean } {
  const waiter = { woken: false };
  versions.set(id, versions.get(id) ?? version);
  void changes.next({ id, version, expiresAtMs }, signal).then(() => (waiter.woken = true));
  return waiter;
}

const second = () => vi.advanceTimersByTimeAsync(1000);

describe('a poll that waits', () => {
  it('is woken at once by what this process announces, and only for its own session', async () => {
    const [one, other] = [wait('ses_1'), wait('ses_2')];
    changes.announce('ses_1');
    await vi.advanceTimersByTimeAsync(0);
    expect([one.woken, other.woken, asked]).toEqual([true, false, []]);
  });

  it('is woken within a second by what another process changed', async () => {
    const [one, other] = [wait('ses_1'), wait('ses_2')];
    versions.set('ses_1', 2);
    await second();
    expect([one.woken, other.woken]).toEqual([true, false]);
  });

  it('is woken when its session expires, or is gone', async () => {
    const [expiring, gone] = [wait('ses_1', { expiresAtMs: 500 }), wait('ses_2')];
    versions.delete('ses_2');
    nowMs = 500;
    await second();
    expect([expiring.woken, gone.woken]).toEqual([true, true]);
  });

  it('goes on waiting while the database cannot be asked, and hears of it afterwards', async () => {
    const one = wait('ses_1');
    versions.set('ses_1', 2);
    fails = true;
    await second();
    expect(one.woken).toBe(false);
    fails = false;
    await second();
    expect(one.woken).toBe(true);
  });
});

describe('the database', () => {
  it('is asked one question a second, however many wait', async () => {
    for (let n = 0; n < 60; n += 1) wait(`ses_${n % 20}`);
    await second();
    await second();
    expect(asked).toHaveLength(2);
    expect(new Set(asked[0])).toEqual(new Set(Array.from({ length: 20 }, (_, n) => `ses_${n}`)));
  });

  it('is asked in few sizes, so that each is prepared once, and never for more than 512 at a time', async () => {
    for (const [count, sizes] of [
      [1, [1]],
      [9, [64]],
      [600, [512, 512]],
    ] as const) {
      const away = new AbortController();
      for (let n = 0; n < count; n += 1) wait(`ses_${n}`, { signal: away.signal });
      asked = [];
      await second();
      expect(asked.map((ids) => ids.length)).toEqual(sizes);
      away.abort();
    }
  });

  it('is left alone where nobody waits any more', async () => {
    const away = new AbortController();
    const one = wait('ses_1', { signal: away.signal });
    await second();
    away.abort();
    await vi.advanceTimersByTimeAsync(5000);
    expect([one.woken, asked.length]).toEqual([true, 1]);
  });
});
