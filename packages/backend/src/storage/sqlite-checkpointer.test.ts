import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { CompiledQuery } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Question, rows } from './question.ts';
import { createSqliteEngine, openSqlite } from './sqlite.ts';
import { canCheckpointBesides, createSqliteCheckpointer, type SqliteCheckpointer } from './sqlite-checkpointer.ts';
import { connectSqlite } from './sqlite-connection.ts';

/** Enough for one checkpoint. */
const MANY_QUESTIONS = 1000;

let folder: string;
let file: string;
let database: DatabaseSync;
let checkpointer: SqliteCheckpointer | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'calendar-connect-checkpointer-'));
  file = join(folder, 'data.db');
  database = new DatabaseSync(file);
  database.exec('pragma journal_mode = wal; pragma wal_autocheckpoint = 0; create table entries (n integer primary key, content blob)');
});

afterEach(async () => {
  await checkpointer?.close();
  checkpointer = undefined;
  database.close();
  rmSync(folder, { recursive: true });
});

/** Each takes a page of the log at least. */
function write(entries: number): void {
  const insert = database.prepare('insert into entries (content) values (randomblob(4000))');
  database.exec('begin');
  for (let n = 0; n < entries; n += 1) insert.run();
  database.exec('commit');
}

/** What the file holds by itself, without its log. */
function entriesInFile(): unknown {
  const copy = join(folder, 'copy.db');
  copyFileSync(file, copy);
  const without = new DatabaseSync(copy);
  try {
    return without.prepare('select count(*) as n from entries').get()?.['n'];
  } catch {
    return 'no table';
  } finally {
    without.close();
  }
}

const pagesOfLog = (): unknown => database.prepare('pragma wal_checkpoint(passive)').get()?.['log'];

describe('the checkpointing thread', () => {
  it('takes the log over into the file, while it is short without anybody else’s doing', async () => {
    const takeRest = vi.fn<() => void>();
    checkpointer = createSqliteCheckpointer(file, takeRest);
    write(10);
    expect(entriesInFile()).toBe('no table');
    checkpointer.written(MANY_QUESTIONS);
    await vi.waitFor(() => expect(entriesInFile()).toBe(10));
    expect(takeRest).not.toHaveBeenCalled();
  });

  it('has the rest taken once the log is long, after which it begins anew', async () => {
    const takeRest = vi.fn<() => void>(() => database.exec('pragma wal_checkpoint(passive)'));
    checkpointer = createSqliteCheckpointer(file, takeRest);
    write(5000);
    checkpointer.written(MANY_QUESTIONS);
    await vi.waitFor(() => expect(takeRest).toHaveBeenCalledOnce(), 5000);
    write(1);
    expect(pagesOfLog()).toBeLessThan(10);
  });

  it('stops nobody where the rest cannot be taken, and goes on no more', async () => {
    const takeRest = vi.fn<() => void>(() => {
      throw new Error('disk I/O error');
    });
    checkpointer = createSqliteCheckpointer(file, takeRest);
    write(5000);
    checkpointer.written(MANY_QUESTIONS);
    await vi.waitFor(() => expect(takeRest).toHaveBeenCalledOnce(), 5000);
    database.exec('pragma wal_checkpoint(truncate)');
    write(20);
    checkpointer.written(MANY_QUESTIONS);
    await sleep(300);
    expect([takeRest.mock.calls.length, entriesInFile()]).toEqual([1, 5000]);
  });

  it('waits until there was something to do', async () => {
    checkpointer = createSqliteCheckpointer(file, () => undefined);
    write(10);
    checkpointer.written(1);
    await sleep(300);
    expect(entriesInFile()).toBe('no table');
  });

  it('keeps to the file that was opened, wherever the process goes, and makes none', async () => {
    const before = process.cwd();
    const elsewhere = mkdtempSync(join(tmpdir(), 'calendar-connect-elsewhere-'));
    try {
      process.chdir(folder);
      checkpointer = createSqliteCheckpointer('data.db', () => undefined);
      process.chdir(elsewhere);
      write(10);
      checkpointer.written(MANY_QUESTIONS);
      await vi.waitFor(() => expect(entriesInFile()).toBe(10));
      expect(readdirSync(elsewhere)).toEqual([]);
    } finally {
      process.chdir(before);
      rmSync(elsewhere, { recursive: true });
    }
  });

  it('that cannot work stops nobody', async () => {
    const takeRest = vi.fn<() => void>();
    checkpointer = createSqliteCheckpointer(join(folder, 'nowhere', 'data.db'), takeRest);
    for (let turn = 0; turn < 3; turn += 1) {
      checkpointer.written(MANY_QUESTIONS);
      await sleep(50);
    }
    await checkpointer.close();
    expect(takeRest).not.toHaveBeenCalled();
  });

  it('that cannot be made stops nobody', () => {
    const program = `
      import { openSqlite } from ${JSON.stringify(new URL('sqlite.ts', import.meta.url).href)};
      const engine = openSqlite({ file: ${JSON.stringify(join(folder, 'forbidden.db'))} });
      const ask = () => engine.ask(function* () { return yield { sql: 'select 1 as one', parameters: [], query: { kind: 'RawNode' } }; });
      await Promise.all(Array.from({ length: 300 }, ask));
      console.log(JSON.stringify(await ask()));
      await engine.close();`;
    const flags = [
      '--permission',
      '--allow-fs-read=*',
      '--allow-fs-write=*',
      '--disable-warning=ExperimentalWarning',
      '--input-type=module',
    ];
    expect(execFileSync(process.execPath, [...flags, '--eval', program], { encoding: 'utf8' })).toBe('[{"one":1}]\n');
  });
});

it.each([
  ['3.51.2', false],
  ['3.51.3', true],
  ['3.53.4', true],
  ['3.50.6', false],
  ['3.50.7', true],
  ['3.44.6', true],
  ['3.45.9', false],
  ['4.0.0', true],
  [undefined, false],
])('a SQLite %s can be checkpointed beside one that writes: %s', (version, can) => expect(canCheckpointBesides(version)).toBe(can));

it('leaves no log behind when the engine is closed', async () => {
  const own = join(folder, 'own.db');
  const engine = openSqlite({ file: own });
  await engine.ask(function* () {
    yield CompiledQuery.raw('create table entries (n integer primary key)');
  });
  await Promise.all(Array.from({ length: MANY_QUESTIONS }, () => engine.ask(() => raw('insert into entries default values'))));
  expect(existsSync(`${own}-wal`)).toBe(true);
  await engine.close();
  expect(existsSync(`${own}-wal`)).toBe(false);
});

it('is told of questions that wrote, and of none that only read', async () => {
  let written = 0;
  const counting = { written: (questions: number) => void (written += questions), close: async () => undefined };
  const engine = createSqliteEngine<{ entries: { n: number } }>(connectSqlite(':memory:'), { checkpointer: counting });
  await engine.ask(() => raw('create table entries (n integer primary key)'));
  written = 0;
  const writes = Array.from({ length: 3 }, () => engine.ask(() => raw('insert into entries default values')));
  const reads = Array.from({ length: 5 }, () => engine.ask((db) => rows(db.selectFrom('entries').selectAll())));
  await Promise.all([...writes, ...reads]);
  expect(written).toBe(3);
  await engine.close();
});

function* raw(text: string): Question<readonly unknown[]> {
  return yield CompiledQuery.raw(text);
}
