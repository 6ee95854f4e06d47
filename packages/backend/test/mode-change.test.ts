import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { goThroughGoogle } from './support/consent.ts';
import { textOf } from './support/html.ts';
import { openPage, type PageSession, type PartnerPage } from './support/partner-page.ts';
import { createPartnerServer, type PartnerServer, type UserinfoBody } from './support/partner-server.ts';
import { AMIRA, createWorld, JONAS, type World } from './support/world.ts';

let world: World;
let server: PartnerServer;
beforeEach(async () => {
  world = await createWorld();
  server = createPartnerServer(world);
});
afterEach(() => world.close());

type Profile = UserinfoBody['cronofy.data']['profiles'][number];

async function finish(session: PageSession) {
  const { body: summary } = await session.exchange((await session.poll()).code);
  const { body: tokens } = await server.redeem(summary.receipt);
  return { summary, tokens };
}

async function profilesOf(accessToken: string): Promise<readonly Profile[]> {
  return (await server.userinfo(accessToken)).body['cronofy.data'].profiles;
}

describe('who shares more than before', () => {
  it('keeps account and profile, and the token that stands gets the rest', async () => {
    const page = openPage(world);
    const first = await page.mint();
    await first.connect({ accessMode: 'free_busy' });
    const before = await finish(first);
    expect((await profilesOf(before.tokens.access_token))[0]).toMatchObject({ provider_name: 'google_free_busy' });

    const second = await page.mint();
    await second.connect({ accessMode: 'full' });
    const after = await finish(second);
    expect(after.summary).toMatchObject({
      account_id: before.summary.account_id,
      profile_id: before.summary.profile_id,
      access_mode: 'full',
    });
    const [profile, ...others] = await profilesOf(before.tokens.access_token);
    expect(others).toEqual([]);
    expect(profile).toMatchObject({ provider_name: 'google', provider_service: 'gsuite', profile_connected: true });
    expect(profile?.profile_calendars.map(({ calendar_name }) => calendar_name)).toContain('Team holidays');
  });
});

describe('who shares less than before', () => {
  async function connectedIn(page: PartnerPage) {
    const first = await page.mint();
    await first.connect({ accessMode: 'full' });
    return { first, ...(await finish(first)), goOn: () => page.mint({ retry_of: first.id }, first.secret) };
  }

  it('keeps account and profile; at Google the old grant is ended before the new consent, and details are erased', async () => {
    const page = openPage(world);
    const before = await connectedIn(page);
    expect((await profilesOf(before.tokens.access_token))[0]?.profile_calendars.map((each) => each.calendar_name)).toContain(
      'Team holidays',
    );
    const second = await before.goOn();
    const start = await second.start({ accessMode: 'free_busy' });
    expect(world.askedGoogle('/revoke')).toBe(1);
    expect(world.google.consentedScopes(AMIRA)).toEqual([]);
    expect(textOf((await goThroughGoogle(page.browser, start)).text)).toContain('Your calendar is connected');
    const after = await finish(second);
    expect([after.summary.account_id, after.summary.profile_id]).toEqual([before.summary.account_id, before.summary.profile_id]);
    expect(after.summary.access_mode).toBe('free_busy');
    // Only the grant of the second consent is left, and it holds no more than it asked for.
    expect(world.google.liveRefreshTokens(AMIRA)).toBe(1);
    expect(world.google.consentedScopes(AMIRA).filter((scope) => scope.endsWith('calendar.events'))).toEqual([]);
    const [profile] = await profilesOf(before.tokens.access_token);
    expect(profile).toMatchObject({ provider_name: 'google_free_busy', provider_service: 'google_free_busy', profile_connected: true });
    expect(profile?.profile_calendars.map((each) => each.calendar_name)).not.toContain('Team holidays');
  });

  it('has ended what they shared also where they stop at Google, and connects again later', async () => {
    const page = openPage(world);
    const before = await connectedIn(page);
    const second = await before.goOn();
    await second.connect({ accessMode: 'free_busy', decision: 'Cancel' });
    expect((await second.poll()).state).toBe('declined');
    expect(world.google.liveRefreshTokens(AMIRA)).toBe(0);
    expect((await profilesOf(before.tokens.access_token))[0]).toMatchObject({ provider_name: 'google', profile_connected: false });
    const third = await page.mint();
    await third.connect({ accessMode: 'free_busy' });
    expect((await finish(third)).summary).toMatchObject({ profile_id: before.summary.profile_id, access_mode: 'free_busy' });
  });

  it('loses nothing where Google does not answer', async () => {
    const before = await connectedIn(openPage(world));
    const healed = world.google.addFault({ group: 'revoke', status: 503 });
    const second = await before.goOn();
    const end = await second.start({ accessMode: 'free_busy' });
    expect(end.url.pathname).toBe(`/connect/relay/${second.id}`);
    expect(await second.poll()).toMatchObject({ state: 'failed', reason: 'provider_unavailable' });
    healed();
    expect((await profilesOf(before.tokens.access_token))[0]).toMatchObject({ provider_name: 'google', profile_connected: true });
  });

  it('leaves the grant at Google where another application lives on it, and uses none of it', async () => {
    const other = await world.register({ name: 'Other' });
    const there = await openPage(world, { clientId: other.clientId }).mint();
    await there.connect({ accessMode: 'full' });
    await there.exchange((await there.poll()).code);
    const before = await connectedIn(openPage(world));
    const second = await before.goOn();
    expect(textOf((await second.connect({ accessMode: 'free_busy' })).text)).toContain('Your calendar is connected');
    const { tokens } = await finish(second);
    expect(world.askedGoogle('/revoke')).toBe(0);
    expect((await profilesOf(tokens.access_token))[0]).toMatchObject({ provider_name: 'google_free_busy', profile_connected: true });
  });

  it('keeps account and profile too where nobody knows beforehand who it is; what Google keeps is used by nothing', async () => {
    const before = await connectedIn(openPage(world));
    const page = openPage(world);
    const second = await page.mint();
    expect(textOf((await second.connect({ accessMode: 'free_busy' })).text)).toContain('Your calendar is connected');
    expect((await finish(second)).summary).toMatchObject({ profile_id: before.summary.profile_id, access_mode: 'free_busy' });
    expect(world.askedGoogle('/revoke')).toBe(0);
    expect(await profilesOf(before.tokens.access_token)).toMatchObject([{ provider_name: 'google_free_busy', profile_connected: true }]);
  });
});

describe('a named person, who may have several logins and shares less of one', () => {
  async function namedPage() {
    const { session: token } = await server.mint({ end_user: 'user-17' });
    const page = openPage(world);
    return { page, session: await page.claim(token) };
  }

  /** Shares less of one of two logins: which it is shows only at Google, so that Google is asked twice. */
  async function asked() {
    for (const account of [AMIRA, JONAS]) {
      const { session } = await namedPage();
      await session.connect({ accessMode: 'full', account });
      await finish(session);
    }
    const { page, session } = await namedPage();
    const screen = await session.connect({ accessMode: 'free_busy' });
    expect(textOf(screen.text)).toContain('Google asks you once more');
    expect(screen.url.pathname).toBe(`/connect/again/${session.id}`);
    return { page, session, screen };
  }

  it('is asked once more, after what they shared of it has ended; the other login stays', async () => {
    const { page, session, screen } = await asked();
    expect(world.google.liveRefreshTokens(AMIRA)).toBe(0);
    expect(textOf((await goThroughGoogle(page.browser, screen)).text)).toContain('Your calendar is connected');
    const { tokens } = await finish(session);
    const stands = (await profilesOf(tokens.access_token)).map((profile) => `${profile.provider_name} ${profile.profile_connected}`);
    expect(stands.toSorted()).toEqual(['google true', 'google_free_busy true']);
  });

  it('shares less of another login than of the one that stands, which stays as it is', async () => {
    const first = await namedPage();
    await first.session.connect({ accessMode: 'full', account: AMIRA });
    await finish(first.session);
    const second = await namedPage();
    await second.session.connect({ accessMode: 'free_busy', account: JONAS });
    const { tokens } = await finish(second.session);
    expect([world.askedGoogle('/revoke'), world.google.liveRefreshTokens(AMIRA)]).toEqual([0, 1]);
    const stands = (await profilesOf(tokens.access_token)).map((profile) => `${profile.provider_name} ${profile.profile_connected}`);
    expect(stands.toSorted()).toEqual(['google true', 'google_free_busy true']);
  });

  it('finds the second question again after a reload, and nobody else finds it', async () => {
    const { page, screen } = await asked();
    const reloaded = await page.browser.visit(screen.url);
    expect(reloaded.text.match(/href="([^"]*)"/)?.[1]).toBe(screen.text.match(/href="([^"]*)"/)?.[1]);
    expect(textOf((await openPage(world).browser.visit(screen.url)).text)).not.toContain('once more');
    expect(textOf((await goThroughGoogle(page.browser, reloaded)).text)).toContain('Your calendar is connected');
  });

  it('has ended what they shared also where they stop at the second question', async () => {
    const { page, session, screen } = await asked();
    await goThroughGoogle(page.browser, screen, { decision: 'Cancel' });
    expect((await session.poll()).state).toBe('declined');
    expect([world.google.liveRefreshTokens(AMIRA), world.google.liveRefreshTokens(JONAS)]).toEqual([0, 1]);
  });
});

describe('a session that the partner’s server mints to change a connection', () => {
  async function standing() {
    const { session: token } = await server.mint({ end_user: 'user-17' });
    const session = await openPage(world).claim(token);
    await session.connect({ accessMode: 'full' });
    return finish(session);
  }

  it('says what is changed, offers only its provider, and keeps its ids', async () => {
    const { summary } = await standing();
    const { session: token } = await server.mint({ end_user: 'user-17', profile_id: summary.profile_id });
    const session = await openPage(world).claim(token);
    expect(session.change).toEqual({ profile_id: summary.profile_id, provider: 'google', access_mode: 'full', name: AMIRA });
    expect(session.offer.providers.map(({ id }) => id)).toEqual(['google']);
    await session.connect({ accessMode: 'free_busy' });
    expect(world.askedGoogle('/revoke')).toBe(1);
    expect((await finish(session)).summary).toMatchObject({ profile_id: summary.profile_id, access_mode: 'free_busy' });
  });

  it('refuses another login, and leaves what stands', async () => {
    const { summary, tokens } = await standing();
    const { session: token } = await server.mint({ end_user: 'user-17', profile_id: summary.profile_id });
    const session = await openPage(world).claim(token);
    await session.connect({ accessMode: 'full', account: JONAS });
    const { failure, ...status } = await session.poll();
    expect(status).toMatchObject({ state: 'failed', reason: 'wrong_account' });
    expect(failure).toEqual({
      happened: `This is another account than ${AMIRA}, whose connection was to change.`,
      todo: `Try again and choose ${AMIRA}.`,
    });
    expect((await profilesOf(tokens.access_token))[0]).toMatchObject({ profile_connected: true });
    await vi.waitFor(() => expect(world.google.liveRefreshTokens(JONAS)).toBe(0));
  });

  it('is refused for a profile that is not this person’s, of another application, or none', async () => {
    const { summary } = await standing();
    const other = createPartnerServer(world, await world.register({ name: 'Other' }));
    const refusal = { error: 'profile_not_found' };
    await expect(server.mint({ end_user: 'user-18', profile_id: summary.profile_id })).resolves.toMatchObject(refusal);
    await expect(other.mint({ end_user: 'user-17', profile_id: summary.profile_id })).resolves.toMatchObject(refusal);
    await expect(server.mint({ end_user: 'user-17', profile_id: 'pro_nobody' })).resolves.toMatchObject(refusal);
  });
});

describe('an access mode that is off', () => {
  it('is refused by name, and says what switches it on', async () => {
    await expect(openPage(world).mint({ access_modes: ['full', 'no_access'] })).rejects.toMatchObject({
      status: 400,
      code: 'access_mode_not_offered',
    });
    const { headers, status } = await world.request(
      `/oauth/authorize?response_type=code&client_id=${world.application.clientId}&redirect_uri=${encodeURIComponent('https://app.partner.example/calendar/callback')}&scope=free_busy_write&provider_name=cronofy`,
    );
    expect(status).toBe(302);
    expect(headers.get('location')).toMatch(/error=invalid_request.*provider_name/);
  });
});
