import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompiledQuery } from 'kysely';
import { openSqlite } from '../../src/index.ts';
import type { Engine } from '../../src/storage/engine.ts';
import type { Question } from '../../src/storage/question.ts';
import { type DatabasePlace, openDatabase } from './database-place.ts';
import { administer, type PostgresRun, withDatabase } from './postgres-run.ts';

/** An empty database of a test's own. */
export interface TestDatabase {
  /** Where other processes find it; a database in memory is nowhere. */
  readonly place: DatabasePlace | undefined;
  /** Opens it, as often as a test has backends. */
  open(): Engine;
  /** Runs statements behind the backends' backs, and answers with the rows of the last. */
  execute(...statements: readonly string[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Everything that is stored, as text to search in: what somebody finds who steals it. */
  contents(): Promise<string>;
  /** Once all that opened it have closed it. */
  drop(): Promise<void>;
}

/**
 * Makes an empty database of the kind that the run tests. `file` and `memory` say which kind of SQLite it is where it is SQLite: in a
 * file several backends can share it.
 */
export async function createDatabase(sqlite: 'file' | 'memory' = 'memory'): Promise<TestDatabase> {
  // Processes of their own import this file too, outside of any test run.
  const { inject } = await import('vitest');
  const run = inject('postgres');
  if (inject('database') !== 'postgres') return sqlite === 'file' ? sqliteFile() : sqliteInMemory();
  if (run === undefined) throw new Error('This project has no PostgreSQL: postgres-run.ts belongs into its globalSetup.');
  return postgresDatabase(run);
}

function sqliteInMemory(): TestDatabase {
  const nowhere = () => {
    throw new Error("A database in memory has one backend: ask for 'file'.");
  };
  return {
    place: undefined,
    open: () => openSqlite({ file: ':memory:' }),
    execute: nowhere,
    contents: nowhere,
    drop: async () => undefined,
  };
}

function sqliteFile(): TestDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'calendar-connect-test-'));
  const place = { file: join(folder, 'calendar-connect.db') };
  return {
    place,
    open: () => openDatabase(place),
    execute: (...statements) => executeOn(place, statements),
    contents: async () => {
      const files = [place.file, `${place.file}-wal`].filter((name) => existsSync(name));
      return files.map((name) => readFileSync(name, 'latin1')).join('\n');
    },
    drop: async () => rmSync(folder, { recursive: true }),
  };
}

async function executeOn(place: DatabasePlace, statements: readonly string[]): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const engine = openDatabase(place);
  try {
    return await engine.ask(() => all(statements));
  } finally {
    await engine.close();
  }
}

function* all(statements: readonly string[]): Question<readonly Readonly<Record<string, unknown>>[]> {
  let rows: readonly unknown[] = [];
  for (const statement of statements) rows = yield CompiledQuery.raw(statement);
  return rows as readonly Readonly<Record<string, unknown>>[];
}

/** Databases that no test uses any more: to empty one is fifty times faster than to make one. */
const spare: string[] = [];
let made = 0;

async function postgresDatabase(run: PostgresRun): Promise<TestDatabase> {
  const name = spare.pop() ?? (await copyTemplate(run));
  const place = { url: withDatabase(run.url, name) };
  return {
    place,
    open: () => openDatabase(place),
    execute: (...statements) => executeOn(place, statements),
    contents: async () => {
      const texts: string[] = [];
      for (const table of await tablesOf(place)) {
        for (const row of await executeOn(place, [`select t::text as line from ${table} t`])) texts.push(String(row['line']));
      }
      return texts.join('\n');
    },
    drop: async () => {
      const tables = (await tablesOf(place)).filter((table) => table !== 'schema_migrations');
      // Without their foreign keys they can be emptied in any order.
      await executeOn(place, ['set local session_replication_role = replica', ...tables.map((table) => `delete from ${table}`)]);
      spare.push(name);
    },
  };
}

async function tablesOf(place: DatabasePlace): Promise<string[]> {
  const rows = await executeOn(place, [`select tablename::text from pg_tables where schemaname = 'public'`]);
  return rows.map((row) => String(row['tablename']));
}

async function copyTemplate({ url, template }: PostgresRun): Promise<string> {
  const name = `${template}_${process.pid}_${(made += 1)}_${Date.now().toString(36)}`;
  await administer(url, (client) => client.query(`create database ${name} template ${template} strategy file_copy`));
  return name;
}
