import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPostgres } from '../../test/support/postgres-binaries.ts';
import { type PostgresServer, startPostgres } from '../../test/support/postgres-server.ts';
import { allMigrations } from './migrations/all.ts';
import { migrate } from './migrations.ts';
import { openPostgres } from './postgres.ts';
import { one, type Question, run } from './question.ts';
import { CompiledQuery } from 'kysely';

let folder: string;
let server: PostgresServer;
let secured: PostgresServer;
let certificate: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'calendar-connect-tls-'));
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'db.internal' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  certificate = join(folder, 'server.crt');
  const keyFile = join(folder, 'server.key');
  writeFileSync(certificate, cert);
  writeFileSync(keyFile, key, { mode: 0o600 });
  const { uid, gid } = findPostgres().runAs;
  if (uid !== undefined && gid !== undefined) for (const path of [folder, certificate, keyFile]) chownSync(path, uid, gid);
  const tls = ['fsync=off', 'ssl=on', `ssl_cert_file=${certificate}`, `ssl_key_file=${keyFile}`];
  [server, secured] = await Promise.all([startPostgres(), startPostgres(tls)]);
}, 30_000);
afterAll(async () => {
  await Promise.all([server.stop(), secured.stop()]);
  rmSync(folder, { recursive: true });
});

async function ping(url: string): Promise<boolean> {
  const engine = openPostgres({ url });
  try {
    const row = await engine.ask(function* () {
      const [found] = yield CompiledQuery.raw('select ssl from pg_stat_ssl where pid = pg_backend_pid()');
      return found as { ssl: boolean };
    });
    return row.ssl;
  } finally {
    await engine.close();
  }
}

const at = ({ url }: PostgresServer, host: string, query: string): string =>
  url.replace('127.0.0.1', host).replace('postgres@', 'postgres:hunter2@') + query;

describe('TLS to the database', () => {
  it('is used and verified by sslmode, with the authority that the address names', async () => {
    expect(await ping(at(secured, 'localhost', `?sslmode=verify-full&sslrootcert=${certificate}`))).toBe(true);
    expect(await ping(at(secured, 'localhost', `?sslmode=require&sslrootcert=${certificate}`))).toBe(true);
    expect(await ping(at(secured, 'localhost', '?sslmode=no-verify'))).toBe(true);
    expect(await ping(at(secured, 'localhost', ''))).toBe(false);
  });

  it('refuses a certificate of nobody known, and one for another name unless only the authority is to be checked', async () => {
    await expect(ping(at(secured, 'localhost', '?sslmode=require'))).rejects.toMatchObject({
      code: 'cannot_open',
      message: expect.stringMatching(/certificate is not to be trusted.*sslrootcert=FILE/),
    });
    await expect(ping(at(secured, '127.0.0.1', `?sslmode=require&sslrootcert=${certificate}`))).rejects.toMatchObject({
      code: 'cannot_open',
    });
    expect(await ping(at(secured, '127.0.0.1', `?sslmode=verify-ca&sslrootcert=${certificate}`))).toBe(true);
  });

  it('is not given up where the server has none', async () => {
    const refused = ping(at(server, 'localhost', '?sslmode=require'));
    await expect(refused).rejects.toMatchObject({ code: 'cannot_open', message: expect.stringContaining('sslmode=disable') });
    await expect(refused).rejects.toMatchObject({ message: expect.not.stringContaining('hunter2') });
  });
});

describe('a database that is not there', () => {
  it('is told with its address, without the password', async () => {
    const url = at(server, '127.0.0.1', '').replace(/postgres$/, 'nowhere');
    const error: unknown = await ping(url).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'cannot_open', message: expect.stringContaining('database "nowhere" does not exist (3D000)') });
    expect(JSON.stringify(error) + String(error)).not.toContain('hunter2');
  });
});

describe('an empty database', () => {
  it('is migrated once, however many backends start on it at once', async () => {
    const engines = Array.from({ length: 6 }, () => openPostgres({ url: server.url }));
    const applied = await Promise.all(engines.map((engine) => migrate(engine, allMigrations)));
    expect(applied.flat()).toEqual([...allMigrations]);
    await Promise.all(engines.map((engine) => engine.close()));
  });

  it('orders ids by their bytes, whatever language it is for', async () => {
    const engine = openPostgres({ url: server.url });
    await migrate(engine, allMigrations);
    const collations = await engine.ask(function* (): Question<readonly unknown[]> {
      return yield CompiledQuery.raw(
        `select distinct collation_name from information_schema.columns
         where table_schema = 'public' and data_type = 'text' and table_name <> 'schema_migrations'`,
      );
    });
    expect(collations).toEqual([{ collation_name: 'C' }]);
    await engine.ask((db) => run(db.insertInto('facts').values({ name: 'time', value: '1' })));
    const read = await engine.ask((db) => one(db.selectFrom('facts').select((eb) => eb.fn.countAll<number>().as('count'))));
    expect(read).toEqual({ count: 1 });
    await engine.close();
  });
});
