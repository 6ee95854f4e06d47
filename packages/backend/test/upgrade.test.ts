import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Engine } from '../src/storage/engine.ts';
import { allMigrations } from '../src/storage/migrations/all.ts';
import { migrate } from '../src/storage/migrations.ts';
import { createStore, type Store } from '../src/storage/store.ts';
import { createDatabase, type TestDatabase } from './support/databases.ts';

let database: TestDatabase;
let engine: Engine;
let store: Store;

/** The audit trail in the order of a table that was emptied at its beginning and filled up: not by time. */
const OF_VERSION_8 = [
  `insert into applications (id, name, secret_hash, redirect_uris_json, origins_json, access_modes_json, scope, created_at)
    values ('app_1', 'Planner', 'hash', '[]', '[]', '[]', 'read_write', 1)`,
  `insert into provider_clients (id, provider, client_id) values ('pcl_1', 'google', 'client')`,
  ...['1', '2'].flatMap((n) => [
    `insert into accounts (id, application_id, created_at) values ('acc_${n}', 'app_1', ${n})`,
    `insert into data_keys (owner_id, key_id, wrapped) values ('acc_${n}', 'k1', 'wrapped ${n}')`,
    `insert into profiles (id, account_id, application_id, provider, provider_client_id, subject, access_mode, provider_name,
      provider_service, name, status, credential_sealed, credential_version, calendars_sealed, calendars_at, created_at)
      values ('pro_${n}', 'acc_${n}', 'app_1', 'google', 'pcl_1', 'subject-${n}', 'full', 'google', 'gmail', 'person ${n}', 'connected', 'sealed',
        1, 'sealed', 5, 6)`,
    `insert into grants (id, application_id, account_id, scope, refresh_hash, refresh_sealed, created_at)
      values ('grn_${n}', 'app_1', 'acc_${n}', 'read_write', 'refresh hash ${n}', '', 7)`,
  ]),
  `insert into sessions (id, application_id, door, state, version, scope, providers_json, access_modes_json, created_at, expires_at, retry_until)
    values ('ses_1', 'app_1', 'poll', 'connected', 1, 'read_write', '[]', '[]', 1, 2, 3)`,
  `insert into pending_connections (session_id, profile_id, provider_client_id, provider, subject, access_mode, provider_name,
    provider_service, provider_protocol, name, email, credential_sealed, calendars_sealed, calendars_at, expires_at)
    values ('ses_1', 'pro_1', 'pcl_1', 'microsoft', 'subject-3', 'free_busy', 'live_connect', 'office365', 'graph_api', 'person 3', 'a@b.example',
      'sealed 3', 'sealed 4', 8, 9)`,
  ...['aud_3', 'aud_1', 'aud_2'].map(
    (id) => `insert into audit_events (id, event, application_id, account_id, subject_id, detail)
      values ('${id}', 'tokens_issued', 'app_1', 'acc_1', 'cod_1', 'of ${id}')`,
  ),
];

const KEPT = ['grants', 'pending_connections', 'audit_events'] as const;
const COLUMNS: Readonly<Record<(typeof KEPT)[number], string>> = {
  grants: 'id, application_id, account_id, scope, refresh_hash, refresh_sealed, created_at',
  pending_connections: `session_id as id, profile_id, provider_client_id, provider, subject, access_mode, provider_name, provider_service,
    provider_protocol, name, email, credential_sealed, calendars_sealed, calendars_at, expires_at`,
  audit_events: 'id, event, application_id, account_id, subject_id, detail',
};

function contents(): Promise<unknown[]> {
  return Promise.all(KEPT.map((table) => database.execute(`select ${COLUMNS[table]} from ${table} order by 1`)));
}

beforeEach(async () => {
  database = await createDatabase('file');
  if (database.place !== undefined && 'url' in database.place) await database.execute('drop schema public cascade', 'create schema public');
  engine = database.open();
  await migrate(engine, allMigrations.slice(0, 8));
  await database.execute(...OF_VERSION_8);
  store = createStore(engine);
});
afterEach(async () => {
  await engine.close();
  await database.drop();
});

it('keeps what version 8 has stored, and the audit trail in the order of its time', async () => {
  const before = await contents();
  expect(before.map((rows) => (rows as unknown[]).length)).toEqual([2, 1, 3]);
  await migrate(engine, allMigrations);
  expect(await contents()).toEqual(before);
  await store.recordAudit({ id: 'aud_0', event: 'grant_revoked' });
  // From here on it is the order in which they were written, also where a clock was set back.
  expect((await store.auditTrail({ limit: 9 })).map(({ id }) => id)).toEqual(['aud_0', 'aud_3', 'aud_2', 'aud_1']);
});

it('leaves behind nothing that another backend of version 8 writes meanwhile', async () => {
  let isOver = false;
  const written: string[] = [];
  const write = async (): Promise<void> => {
    const id = `aud_9_${String(written.length).padStart(6, '0')}`;
    await database.execute(`insert into audit_events (id, event) values ('${id}', 'token_refreshed')`);
    written.push(id);
    if (!isOver) await write();
  };
  const writing = write();
  await setTimeout(100);
  await migrate(engine, allMigrations);
  await setTimeout(50);
  isOver = true;
  await writing;
  const kept = await database.execute(`select id from audit_events where event = 'token_refreshed' order by position`);
  expect(kept.map(({ id }) => id)).toEqual(written);
});

it('lays each credential apart from its profile, also what another backend of version 9 writes meanwhile', async () => {
  await migrate(engine, allMigrations.slice(0, 9));
  const columns = 'account_id, application_id, provider, provider_client_id, access_mode, provider_name, provider_service, name, status';
  const copy = async (id: string, sealed: string): Promise<void> => {
    await database.execute(`insert into profiles (id, subject, credential_sealed, ${columns}, credential_version, calendars_at, created_at)
      select '${id}', '${id}', ${sealed}, ${columns}, 1, 5, 6 from profiles where id = 'pro_1'`);
  };
  await copy('pro_3', 'null');
  const written = [
    { id: 'pro_1', sealed: 'sealed' },
    { id: 'pro_2', sealed: 'sealed' },
  ];
  const write = async (): Promise<void> => {
    const id = `pro_9_${String(written.length).padStart(6, '0')}`;
    await copy(id, `'sealed for ${id}'`);
    written.push({ id, sealed: `sealed for ${id}` });
    await write();
  };
  // Once its column is gone, that version can write no more.
  const writing = expect(write()).rejects.toThrow('credential_sealed');
  await setTimeout(100);
  await migrate(engine, allMigrations);
  await writing;
  expect(await database.execute('select profile_id as id, credential_sealed as sealed from credentials order by profile_id')).toEqual(
    written,
  );
  expect(await store.findLivingProfile('pro_1')).toMatchObject({ credentialSealed: 'sealed', calendarsSealed: 'sealed' });
  expect(await store.findLivingProfile('pro_3')).toMatchObject({ credentialSealed: undefined });
});

it('leaves an account one grant, which goes with it and with its application, and a pending connection that goes with its profile', async () => {
  await migrate(engine, allMigrations);
  const another = `insert into grants (id, application_id, account_id, scope, refresh_hash, refresh_sealed, created_at)
    values ('grn_3', 'app_1', 'acc_2', 'read_write', 'h', '', 1)`;
  await expect(database.execute(another)).rejects.toMatchObject({ code: 'unique_violation' });
  await database.execute(`delete from profiles where id = 'pro_1'`);
  expect(await database.execute('select session_id from pending_connections')).toEqual([]);
  await database.execute(`delete from accounts where id = 'acc_1'`);
  expect(await database.execute('select id from grants')).toEqual([{ id: 'grn_2' }]);
  await database.execute(`delete from applications where id = 'app_1'`);
  expect(await database.execute('select id from grants')).toEqual([]);
});
