import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CuttingProxy, startCuttingProxy } from '../../test/support/cutting-proxy.ts';
import { createDatabase, type TestDatabase } from '../../test/support/databases.ts';
import type { Engine } from './engine.ts';
import { openPostgres } from './postgres.ts';
import { rows, run } from './question.ts';

let database: TestDatabase;
let databaseUrl: string;
let proxy: CuttingProxy;
let engine: Engine;

beforeEach(async () => {
  database = await createDatabase();
  if (database.place === undefined || !('url' in database.place)) throw new Error('these are about PostgreSQL');
  databaseUrl = database.place.url;
  proxy = await startCuttingProxy(databaseUrl);
  engine = openPostgres({ url: proxy.url });
  await engine.ask((db) => rows(db.selectFrom('facts').selectAll()));
});
afterEach(async () => {
  await engine.close();
  await proxy.close();
  await database.drop();
});

const state = (name: string): Promise<void> => engine.ask((db) => run(db.insertInto('facts').values({ name, value: '1' })));
const stated = () => database.execute('select name from facts');

describe('a connection that is lost (L12)', () => {
  it.each(['unsent', 'unanswered'] as const)(
    'before COMMIT, with the statement %s, is replaced and the question asked once more',
    async (when) => {
      proxy.cutAt('insert into', when);
      await state('a');
      expect(proxy.cuts()).toBe(1);
      expect(await stated()).toEqual([{ name: 'a' }]);
    },
  );

  it('while only reading is replaced too', async () => {
    await state('a');
    const read = () => engine.ask((db) => rows(db.selectFrom('facts').select(['name']).where('name', '=', 'a')));
    proxy.cutAt('select "name"', 'unanswered');
    expect(await read()).toEqual([{ name: 'a' }]);
    expect(proxy.cuts()).toBe(1);
  });

  it.each([
    ['unsent', []],
    ['unanswered', [{ name: 'a' }]],
  ] as const)('during COMMIT, with it %s, is told as such, and never asked again', async (when, outcome) => {
    proxy.cutAt('COMMIT', when);
    await expect(state('a')).rejects.toMatchObject({ name: 'StorageError', code: 'outcome_unknown' });
    expect(await stated()).toEqual(outcome);
    await state('b');
    expect(await stated()).toEqual([...outcome, { name: 'b' }]);
  });

  it('while nobody uses it harms nobody', async () => {
    await database.execute(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
    await state('a');
    expect(await stated()).toEqual([{ name: 'a' }]);
  });

  it('and cannot be made again is told as unavailable, until it can', async () => {
    const { port } = new URL(proxy.url);
    await proxy.close();
    const refused = { code: 'unavailable', message: expect.stringMatching(/^PostgreSQL at 127\.0\.0\.1:\d+, database/) };
    await expect(state('a')).rejects.toMatchObject(refused);
    proxy = await startCuttingProxy(databaseUrl, Number(port));
    await state('a');
    expect(await stated()).toEqual([{ name: 'a' }]);
  });
});
