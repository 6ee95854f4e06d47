import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ended, freePort, runCommand, startServe } from './support/command.ts';
import { createDatabase, type TestDatabase } from './support/databases.ts';
import { KEYS } from './support/world.ts';

const OTHER_KEYS = KEYS.replace('k1:', 'k1:AAAA').slice(0, KEYS.length);

let folder: string;
let database: TestDatabase;
let environment: Record<string, string>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'calendar-connect-database-url-'));
  database = await createDatabase();
  if (database.place === undefined || !('url' in database.place)) throw new Error('these are about PostgreSQL');
  environment = { DATABASE_URL: database.place.url.replace('postgres@', 'postgres:hunter2@') };
});
afterEach(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

const run = (args: string, more: Record<string, string> = {}): Promise<Ended> =>
  runCommand(args.split(' '), { cwd: folder, environment: { ...environment, ...more } });

function expectRefusal({ code, stdout, stderr }: Ended, sentence: string | RegExp): void {
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(sentence);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  for (const secret of ['hunter2', KEYS.slice(3), OTHER_KEYS.slice(3)]) expect(stderr).not.toContain(secret);
}

describe('DATABASE_URL', () => {
  it('keeps everything in PostgreSQL: applications, what is served, and no file here', async () => {
    const created = await run('application create --name Planner --origin https://app.example --json', { CALENDAR_CONNECT_KEYS: KEYS });
    const { client_id } = JSON.parse(created.stdout) as { client_id: string };
    const serving = await startServe([], { cwd: folder, environment: { ...environment, CALENDAR_CONNECT_KEYS: KEYS } });
    const offer = await fetch(`http://127.0.0.1:${serving.port}/connect/offer?client_id=${client_id}`);
    expect(await offer.json()).toMatchObject({ application: { client_id, name: 'Planner' } });
    expect((await serving.stop()).code).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
    expect(await database.execute('select id from applications')).toEqual([{ id: client_id }]);
  });

  it('takes the key file of the data folder where there is one', async () => {
    mkdirSync(join(folder, '.calendar-connect'));
    writeFileSync(join(folder, '.calendar-connect', 'keys'), KEYS, { mode: 0o600 });
    expect((await run('application list')).code).toBe(0);
    expect((await run('application list', { CALENDAR_CONNECT_KEYS: KEYS })).code).toBe(0);
    expect(readdirSync(join(folder, '.calendar-connect'))).toEqual(['keys']);
  });

  it('without a key is refused, with how to make one that all backends share', async () => {
    expectRefusal(
      await run('application list'),
      /Every backend on that database needs the same one: set CALENDAR_CONNECT_KEYS.*randomBytes\(32\).*\(keys_missing\)/,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('with another key than the one that sealed the database is refused (L04)', async () => {
    expect((await run('application list', { CALENDAR_CONNECT_KEYS: KEYS })).code).toBe(0);
    expectRefusal(
      await run('application list', { CALENDAR_CONNECT_KEYS: OTHER_KEYS }),
      /is not the key "k1" that this database was sealed with\. \(key_wrong\)/,
    );
  });

  it('that leads nowhere, or is none, is told in one sentence', async () => {
    const nobody = `postgres://app:hunter2@127.0.0.1:${await freePort()}/calendar`;
    const list = (url: string, more = {}) => run('application list', { CALENDAR_CONNECT_KEYS: KEYS, DATABASE_URL: url, ...more });
    expectRefusal(
      await list(nobody),
      /PostgreSQL at 127\.0\.0\.1:\d+, database calendar: the server cannot be reached \(ECONNREFUSED\)\. \(unavailable\)/,
    );
    expectRefusal(await list('postgres:app:hunter2@127.0.0.1'), /Database address: .*\(cannot_open\)/);
    expectRefusal(await list(`${nobody}?sslmode=perhaps`), /sslmode: expected one of disable, require/);
    expectRefusal(
      await list(nobody, { DATABASE_POOL_SIZE: 'many' }),
      /DATABASE_POOL_SIZE: expected a number from 1 to 9999, received "many"/,
    );
  });
});

describe('the driver', () => {
  /** Which packages a program has loaded that opens a database and asks it one thing. */
  function loadedBy(opening: string): string {
    const index = JSON.stringify(new URL('../src/index.ts', import.meta.url).href);
    const program = `
      import { createRequire } from 'node:module';
      import { openPostgres, openSqlite } from ${index};
      const engine = ${opening};
      await engine.ask(function* () {});
      await engine.close();
      console.log(Object.keys(createRequire(import.meta.url).cache).join('\\n'));`;
    const args = ['--conditions=source', '--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', program];
    return spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout;
  }

  it('is loaded by those who use PostgreSQL, and by nobody else', () => {
    expect(loadedBy(`openPostgres({ url: ${JSON.stringify(environment['DATABASE_URL'])} })`)).toMatch(/node_modules.pg.lib/);
    expect(loadedBy(`openSqlite({ file: ':memory:' })`)).not.toMatch(/node_modules.pg.lib/);
  });
});
