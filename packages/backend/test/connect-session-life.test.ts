import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callbackFromGoogle } from './support/consent.ts';
import { openPage, type PageSession, type PartnerPage } from './support/partner-page.ts';
import { createPartnerServer, type PartnerServer } from './support/partner-server.ts';
import { AMIRA, createWorld, type World } from './support/world.ts';

let world: World;
let page: PartnerPage;
let server: PartnerServer;

beforeEach(async () => {
  world = await createWorld();
  page = openPage(world);
  server = createPartnerServer(world);
});
afterEach(() => world.close());

async function connected(choice = {}): Promise<PageSession> {
  const session = await openPage(world).mint();
  await session.connect(choice);
  return session;
}

async function redeemed(): Promise<{ refreshToken: string; accessToken: string }> {
  const session = await connected();
  const { body } = await session.exchange((await session.poll()).code);
  const { body: tokens } = await server.redeem(body.receipt);
  return { refreshToken: tokens.refresh_token, accessToken: tokens.access_token };
}

/** What is due is done every ten seconds, and after every revocation, also one that means nothing. */
async function doWhatIsDue(): Promise<void> {
  await server.revoke({ token: 'nothing' });
}

/** As {@link doWhatIsDue}, until nothing is under way any longer. */
async function doWhatIsDueToTheEnd(): Promise<void> {
  await doWhatIsDue();
  await world.connect.close();
}

function googleHearsOfRevocation(times = 1): Promise<void> {
  return vi.waitFor(() => expect(world.askedGoogle('/revoke')).toBe(times), { timeout: 2000, interval: 5 });
}

describe('cancelling', () => {
  it('ends a session that waits, and keeps ended ones as they are', async () => {
    const session = await page.mint();
    expect((await session.cancel()).body).toEqual({ id: session.id, state: 'cancelled', version: 2 });
    expect((await session.cancel()).body).toMatchObject({ state: 'cancelled', version: 2 });
  });

  it('is for the holder of the session’s secret only', async () => {
    const session = await page.mint();
    const answer = await page.ask('DELETE', `/connect/sessions/${session.id}`, { secret: 'wrong' });
    expect(answer).toMatchObject({ status: 404, body: { error: 'session_not_found' } });
    expect((await session.poll()).state).toBe('created');
  });

  it('makes a callback that comes later connect nothing', async () => {
    const session = await page.mint();
    const callback = await callbackFromGoogle(page.browser, await session.start());
    await session.cancel();
    await page.browser.visit(callback);
    expect(world.askedGoogle('/token')).toBe(0);
    expect((await session.poll()).state).toBe('cancelled');
  });

  it('takes back a connection that nobody redeemed, and tells Google', async () => {
    const session = await connected();
    const { code } = await session.poll();
    expect((await session.cancel()).body.state).toBe('cancelled');
    await googleHearsOfRevocation();
    expect(world.google.liveRefreshTokens(AMIRA)).toBe(0);
    expect(await session.exchange(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('makes the code unusable at once, also while Google does not answer', async () => {
    world.google.addFault({ group: 'revoke', status: 503 });
    const session = await connected();
    const { code } = await session.poll();
    await session.cancel();
    expect(await session.exchange(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('keeps asking Google until it has heard of it', async () => {
    const healed = world.google.addFault({ group: 'revoke', status: 503 });
    const session = await connected();
    await session.cancel();
    await googleHearsOfRevocation();
    expect(world.google.liveRefreshTokens(AMIRA)).toBe(1);
    healed();
    await vi.waitFor(async () => {
      world.clock.pass({ minutes: 1 });
      await doWhatIsDue();
      expect(world.google.liveRefreshTokens(AMIRA)).toBe(0);
    });
    expect(world.log).toContainEqual(expect.objectContaining({ level: 'warn', event: 'work_postponed', kind: 'give_back' }));
  });

  it('does not end what was redeemed', async () => {
    const session = await connected();
    const { body } = await session.exchange((await session.poll()).code);
    expect((await session.cancel()).body.state).toBe('connected');
    expect((await server.redeem(body.receipt)).status).toBe(200);
    expect(world.askedGoogle('/revoke')).toBe(0);
  });
});

describe('a connection that nobody redeems', () => {
  it('is erased after an hour and given back to Google; its code is unusable', async () => {
    const session = await connected();
    world.clock.pass({ minutes: 59, seconds: 30 });
    const { code } = await session.poll();
    world.clock.pass({ seconds: 30 });
    expect((await session.poll()).state).toBe('expired');
    expect(await session.exchange(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    await doWhatIsDue();
    await googleHearsOfRevocation();
    expect(world.google.liveRefreshTokens(AMIRA)).toBe(0);
    expect(await session.exchange(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('is not given back to Google while the same login has a living connection, which that would end too', async () => {
    await redeemed();
    await connected();
    world.clock.pass({ hours: 1 });
    await doWhatIsDueToTheEnd();
    expect(world.askedGoogle('/revoke')).toBe(0);
    expect(world.google.liveRefreshTokens(AMIRA)).toBe(2);
  });

  it('is not given back while another one of the same login still waits for its code', async () => {
    await connected();
    world.clock.pass({ minutes: 30 });
    await connected();
    world.clock.pass({ minutes: 30 });
    await doWhatIsDueToTheEnd();
    expect(world.askedGoogle('/revoke')).toBe(0);
    expect(world.google.liveRefreshTokens(AMIRA)).toBe(2);
  });

  it('leaves the connection that stood before as it was', async () => {
    const { accessToken, refreshToken } = await redeemed();
    const { body: before } = await server.userinfo(accessToken);
    const again = await connected();
    await again.cancel();
    const { body: tokens } = await server.refresh(refreshToken);
    expect((await server.userinfo(tokens.access_token)).body).toEqual(before);
  });
});

describe('a session', () => {
  it('expires after an hour, which is a change that a poll sees', async () => {
    const session = await page.mint();
    expect(session.expires_in).toBe(3600);
    world.clock.pass({ minutes: 59, seconds: 59, ms: 999 });
    expect(await session.poll()).toMatchObject({ state: 'created', version: 1 });
    world.clock.pass({ ms: 1 });
    expect(await session.poll({ after: 1, wait: 25 })).toMatchObject({ state: 'expired', version: 2 });
  });

  it('stays expired when the person comes back from Google later', async () => {
    const session = await page.mint();
    const callback = await callbackFromGoogle(page.browser, await session.start());
    world.clock.pass({ hours: 1 });
    await page.browser.visit(callback);
    expect((await session.poll()).state).toBe('expired');
    expect(world.askedGoogle('/token')).toBe(0);
  });

  it('can be taken the place of, which keeps the person that a partner’s server named', async () => {
    const minted = await server.mint({ end_user: { id: 'user-17', name: 'Maya' }, access_modes: ['free_busy'] });
    const first = await page.claim(minted.session);
    await first.connect({ decision: 'Cancel' });
    expect((await first.poll()).state).toBe('declined');
    const second = await page.mint({ retry_of: first.id }, first.secret);
    expect(second.end_user).toEqual({ name: 'Maya' });
    expect(second.offer).toEqual(first.offer);
    await second.connect();
    expect((await server.session(second.id)).body).toMatchObject({ state: 'connected', end_user: { id: 'user-17' } });
  });

  it('cannot be taken the place of without its secret, or by another application', async () => {
    const first = await connected();
    await expect(page.mint({ retry_of: first.id }, 'wrong')).rejects.toMatchObject({ code: 'session_not_found' });
    await expect(page.mint({ retry_of: first.id })).rejects.toMatchObject({ code: 'session_not_found' });
    const other = await world.register({ name: 'Other' });
    const theirs = openPage(world, { clientId: other.clientId });
    await expect(theirs.mint({ retry_of: first.id }, first.secret)).rejects.toMatchObject({ code: 'session_not_found' });
  });

  it('is not taken the place of while it still runs', async () => {
    const first = await page.mint();
    await expect(page.mint({ retry_of: first.id }, first.secret)).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('can be tried again for four hours from the first try, by whatever took its place', async () => {
    let last = await page.mint();
    for (const hours of [1, 2, 3]) {
      world.clock.pass({ hours: 1 });
      last = await page.mint({ retry_of: last.id }, last.secret);
      expect(last.expires_in, `after ${hours} hours`).toBe(3600);
    }
    world.clock.pass({ hours: 1 });
    await expect(page.mint({ retry_of: last.id }, last.secret)).rejects.toMatchObject({ code: 'invalid_request' });
  });
});
