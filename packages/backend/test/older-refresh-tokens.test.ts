import { afterEach, beforeEach, expect, it } from 'vitest';
import { sealedRefreshTokenPlace } from '../src/accounts/sealed-places.ts';
import { ID_PREFIX, type IssuedToken, tokenOf } from '../src/vault/issued-token.ts';
import { createKeyring, parseKeys } from '../src/vault/keyring.ts';
import { newSecret } from '../src/vault/secrets.ts';
import { createVault } from '../src/vault/vault.ts';
import { openPage } from './support/partner-page.ts';
import { createPartnerServer, type PartnerServer } from './support/partner-server.ts';
import { AMIRA, createWorld, JONAS, KEYS, type World } from './support/world.ts';

let world: World;
let server: PartnerServer;

beforeEach(async () => {
  world = await createWorld({ database: 'file' });
  server = createPartnerServer(world);
});
afterEach(() => world.close());

async function connect(account: string) {
  const session = await openPage(world).claim((await server.mint({ end_user: 'user-17' })).session);
  await session.connect({ account });
  const { body } = await session.exchange((await session.poll()).code);
  return (await server.redeem(body.receipt)).body;
}

/** Gives the only grant there is a token as grants had them before they were derived: random, and sealed under the account's data key. */
async function makeOlder(accountId: string): Promise<IssuedToken> {
  const [grants, dataKeys] = await Promise.all([
    world.database.execute('select id, application_id from grants'),
    world.database.execute(`select key_id, wrapped from data_keys where owner_id = '${accountId}'`),
  ]);
  const [id, applicationId, keyId, wrapped] = [
    grants[0]?.['id'],
    grants[0]?.['application_id'],
    dataKeys[0]?.['key_id'],
    dataKeys[0]?.['wrapped'],
  ].map(String);
  const token = tokenOf(ID_PREFIX.grant, id ?? '', newSecret());
  const place = sealedRefreshTokenPlace({ id: token.id, applicationId: applicationId ?? '' });
  const sealed = createVault(createKeyring(parseKeys(KEYS))).seal(
    { ownerId: accountId, keyId: keyId ?? '', wrapped: wrapped ?? '' },
    place,
    token.text,
  );
  await world.database.execute(`update grants set refresh_hash = '${token.secretHash}', refresh_sealed = '${sealed}'`);
  return token;
}

it('gives the refresh token again that an older version had made and sealed', async () => {
  const first = await connect(AMIRA);
  const older = await makeOlder(first.account_id);
  expect((await server.refresh(first.refresh_token)).body.error).toBe('invalid_grant');
  expect((await connect(JONAS)).refresh_token).toBe(older.text);
  expect((await server.refresh(older.text)).status).toBe(200);
});

it('gives no refresh token that would not be taken: a grant whose sealed one is gone answers 500, and the log says which', async () => {
  const first = await connect(AMIRA);
  await makeOlder(first.account_id);
  await world.database.execute("update grants set refresh_sealed = ''");
  const session = await openPage(world).claim((await server.mint({ end_user: 'user-17' })).session);
  await session.connect({ account: JONAS });
  const { body, status } = await session.exchange((await session.poll()).code);
  expect([status, body]).toMatchObject([500, { error: 'server_error' }]);
  expect(JSON.stringify(world.log)).toContain('corrupt');
});

it('stores no refresh token of its own, sealed or not, and gives the same one again', async () => {
  const first = await connect(AMIRA);
  expect((await connect(JONAS)).refresh_token).toBe(first.refresh_token);
  expect(await world.database.execute('select refresh_sealed from grants')).toEqual([{ refresh_sealed: '' }]);
  expect(await world.database.contents()).not.toContain(first.refresh_token.slice(16));
});
