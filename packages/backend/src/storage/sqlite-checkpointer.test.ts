import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CompiledQuery } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Question } from './question.ts';
import { openSqlite } from './sqlite.ts';
import { createSqliteCheckpointer, type SqliteCheckpointer } from './sqlite-checkpointer.ts';

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
    checkpointer.answered(MANY_QUESTIONS);
    await vi.waitFor(() => expect(entriesInFile()).toBe(10));
    expect(takeRest).not.toHaveBeenCalled();
  });

  it('has the rest taken once the log is long, after which it begins anew', async () => {
    const takeRest = vi.fn<() => void>(() => database.exec('pragma wal_checkpoint(passive)'));
    checkpointer = createSqliteCheckpointer(file, takeRest);
    write(5000);
    checkpointer.answered(MANY_QUESTIONS);
    await vi.waitFor(() => expect(takeRest).toHaveBeenCalledOnce(), 5000);
    write(1);
    expect(pagesOfLog()).toBeLessThan(10);
  });

  it('stops nobody where the rest cannot be taken', async () => {
    const takeRest = vi.fn<() => void>(() => {
      throw new Error('disk I/O error');
    });
    checkpointer = createSqliteCheckpointer(file, takeRest);
    write(5000);
    checkpointer.answered(MANY_QUESTIONS);
    await vi.waitFor(() => expect(takeRest).toHaveBeenCalledOnce(), 5000);
    checkpointer.answered(MANY_QUESTIONS);
    await checkpointer.close();
    expect(takeRest).toHaveBeenCalledOnce();
  });

  it('waits until there was something to do', async () => {
    const takeRest = vi.fn<() => void>();
    checkpointer = createSqliteCheckpointer(file, takeRest);
    write(5000);
    checkpointer.answered(1);
    await checkpointer.close();
    expect([takeRest.mock.calls.length, entriesInFile()]).toEqual([0, 'no table']);
  });

  it('that cannot work stops nobody', async () => {
    const takeRest = vi.fn<() => void>();
    checkpointer = createSqliteCheckpointer(join(folder, 'nowhere', 'data.db'), takeRest);
    for (let turn = 0; turn < 3; turn += 1) {
      checkpointer.answered(MANY_QUESTIONS);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await checkpointer.close();
    expect(takeRest).not.toHaveBeenCalled();
  });
});

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

function* raw(text: string): Question<readonly unknown[]> {
  return yield CompiledQuery.raw(text);
}
