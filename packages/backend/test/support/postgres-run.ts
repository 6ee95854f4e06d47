import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { allMigrations } from '../../src/storage/migrations/all.ts';
import { migrate } from '../../src/storage/migrations.ts';
import { openPostgres } from '../../src/storage/postgres.ts';
import { startPostgres } from './postgres-server.ts';

/** The PostgreSQL of a test run. */
export interface PostgresRun {
  /** Of a database from which others can be made, as a user who may. */
  readonly url: string;
  /** An empty, migrated database to copy. Every database of the run has a name that begins with this one's. */
  readonly template: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** What {@link createDatabase} makes where a test names nothing else. Default: SQLite. */
    database: 'postgres' | undefined;
    postgres: PostgresRun | undefined;
  }
}

/**
 * Gives a test run its PostgreSQL: the server at `TEST_DATABASE_URL`, else one of its own. It fails where there is none: tests that need
 * PostgreSQL are never skipped.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['TEST_DATABASE_URL'];
  const server = given === undefined ? await startPostgres() : { url: given, stop: () => dropAll({ url: given, template }) };
  const template = `calendar_connect_test_${randomBytes(4).toString('hex')}`;
  await createEmpty({ url: server.url, template });
  project.provide('postgres', { url: server.url, template });
  return () => server.stop();
}

async function createEmpty({ url, template }: PostgresRun): Promise<void> {
  await administer(url, (client) => client.query(`create database ${template}`));
  const engine = openPostgres({ url: withDatabase(url, template) });
  await migrate(engine, allMigrations);
  await engine.close();
}

/** What others may still use is left to them: this run's databases only. */
async function dropAll({ url, template }: PostgresRun): Promise<void> {
  await administer(url, async (client) => {
    const { rows } = await client.query<{ datname: string }>('select datname from pg_database where datname like $1', [`${template}%`]);
    for (const { datname } of rows) await client.query(`drop database ${datname} with (force)`);
  });
}

/** Does what has to be done outside of any transaction. */
export async function administer(url: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  // Only who needs the driver loads it: processes of their own import this file too.
  const { default: pg } = await import('pg');
  const client = new pg.Client(url);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** The same server's address, for another database. */
export function withDatabase(url: string, database: string): string {
  return Object.assign(new URL(url), { pathname: `/${database}` }).href;
}
