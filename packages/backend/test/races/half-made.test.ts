import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { redeemForReceipt, redeemForTokens } from '../../src/accounts/redeem.ts';
import { revokeAuthorization } from '../../src/accounts/revoke.ts';
import type { Backend } from '../../src/backend.ts';
import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { RESERVED } from '../../src/storage/grant-row.ts';
import { halfMade } from './half-made.ts';
import { connectPeople, openBeside, register, type WaitingPerson } from './waiting-people.ts';

const WAITING = 'session_id in (select session_id from pending_connections)';

let database: TestDatabase;
let backend: Backend;

/** Of four people one waits, one has a receipt, one has tokens, and one has revoked them. */
beforeEach(async () => {
  database = await createDatabase('file');
  backend = await openBeside(database);
  const application = await register(backend);
  const people = await connectPeople(backend, application, 4);
  const [, withReceipt, withTokens, revoked] = people.map((person) => exchangeOf(person, application.clientId));
  if (withReceipt === undefined || withTokens === undefined || revoked === undefined) throw new Error('somebody is missing');
  await redeemForReceipt(backend, withReceipt);
  await redeemForTokens(backend, withTokens);
  const tokens = await redeemForTokens(backend, revoked);
  await revokeAuthorization(backend, { applicationId: application.clientId, token: tokens?.refreshToken, sub: undefined });
});
afterEach(async () => {
  await backend.store.close();
  await database.drop();
});

function exchangeOf({ code, verifier }: WaitingPerson, applicationId: string): Parameters<typeof redeemForTokens>[1] {
  return { code, applicationId, codeVerifier: verifier, redirectUri: undefined };
}

/** Changes what foreign keys would not let anybody change. */
async function spoil(sql: string): Promise<void> {
  const { place } = database;
  if (place === undefined || 'url' in place) {
    await database.execute('set local session_replication_role = replica', sql);
    return;
  }
  const file = new DatabaseSync(place.file, { enableForeignKeyConstraints: false });
  file.exec(sql);
  file.close();
}

it('nothing is half made where nothing went wrong', async () => {
  expect(await halfMade(database)).toEqual([]);
});

it.each([
  ['a grant without its account', 'delete from accounts'],
  ['a grant of an account that has no connected profile', `update profiles set status = 'revoked'`],
  ['an account without its data key', 'delete from data_keys'],
  ['a connected profile without a credential', 'delete from credentials'],
  ['a connected profile that nobody has a grant on', 'delete from grants'],
  ['a connected profile that nobody has a grant on', `update grants set refresh_hash = '${RESERVED}'`],
  ['a place for a grant where nothing waits to be redeemed', `update profiles set status = 'revoked'`],
  ['a credential without its profile', 'delete from profiles'],
  ['a revoked profile whose credential nobody gives back', 'delete from work_items'],
  ['a redeemed code whose connection is still pending', `update audit_events set subject_id = (select id from codes where ${WAITING})`],
  ['a connected session without a pending connection or a redeemed code', 'delete from pending_connections'],
  ['a redeemed session whose profile is still pending', `update profiles set status = 'pending'`],
  ['a pending profile that nothing waits for', 'delete from pending_connections'],
  ['an account without a profile', 'delete from profiles'],
  ['a pending connection without its work item', 'delete from work_items'],
  ['a redeemed code of a session that is not connected', `update sessions set state = 'cancelled'`],
  ['a connected session without a pending connection or a redeemed code', 'delete from audit_events'],
  ['a code that gave something twice', `update audit_events set subject_id = (select min(id) from codes) where event like '%_issued'`],
  ['a redeemed receipt that is not in the audit trail', `update codes set redeemed_at = 1`],
  ['a receipt in the audit trail that is not redeemed', `update codes set kind = 'receipt'`],
  ['a receipt whose code is not redeemed', 'delete from audit_events'],
  ['a redeemed code that was burnt', 'update codes set expires_at = 0'],
  ['a lane without work', 'delete from work_items'],
  ['a work item without its lane', 'delete from work_lanes'],
])('%s is found after: %s', async (what, sql) => {
  await spoil(sql);
  expect(await halfMade(database)).toContainEqual(expect.stringContaining(`${what}: `));
});
