import { CompiledQuery, type Kysely } from 'kysely';
import { expect, it } from 'vitest';
import { rows, type Question } from '../question.ts';
import { migrate } from '../migrations.ts';
import type { Schema } from '../schema.ts';
import { openSqlite } from '../sqlite.ts';
import { createStore } from '../store.ts';
import { createScene, HOUR, NOW } from '../store-fixtures.contract.ts';
import { first } from './0001-first.ts';
import { workLeasesAudit } from './0002-work-leases-audit.ts';
import { allMigrations } from './all.ts';

const MOVED = ['codes', 'grants', 'access_tokens', 'data_keys', 'audit_events'] as const;

function* contents(db: Kysely<Schema>): Question<string[][]> {
  const all: string[][] = [];
  for (const table of MOVED) all.push((yield* rows(db.selectFrom(table).selectAll())).map((row) => JSON.stringify(row)).toSorted());
  return all;
}

it('keeps every row, every reference and every index', async () => {
  const engine = openSqlite({ file: ':memory:' });
  await migrate(engine, [first, workLeasesAudit]);
  const scene = await createScene(createStore(engine));
  const { account, redeemed } = await scene.stand();
  await scene.giveCode(await scene.connect({ subject: 'subject-2' }));
  const before = await engine.ask(contents);
  expect(before.map((each) => each.length)).toEqual([2, 1, 1, 3, 1]);
  await migrate(engine, allMigrations);
  expect(await engine.ask(contents)).toEqual(before);
  expect(await account()).toBeDefined();
  const indexes = await engine.ask(function* () {
    return (yield CompiledQuery.raw(
      `select name from sqlite_master where type = 'index' and name not like 'sqlite_%' and tbl_name in ('codes', 'grants', 'access_tokens') order by name`,
    )) as { name: string }[];
  });
  expect(indexes.map(({ name }) => name)).toEqual(['codes_by_session', 'grants_by_account']);
  await scene.store.revokeGrant({
    applicationId: scene.application.id,
    accountId: redeemed.accountId,
    nowMs: NOW + HOUR,
    auditId: 'aud_later',
  });
  expect(await account()).toBeUndefined();
  await scene.store.close();
});
