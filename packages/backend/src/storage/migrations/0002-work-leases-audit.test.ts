import { CompiledQuery } from 'kysely';
import { expect, it } from 'vitest';
import { migrate } from '../migrations.ts';
import { openSqlite } from '../sqlite.ts';
import { createStore } from '../store.ts';
import { first } from './0001-first.ts';
import { allMigrations } from './all.ts';

const OF_VERSION_1 = [
  `insert into applications values ('app_1', 'Planner', 'hash', '[]', '[]', '[]', 'free_busy_write', 1)`,
  `insert into provider_clients values ('pcl_1', null, 'google', 'operator')`,
  `insert into accounts values ('acc_1', 'app_1', null, null, 1)`,
  `insert into data_keys values ('acc_1', 'k1', 'wrapped')`,
  ...['revoked', 'connected', 'pending'].map(
    (
      status,
    ) => `insert into profiles values ('pro_${status}', 'acc_1', 'app_1', 'google', 'pcl_1', 'subject of ${status}', 'full', 'google', 'gsuite',
      'amira@partner.example', '${status}', ${status === 'pending' ? 'null' : "'sealed'"}, 1, null, 0, 1)`,
  ),
  `insert into sessions (id, application_id, door, state, version, scope, providers_json, access_modes_json, created_at, expires_at, retry_until)
    values ('ses_1', 'app_1', 'poll', 'connected', 3, 's', '[]', '[]', 1, 1000, 1000)`,
  `insert into pending_connections values ('ses_1', 'pro_pending', 'pcl_1', 'gsuite', 'amira@partner.example', null, 'sealed', 'sealed', 0, 1000)`,
];

it('takes over what version 1 left to be given back, each when it is due', async () => {
  const engine = openSqlite({ file: ':memory:' });
  await migrate(engine, [first]);
  await engine.ask(function* () {
    for (const statement of OF_VERSION_1) yield CompiledQuery.raw(statement);
  });
  await migrate(engine, allMigrations);
  const store = createStore(engine);
  const due = async (nowMs: number) =>
    (await store.leaseLanes({ by: 'me', nowMs, untilMs: nowMs, limit: 9 })).map(({ payload }) => payload);
  expect(await due(999)).toEqual([{ from: 'profile', profileId: 'pro_revoked' }]);
  expect(await due(1000)).toHaveLength(2);
  expect(
    await store.credentialToGiveBack({
      what: { from: 'pending', sessionId: 'ses_1' },
      nowMs: 1000,
      familyOf: (provider) => ({ services: [provider], grantGroup: (clientId) => clientId }),
    }),
  ).toMatchObject({
    provider: 'google',
  });
  await store.close();
});
