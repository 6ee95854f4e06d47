import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callbackFromGoogle } from './support/consent.ts';
import { openPage, type PartnerPage } from './support/partner-page.ts';
import { authorizedCode, createPartnerServer } from './support/partner-server.ts';
import { AMIRA, CALLBACK, createWorld, JONAS, type World } from './support/world.ts';

let world: World;
let page: PartnerPage;
beforeEach(async () => {
  world = await createWorld({ database: 'file' });
  page = openPage(world);
});
afterEach(() => world.close());

/** So many connections that do not open, older than the one that does. */
async function copyPending(count: number): Promise<void> {
  const number = `with recursive n (i) as (select 1 union all select i + 1 from n where i < ${count})`;
  const id = (prefix: string) => `'${prefix}00000000' || substr('0000000000000000' || i, length('0000000000000000' || i) - 15)`;
  const copy = async (table: string, changes: Record<string, string>) => {
    const [row = {}] = await world.database.execute(`select * from ${table} limit 1`);
    const columns = Object.keys(row);
    const values = columns.map((column) => changes[column] ?? `${table}.${column}`);
    await world.database.execute(`insert into ${table} (${columns.join()}) ${number} select ${values.join()} from ${table}, n`);
  };
  await copy('sessions', { id: id('ses_') });
  await copy('profiles', { id: id('pro_'), subject: `'subject-' || i` });
  await copy('pending_connections', { session_id: id('ses_'), profile_id: id('pro_'), credential_sealed: `'damaged'` });
  await copy('work_lanes', { id: id('connection:ses_'), due_at: '0' });
  await copy('work_items', { lane_id: id('connection:ses_'), payload_json: `'{"from":"pending","sessionId":"' || ${id('ses_')} || '"}'` });
}

describe('a ciphertext that was changed', () => {
  it('keeps no other credential from being given back (L03)', async () => {
    for (const account of [AMIRA, JONAS]) {
      const session = await page.mint();
      await session.connect({ account });
    }
    await world.database.execute(`update pending_connections set credential_sealed = 'damaged' where name = '${AMIRA}'`);
    world.clock.pass({ hours: 1 });
    await createPartnerServer(world).revoke({ token: 'nothing' });
    await vi.waitFor(() => expect(world.google.liveRefreshTokens(JONAS)).toBe(0));
    expect(world.log).toMatchObject([
      { level: 'error', event: 'work_failed', kind: 'give_back', error: 'VaultError' },
      { level: 'warn', event: 'work_postponed' },
    ]);
  });

  it('keeps none from being given back, however many there are of it (L03)', async () => {
    const broken = 120;
    const session = await page.mint();
    await session.connect({ account: JONAS });
    await copyPending(broken);
    world.clock.pass({ hours: 1 });
    await createPartnerServer(world).revoke({ token: 'nothing' });
    await vi.waitFor(() => expect(world.google.liveRefreshTokens(JONAS)).toBe(0), { timeout: 5000 });
    await vi.waitFor(() => expect(world.log.filter((entry) => entry.event === 'work_failed')).toHaveLength(broken), { timeout: 5000 });
  });

  it('on the way back from the provider ends that session, with nothing of it in the log (L03)', async () => {
    const session = await page.mint();
    const callback = await callbackFromGoogle(page.browser, await session.start());
    await world.database.execute(`update sessions set provider_verifier_sealed = replace(provider_verifier_sealed, 'A', 'B') || 'x'`);
    await page.browser.visit(callback);
    expect(await session.poll()).toMatchObject({ state: 'failed' });
    expect(world.log).toMatchObject([
      { level: 'error', event: 'arrival_failed', session: session.id, error: 'VaultError', code: 'sealed_malformed' },
    ]);
  });

  it('moved to another account does not open there; the rest of that account is still told, and the log names the profile (L03, M03)', async () => {
    const server = createPartnerServer(world);
    const code = await authorizedCode(world);
    const { body: amira } = await server.redeem(code, { redirect_uri: CALLBACK });
    const { body: jonas } = await server.redeem(await authorizedCode(world, {}, { account: JONAS }), { redirect_uri: CALLBACK });
    await world.database.execute(
      `update profiles set calendars_sealed = (select calendars_sealed from profiles where name = '${AMIRA}') where name = '${JONAS}'`,
    );
    const broken = await server.userinfo(jonas.access_token);
    expect(broken.status).toBe(200);
    expect(broken.body['cronofy.data'].profiles).toMatchObject([{ profile_name: JONAS, profile_calendars: [] }]);
    expect((await server.userinfo(amira.access_token)).status).toBe(200);
    expect(world.log).toMatchObject([{ level: 'error', event: 'calendars_unreadable', error: 'sealed_refused' }]);
    expect(JSON.stringify(world.log)).not.toContain(jonas.access_token);
  });
});
