import { setTimeout } from 'node:timers/promises';
import { inspect } from 'node:util';
import { CompiledQuery, type QueryCreator } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../../test/support/databases.ts';
import type { Engine } from './engine.ts';
import { openPostgres } from './postgres.ts';
import { inTurn, maybeOne, one, type Question, rows, run } from './question.ts';
import type { Schema } from './schema.ts';

let database: TestDatabase;
let url: string;
let engine: Engine;
let others: Engine[];

beforeEach(async () => {
  database = await createDatabase();
  url = database.place !== undefined && 'url' in database.place ? database.place.url : '';
  engine = database.open();
  others = [];
});
afterEach(async () => {
  await Promise.all([engine, ...others].map((each) => each.close()));
  await database.drop();
});

function open(options: Partial<Parameters<typeof openPostgres>[0]> = {}): Engine {
  const other = openPostgres({ url, ...options });
  others.push(other);
  return other;
}

function* state(db: QueryCreator<Schema>, name: string, value: string): Question<void> {
  yield* run(db.insertInto('facts').values({ name, value }));
}

/** Reads, and writes what follows from it: two at once must not both start from the same value. */
function* increment(db: QueryCreator<Schema>): Question<number> {
  const found = yield* maybeOne(db.selectFrom('facts').selectAll().where('name', '=', 'counter'));
  const next = Number(found?.value ?? 0) + 1;
  if (found === undefined) yield* state(db, 'counter', String(next));
  else
    yield* run(
      db
        .updateTable('facts')
        .set({ value: String(next) })
        .where('name', '=', 'counter'),
    );
  return next;
}

const facts = (): Promise<{ name: string; value: string }[]> =>
  engine.ask((db) => rows(db.selectFrom('facts').selectAll().orderBy('name')));

describe('a question', () => {
  it('is undone wholly by what it throws, and nothing else is', async () => {
    const failing = engine.ask(function* (db) {
      yield* state(db, 'a', '1');
      throw new Error('no');
    });
    await Promise.all([expect(failing).rejects.toThrow('no'), engine.ask((db) => state(db, 'b', '2'))]);
    expect(await facts()).toEqual([{ name: 'b', value: '2' }]);
  });

  it('may throw a better error where a statement fails, and cannot answer any more', async () => {
    await engine.ask((db) => state(db, 'a', '1'));
    const better = engine.ask(function* (db) {
      try {
        yield* state(db, 'a', '2');
      } catch (cause) {
        throw new Error('taken', { cause });
      }
    });
    await expect(better).rejects.toThrow('taken');
    const silent = engine.ask(function* (db) {
      try {
        yield* state(db, 'a', '2');
      } catch {
        return 'all is well';
      }
      return 'new';
    });
    await expect(silent).rejects.toMatchObject({ code: 'unique_violation' });
  });

  it('of many that start from one value loses no change of another, in one process and in two', async () => {
    const other = open();
    const asked = Array.from({ length: 60 }, (_, n) => (n % 2 === 0 ? engine : other).ask(increment));
    expect((await Promise.all(asked)).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
  });

  it('that decides by there being no row finds what the one before it in its turn has made', async () => {
    const ensure = (on: Engine) =>
      on.ask(function* (db) {
        yield* inTurn('the only one');
        const found = yield* maybeOne(db.selectFrom('work_lanes').select('id').where('lease_by', '=', 'me'));
        if (found !== undefined) return found.id;
        const id = String(Math.random());
        yield* run(db.insertInto('work_lanes').values({ id, due_at: 0, failures: 0, lease_by: 'me', lease_until: 0 }));
        return id;
      });
    const other = open();
    const made = await Promise.all(Array.from({ length: 20 }, (_, n) => ensure(n % 2 === 0 ? engine : other)));
    expect(new Set(made).size).toBe(1);
  });

  it('sees one moment, however many statements it has', async () => {
    await engine.ask(increment);
    const seeing = engine.ask(function* (db) {
      const before = yield* one(db.selectFrom('facts').select('value').where('name', '=', 'counter'));
      yield CompiledQuery.raw('select pg_sleep(0.2)');
      const after = yield* one(db.selectFrom('facts').select('value').where('name', '=', 'counter'));
      return [before.value, after.value];
    });
    await setTimeout(80);
    expect(await engine.ask(increment)).toBe(2);
    expect(await seeing).toEqual(['1', '1']);
  });

  it('goes on after its tables were changed under prepared statements', async () => {
    const all = () => engine.ask((db) => rows(db.selectFrom('facts').selectAll()));
    await all();
    await database.execute('alter table facts add column note text');
    expect(await all()).toEqual([]);
    await database.execute('alter table facts drop column note');
    expect(await all()).toEqual([]);
  });

  it('that takes longer than a statement may is refused as busy', async () => {
    const impatient = open({ statementTimeoutMs: 50 });
    await expect(impatient.ask(() => slow(2))).rejects.toMatchObject({ code: 'busy', message: expect.stringContaining('57014') });
  });

  it('that finds every connection in use is refused as busy after a while', async () => {
    const small = open({ poolSize: 1, connectTimeoutMs: 50 });
    const first = small.ask(() => slow(0.3));
    await expect(small.ask(() => slow(0))).rejects.toMatchObject({ code: 'busy' });
    await first;
  });

  it('shows no value in an error, nor in what caused it', async () => {
    await engine.ask((db) => state(db, 'a-secret-name', '1'));
    const error: unknown = await engine.ask((db) => state(db, 'a-secret-name', '2')).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'unique_violation', message: expect.stringContaining('facts_pkey') });
    const mistyped = (db: QueryCreator<Schema>) =>
      run(
        db
          .selectFrom('sessions')
          .select('id')
          .where('version', '=', 'a-secret-name' as never),
      );
    const other: unknown = await engine.ask(mistyped).catch((thrown: unknown) => thrown);
    expect(other).toMatchObject({ code: 'unsupported_value' });
    const text = inspect([error, other], { depth: 5, showHidden: true });
    expect(text).not.toContain('a-secret-name');
  });

  it('is answered before the engine closes, and refused after', async () => {
    const other = open();
    const answered = other.ask(() => slow(0.1));
    await other.close();
    await expect(answered).resolves.toBeDefined();
    await expect(other.ask(increment)).rejects.toMatchObject({ code: 'closed' });
  });
});

function* slow(seconds: number): Question<readonly unknown[]> {
  return yield CompiledQuery.raw(`select pg_sleep(${seconds})`);
}
