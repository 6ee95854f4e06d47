import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { prepareBackendProcess } from '../support/backend-processes.ts';
import { createDatabase } from '../support/databases.ts';
import { openPage } from '../support/partner-page.ts';
import { createPartnerServer, type PartnerServer, type TokenBody } from '../support/partner-server.ts';
import { AMIRA, createWorld, type World } from '../support/world.ts';
import { halfMade } from './half-made.ts';
import { reach, settingsFor, startEmulator } from './pair.ts';
import { openBeside, register } from './waiting-people.ts';

let world: World;
let server: PartnerServer;

beforeEach(async () => {
  world = await createWorld({ database: 'file' });
  server = createPartnerServer(world);
});
afterEach(() => world.close());

/** Connects Amira's calendar, whose tokens a partner's server gets. */
async function connected(): Promise<TokenBody> {
  const session = await openPage(world).mint();
  await session.connect();
  return (await server.redeem((await session.poll()).code, { code_verifier: session.verifier })).body;
}

/** Nothing works here any more, and nothing is kept. */
async function expectNothingLeft({ access_token, refresh_token }: TokenBody): Promise<void> {
  expect((await server.userinfo(access_token)).status).toBe(401);
  expect((await server.refresh(refresh_token)).body.error).toBe('invalid_grant');
  const kept = `select id from profiles where status <> 'revoked' or id in (select profile_id from credentials)`;
  await vi.waitFor(async () => expect(await world.database.execute(kept)).toEqual([]));
  expect(await halfMade(world.database)).toEqual([]);
}

describe('G13: a revocation', () => {
  it.each([
    ['that Google has not answered yet', 400, 0],
    ['that Google answers while it is revoked there too', 400, 300],
  ])('stands against a refresh of the provider’s token %s', async (_, refreshMs, revokeMs) => {
    const tokens = await connected();
    world.clock.pass({ hours: 2 });
    world.google.clearRequests();
    world.google.addFault({ group: 'token', delayMs: refreshMs });
    if (revokeMs > 0) world.google.addFault({ group: 'revoke', delayMs: revokeMs });
    // The list of calendars is old, and the token to ask for it with has ended.
    const { body } = await server.refresh(tokens.refresh_token);
    await server.userinfo(body.access_token);
    await vi.waitFor(() => expect(world.askedGoogle('/token')).toBe(1));

    expect((await server.revoke({ token: tokens.refresh_token })).status).toBe(200);
    await expectNothingLeft({ ...tokens, access_token: body.access_token });
    await world.connect.close();
    expect(world.google.liveRefreshTokens(AMIRA)).toBe(0);
  });

  it('that Google does not hear stands here at once, and is told until Google has heard it', async () => {
    const tokens = await connected();
    const heal = world.google.addFault({ group: 'revoke', status: 503 });
    expect((await server.revoke({ token: tokens.refresh_token })).status).toBe(200);
    expect((await server.userinfo(tokens.access_token)).status).toBe(401);
    await vi.waitFor(() => expect(world.log).toContainEqual(expect.objectContaining({ event: 'work_postponed', failures: 1 })));
    expect(world.google.liveRefreshTokens(AMIRA)).toBe(1);

    world.clock.pass({ hours: 1 });
    await server.revoke({ token: 'nothing' });
    await vi.waitFor(() => expect(world.log).toContainEqual(expect.objectContaining({ event: 'work_postponed', failures: 2 })));

    heal();
    world.clock.pass({ hours: 1 });
    await server.revoke({ token: 'nothing' });
    await expectNothingLeft(tokens);
    expect(world.google.liveRefreshTokens(AMIRA)).toBe(0);
  });
});

it('G13: a revocation that was acknowledged reaches Google although the process was killed before Google heard of it', async () => {
  const database = await createDatabase('file');
  const emulator = await startEmulator();
  const beside = await openBeside(database);
  const application = await register(beside);
  const [first, second] = [prepareBackendProcess(settingsFor(database, emulator)), prepareBackendProcess(settingsFor(database, emulator))];
  try {
    const process = await first.start();
    const partner = createPartnerServer(reach(process, application));
    const session = await openPage(reach(process, application)).mint();
    await session.connect();
    const { body } = await partner.redeem((await session.poll()).code, { code_verifier: session.verifier });
    const heal = emulator.control.addFault({ group: 'revoke', delayMs: 60_000 });
    expect((await partner.revoke({ token: body.refresh_token })).status).toBe(200);
    await process.stop('SIGKILL');
    heal();
    expect(emulator.control.liveRefreshTokens(AMIRA)).toBe(1);

    // As if the two minutes had passed for which the killed process has taken the work.
    await database.execute('update work_lanes set lease_until = 0');
    await second.start();
    await expect.poll(() => emulator.control.liveRefreshTokens(AMIRA), { timeout: 5000 }).toBe(0);
  } finally {
    await Promise.all([first.discard(), second.discard()]);
    await beside.store.close();
    await emulator.close();
    await database.drop();
  }
});

it('a code that was tried after its session was cancelled ends no earlier connection when it is tried again later', async () => {
  const standing = await connected();
  const session = await openPage(world).mint();
  await session.connect();
  const { code } = await session.poll();
  await session.cancel();
  for (let tries = 0; tries < 2; tries += 1) {
    const { status, body } = await server.redeem(code, { code_verifier: session.verifier });
    expect([status, body.error]).toEqual([400, 'invalid_grant']);
    world.clock.pass({ minutes: 2 });
  }
  expect((await server.userinfo(standing.access_token)).status).toBe(200);
});
