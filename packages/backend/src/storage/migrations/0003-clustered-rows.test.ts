import { CompiledQuery } from 'kysely';
import { expect, it } from 'vitest';
import { migrate } from '../migrations.ts';
import type { Question } from '../question.ts';
import { openSqlite } from '../sqlite.ts';
import { first } from './0001-first.ts';
import { workLeasesAudit } from './0002-work-leases-audit.ts';
import { clusteredRows } from './0003-clustered-rows.ts';

/** By table, and by the column that names the row. */
const MOVED = { codes: 'id', grants: 'id', access_tokens: 'id', data_keys: 'owner_id', audit_events: 'id' } as const;

const OF_VERSION_2 = [
  `insert into applications values ('app_1', 'Planner', 'hash', '[]', '[]', '[]', 'free_busy_write', 1)`,
  `insert into accounts values ('acc_1', 'app_1', null, null, 1)`,
  `insert into data_keys values ('acc_1', 'k1', 'wrapped 1')`,
  `insert into data_keys values ('app_1', 'k1', 'wrapped 2')`,
  `insert into codes values ('cod_1', 'code', 'hash 1', 'ses_1', 'app_1', 'poll', 'challenge', null, 'acc_1', 'pro_1', 's', 5, 2, null)`,
  `insert into codes values ('cod_2', 'receipt', 'hash 2', 'ses_1', 'app_1', 'poll', null, 'https://x', 'acc_1', 'pro_1', 's', 6, 0, 7)`,
  `insert into grants values ('grn_1', 'app_1', 'acc_1', 's', 'refresh hash', 'refresh sealed', 8)`,
  `insert into access_tokens values ('tok_1', 'grn_1', 'token hash', 9)`,
  `insert into audit_events values ('aud_1', 'tokens_issued', 'app_1', 'acc_1', 'cod_1', 'grn_1')`,
];

function* raw(...statements: readonly string[]): Question<unknown[]> {
  const answers: unknown[] = [];
  for (const statement of statements) answers.push(yield CompiledQuery.raw(statement));
  return answers;
}

it('keeps every row, every reference and every index', async () => {
  const engine = openSqlite({ file: ':memory:' });
  const ask = (...statements: readonly string[]) => engine.ask(() => raw(...statements));
  const contents = () => ask(...Object.entries(MOVED).map(([table, id]) => `select * from ${table} order by ${id}`));
  await migrate(engine, [first, workLeasesAudit]);
  await ask(...OF_VERSION_2);
  const before = await contents();
  expect(before.map((each) => (each as unknown[]).length)).toEqual([2, 1, 1, 2, 1]);
  await migrate(engine, [first, workLeasesAudit, clusteredRows]);
  expect(await contents()).toEqual(before);
  expect(
    await ask(
      `select name from sqlite_master where type = 'index' and name not like 'sqlite_%' and tbl_name in ('codes', 'grants', 'access_tokens') order by name`,
    ),
  ).toEqual([[{ name: 'codes_by_session' }, { name: 'grants_by_account' }]]);
  await ask(`delete from accounts where id = 'acc_1'`);
  expect(await ask('select id from grants')).toEqual([[]]);
  await engine.close();
});
