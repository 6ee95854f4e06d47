import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Engine } from './engine.ts';
import { rows, run } from './question.ts';
import { connectSqlite } from './sqlite-connection.ts';
import { createSqliteEngine } from './sqlite.ts';
import { StorageError } from './storage-error.ts';

interface Tables {
  entries: { n: number };
}

let folder: string;
let engine: Engine<Tables>;
/** One for each time that the log is being brought to the disk. */
let syncs: PromiseWithResolvers<void>[];
let settled: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'calendar-connect-durability-'));
  syncs = [];
  settled = [];
  const connection = connectSqlite(join(folder, 'a.db'));
  connection.command('create table entries (n integer primary key) strict');
  const sync = (): Promise<void> => {
    const next = Promise.withResolvers<void>();
    syncs.push(next);
    return next.promise;
  };
  engine = createSqliteEngine<Tables>({ ...connection, log: { sync, close: () => undefined } });
});
afterEach(async () => {
  // Whatever a test left waiting.
  const answering = setInterval(() => syncs.forEach((sync) => sync.resolve()), 1);
  await engine.close();
  clearInterval(answering);
  rmSync(folder, { recursive: true });
});

function add(n: number): void {
  tell(
    `added ${n}`,
    engine.ask((db) => run(db.insertInto('entries').values({ n }))),
  );
}

function count(): void {
  const counted = engine.ask((db) => rows(db.selectFrom('entries').select(sql<number>`count(*)`.as('n'))));
  void counted.then(([row]) => settled.push(`counted ${row?.n}`));
}

function tell(what: string, asked: Promise<unknown>): void {
  asked.then(
    () => settled.push(what),
    (error: unknown) => settled.push(`${what}: ${error instanceof StorageError ? error.code : 'no code'}`),
  );
}

/** Two turns of the event loop: what was asked is committed, and what can be told is told. */
async function turns(): Promise<void> {
  for (let n = 0; n < 3; n += 1) await new Promise((resolve) => setImmediate(resolve));
}

it('tells nobody of a change before the disk has it', async () => {
  add(1);
  await turns();
  expect([syncs.length, settled]).toEqual([1, []]);
  syncs[0]?.resolve();
  await turns();
  expect(settled).toEqual(['added 1']);
});

it('answers other questions meanwhile, and holds back those that could only wait behind them', async () => {
  add(1);
  await turns();
  add(2);
  count();
  await turns();
  add(3);
  count();
  await turns();
  expect([syncs.length, settled]).toEqual([1, []]);
  syncs[0]?.resolve();
  await turns();
  expect([syncs.length, settled]).toEqual([2, ['added 1']]);
  syncs[1]?.resolve();
  await turns();
  expect([syncs.length, settled]).toEqual([3, ['added 1', 'added 2', 'counted 2']]);
  syncs[2]?.resolve();
  await turns();
  expect(settled.slice(3)).toEqual(['added 3', 'counted 3']);
});

it('tells what was read at once, unless it may rest on what the disk does not have yet', async () => {
  count();
  await turns();
  expect([syncs.length, settled]).toEqual([0, ['counted 0']]);
  add(1);
  await turns();
  count();
  await turns();
  expect(settled).toEqual(['counted 0']);
  syncs[0]?.resolve();
  await turns();
  syncs[1]?.resolve();
  await turns();
  expect(settled).toEqual(['counted 0', 'added 1', 'counted 1']);
});

it('after a disk that failed tells everybody so, and takes nothing more', async () => {
  add(1);
  await turns();
  add(2);
  await turns();
  syncs[0]?.reject(new StorageError('io_error', 'no disk'));
  await turns();
  syncs[1]?.resolve();
  await turns();
  add(3);
  await turns();
  expect(settled).toEqual(['added 1: io_error', 'added 2: io_error', 'added 3: io_error']);
});

it('is closed only when everything is told', async () => {
  add(1);
  const closed = engine.close().then(() => settled.push('closed'));
  await turns();
  expect(settled).toEqual([]);
  syncs[0]?.resolve();
  await closed;
  expect(settled).toEqual(['added 1', 'closed']);
});
