import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompiledQuery } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Engine } from './engine.ts';
import { migrate, type Migration } from './migrations.ts';
import type { Question } from './question.ts';
import { openSqlite } from './sqlite.ts';

const first: Migration = { id: 1, name: 'first', up: ['create table a (id text)', "insert into a values ('x')"] };
const second: Migration = { id: 2, name: 'second', up: (dialect) => [`create table b (id text, made_for text default '${dialect}')`] };
const broken: Migration = { id: 2, name: 'second', up: ['create table half (id text)', 'create table a (id text)'] };

let folder: string;
let open: Engine[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'calendar-connect-migrations-'));
  open = [];
});

afterEach(async () => {
  await Promise.all(open.map((engine) => engine.close()));
  rmSync(folder, { recursive: true });
});

function openEngine(): Engine {
  const engine = openSqlite({ file: join(folder, 'data.db') });
  open.push(engine);
  return engine;
}

function ask(engine: Engine, text: string): Promise<readonly unknown[]> {
  return engine.ask(function* (): Question<readonly unknown[]> {
    return yield CompiledQuery.raw(text);
  });
}

it('applies each migration once, in order, and records it', async () => {
  const engine = openEngine();
  expect(await migrate(engine, [first], () => 1000)).toEqual([first]);
  expect(await migrate(engine, [first, second], () => 2000)).toEqual([second]);
  expect(await migrate(engine, [first, second])).toEqual([]);
  expect(await ask(engine, 'select * from schema_migrations')).toEqual([
    { id: 1, name: 'first', applied_at: 1000 },
    { id: 2, name: 'second', applied_at: 2000 },
  ]);
  expect(await ask(engine, 'select * from a')).toEqual([{ id: 'x' }]);
});

it('lets two that start at once take turns', async () => {
  const applied = await Promise.all([migrate(openEngine(), [first, second]), migrate(openEngine(), [first, second])]);
  expect(applied.flat()).toHaveLength(2);
});

it('undoes a migration that fails, names its statement, and goes on from there when it was mended', async () => {
  const engine = openEngine();
  const failed = migrate(engine, [first, broken]);
  await expect(failed).rejects.toMatchObject({ name: 'StorageError', code: 'failed' });
  await expect(failed).rejects.toThrow(/^Migration 2 \(second\), statement 2: .*table a already exists/);
  expect(await ask(engine, "select name from sqlite_schema where name = 'half'")).toEqual([]);
  expect(await migrate(engine, [first, second])).toEqual([second]);
});

it('refuses a database of a newer version and leaves it as it is', async () => {
  const engine = openEngine();
  await migrate(engine, [first, second]);
  await expect(migrate(engine, [first])).rejects.toMatchObject({ code: 'schema_newer', message: expect.stringContaining('2 (second)') });
});

it('refuses a database whose migrations have other names', async () => {
  const engine = openEngine();
  await migrate(engine, [first]);
  await expect(migrate(engine, [{ ...first, name: 'other' }, second])).rejects.toMatchObject({ code: 'schema_mismatch' });
});

it('refuses migrations with a gap in their numbers', async () => {
  await expect(migrate(openEngine(), [first, { ...second, id: 3 }])).rejects.toMatchObject({ code: 'schema_mismatch' });
});

it('refuses two statements in one text, but not a trigger', async () => {
  const engine = openEngine();
  const twice: Migration = { id: 1, name: 'twice', up: ['create table a (id text); create table b (id text)'] };
  await expect(migrate(engine, [twice])).rejects.toThrow('more than one statement');
  const trigger: Migration = { id: 2, name: 'trigger', up: ['create trigger t after insert on a begin select 1; select 2; end;'] };
  expect(await migrate(engine, [first, trigger])).toEqual([first, trigger]);
});
