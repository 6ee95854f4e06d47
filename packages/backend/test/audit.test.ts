import { afterEach, beforeEach, expect, it } from 'vitest';
import { openPage } from './support/partner-page.ts';
import { authorizedCode, createPartnerServer, type PartnerServer } from './support/partner-server.ts';
import { CALLBACK, createWorld, type World } from './support/world.ts';

let world: World;
let server: PartnerServer;
beforeEach(async () => {
  world = await createWorld();
  server = createPartnerServer(world);
});
afterEach(() => world.close());

/** What the trail tells, oldest first. */
async function trail(): Promise<string[]> {
  const events = await world.connect.audit({ limit: 100, applicationId: world.application.clientId });
  return events.map(({ event }) => event).toReversed();
}

it('M05: tells of every token issued, refreshed and revoked, once, with the ids that belong to it', async () => {
  const code = await authorizedCode(world);
  const { body } = await server.redeem(code, { redirect_uri: CALLBACK });
  await server.refresh(body.refresh_token);
  await server.revoke({ token: body.refresh_token });
  await server.revoke({ token: body.refresh_token });
  expect(await trail()).toEqual(['tokens_issued', 'token_refreshed', 'grant_revoked']);
  const events = await world.connect.audit({ limit: 100 });
  expect(new Set(events.map(({ accountId }) => accountId))).toEqual(new Set([body.account_id]));
  expect(new Set(events.map(({ applicationId }) => applicationId))).toEqual(new Set([world.application.clientId]));
});

it('M05: tells of a page’s receipt, and of the tokens that it gave', async () => {
  const session = await openPage(world).mint();
  await session.connect();
  const { body } = await session.exchange((await session.poll()).code);
  await server.redeem(body.receipt);
  expect(await trail()).toEqual(['receipt_issued', 'tokens_issued']);
});

it('M05: tells of a code that came twice, and of the revocation where it came late', async () => {
  const code = await authorizedCode(world);
  await server.redeem(code, { redirect_uri: CALLBACK });
  await server.redeem(code, { redirect_uri: CALLBACK });
  world.clock.pass({ minutes: 5 });
  await server.redeem(code, { redirect_uri: CALLBACK });
  const events = (await world.connect.audit({ limit: 100 })).toReversed();
  expect(events.map(({ event, detail }) => [event, event === 'code_reused' ? detail : ''])).toEqual([
    ['tokens_issued', ''],
    ['code_reused', 'refused'],
    ['code_reused', 'revoked'],
  ]);
});

it('M05: tells of wrong verifiers and wrong secrets, and holds nothing secret', async () => {
  const session = await openPage(world).mint();
  await session.connect();
  const { code } = await session.poll();
  await server.redeem(code, { code_verifier: 'w'.repeat(43) });
  await createPartnerServer({ ...world, application: { ...world.application, clientSecret: 'not-the-secret' } }).refresh('x');
  const { body } = await server.redeem(code, { code_verifier: session.verifier });
  expect(await trail()).toEqual(['verifier_wrong', 'client_authentication_failed', 'tokens_issued']);
  const all = JSON.stringify(await world.connect.audit({ limit: 100 }));
  for (const secret of [code, body.access_token, body.refresh_token, 'not-the-secret', session.verifier]) expect(all).not.toContain(secret);
});
