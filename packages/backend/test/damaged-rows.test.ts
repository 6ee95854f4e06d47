import { DatabaseSync } from 'node:sqlite';
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

/** Changes the database behind the backend's back. */
function damage(sql: string): void {
  const database = new DatabaseSync(world.file ?? '');
  database.exec(sql);
  database.close();
}

/** So many connections that do not open, older than the one that does. */
function copiesOfPending(count: number): string {
  const number = `with recursive n (i) as (select 1 union all select i + 1 from n where i < ${count})`;
  const id = (prefix: string) => `'${prefix}00000000' || printf('%016d', i)`;
  const copied = (table: string, changes: Record<string, string>) => {
    const columns = new DatabaseSync(world.file ?? '')
      .prepare(`pragma table_info(${table})`)
      .all()
      .map((column) => String(column['name']));
    const values = columns.map((column) => changes[column] ?? `${table}.${column}`);
    return `insert into ${table} (${columns.join()}) ${number} select ${values.join()} from ${table}, n`;
  };
  return [
    copied('sessions', { id: id('ses_') }),
    copied('profiles', { id: id('pro_'), subject: `'subject-' || i` }),
    copied('pending_connections', { session_id: id('ses_'), profile_id: id('pro_'), credential_sealed: `'damaged'` }),
  ].join(';');
}

describe('a ciphertext that was changed', () => {
  it('keeps no other credential from being given back (L03)', async () => {
    for (const account of [AMIRA, JONAS]) {
      const session = await page.mint();
      await session.connect({ account });
    }
    damage(`update pending_connections set credential_sealed = 'damaged' where name = '${AMIRA}'`);
    world.clock.pass({ hours: 1 });
    await createPartnerServer(world).revoke({ token: 'nothing' });
    await vi.waitFor(() => expect(world.google.liveRefreshTokens(JONAS)).toBe(0));
    expect(world.log).toMatchObject([{ level: 'error', event: 'give_back_failed', error: 'VaultError' }]);
  });

  it('keeps none from being given back, however many there are of it (L03)', async () => {
    const broken = 120;
    const session = await page.mint();
    await session.connect({ account: JONAS });
    damage(copiesOfPending(broken));
    world.clock.pass({ hours: 1 });
    await createPartnerServer(world).revoke({ token: 'nothing' });
    await vi.waitFor(() => expect(world.google.liveRefreshTokens(JONAS)).toBe(0), { timeout: 5000 });
    expect(world.log.filter((entry) => entry.event === 'give_back_failed')).toHaveLength(broken);
  });

  it('on the way back from the provider ends that session, with nothing of it in the log (L03)', async () => {
    const session = await page.mint();
    const callback = await callbackFromGoogle(page.browser, await session.start());
    damage(`update sessions set provider_verifier_sealed = replace(provider_verifier_sealed, 'A', 'B') || 'x'`);
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
    damage(
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
