import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from './engine.ts';
import { migrate, type Migration } from './migrations.ts';
import { one, type Question, rows } from './question.ts';
import { openSqlite } from './sqlite.ts';
import type { QueryCreator } from 'kysely';

interface Tables {
  counters: { id: string; n: number };
}

const migrations: readonly Migration[] = [
  { id: 1, name: 'first', up: ['create table counters (id text primary key, n integer not null) strict'] },
];

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'calendar-connect-processes-'));
  file = join(folder, 'counters.db');
});

afterEach(() => rmSync(folder, { recursive: true }));

async function openCounters(busyLimitMs?: number): Promise<Engine<Tables>> {
  const engine = openSqlite<Tables>({ file, ...(busyLimitMs === undefined ? {} : { busyLimitMs }) });
  await migrate(engine, migrations);
  return engine;
}

function* increment(db: QueryCreator<Tables>): Question<number> {
  const row = yield* one(
    db
      .insertInto('counters')
      .values({ id: 'shared', n: 1 })
      .onConflict((conflict) => conflict.column('id').doUpdateSet((set) => ({ n: set('counters.n', '+', 1) })))
      .returning('n'),
  );
  return row.n;
}

/** Runs a program in another process, with the engine opened on the same file. */
function otherProcess(program: string): ChildProcess {
  const address = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href);
  const preamble = `
    import { openSqlite } from ${address('./sqlite.ts')};
    import { migrate } from ${address('./migrations.ts')};
    import { run } from ${address('./question.ts')};
    const engine = openSqlite({ file: ${JSON.stringify(file)} });
    await migrate(engine, ${JSON.stringify(migrations)});`;
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', preamble + program];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

describe('two processes on one file', () => {
  it('migrate it once when they start at once, and lose no change of each other', async () => {
    const child = otherProcess(`
      const increment = function* (db) {
        yield* run(db.insertInto('counters').values({ id: 'shared', n: 1 })
          .onConflict((c) => c.column('id').doUpdateSet((set) => ({ n: set('counters.n', '+', 1) }))));
      };
      for (let n = 0; n < 100; n += 1) await Promise.all([engine.ask(increment), engine.ask(increment)]);
      await engine.close();`);
    const exited = once(child, 'exit');
    const engine = await openCounters();
    for (let n = 0; n < 100; n += 1) await Promise.all([engine.ask(increment), engine.ask(increment)]);
    expect(await exited).toEqual([0, null]);
    expect(await engine.ask(increment)).toBe(401);
    await engine.close();
  });

  it('wait for a lock without holding up the event loop', async () => {
    const engine = await openCounters();
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    let turns = 0;
    const ticking = setInterval(() => (turns += 1), 1);
    setTimeout(() => other.exec('COMMIT'), 100);
    const answers = await Promise.all([engine.ask(increment), engine.ask(increment)]);
    clearInterval(ticking);
    other.close();
    expect(answers).toEqual([1, 2]);
    expect(turns).toBeGreaterThan(5);
    await engine.close();
  });

  it('are told busy after the limit, and answered again when the lock is gone', async () => {
    const engine = await openCounters(50);
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    const answers = await Promise.allSettled([engine.ask(increment), engine.ask(increment)]);
    expect(answers).toMatchObject([{ reason: { code: 'busy' } }, { reason: { code: 'busy' } }]);
    other.exec('ROLLBACK');
    other.close();
    expect(await engine.ask(increment)).toBe(1);
    await engine.close();
  });
});

describe('a process that is killed', () => {
  it.each([1, 40, 300])('keeps all it had acknowledged, when killed after %i answers', async (answers) => {
    const child = otherProcess(`
      for (let turn = 0; ; turn += 1) {
        const ids = [0, 1, 2, 3].map((n) => turn + '-' + n);
        await Promise.all(ids.map((id) => engine.ask(function* (db) {
          yield* run(db.insertInto('counters').values({ id: id + '-a', n: turn }));
          yield* run(db.insertInto('counters').values({ id: id + '-b', n: turn }));
        }).then(() => console.log(id))));
      }`);
    const acknowledged = await linesUntilKilled(child, answers);

    const engine = await openCounters();
    const ids = (await engine.ask((db) => rows(db.selectFrom('counters').select('id')))).map(({ id }) => id);
    await engine.close();
    expect(acknowledged.length).toBeGreaterThanOrEqual(answers);
    expect(ids).toEqual(expect.arrayContaining(acknowledged.flatMap((id) => [`${id}-a`, `${id}-b`])));
    // What was not acknowledged is there wholly or not at all.
    expect(ids.filter((id) => id.endsWith('-a'))).toHaveLength(ids.filter((id) => id.endsWith('-b')).length);
  });
});

async function linesUntilKilled(child: ChildProcess, count: number): Promise<string[]> {
  if (child.stdout === null) throw new Error('The child has no output.');
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (lines.length === count) child.kill('SIGKILL');
  }
  return lines;
}
