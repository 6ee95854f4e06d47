import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createMeetingWorld,
  type MeetingPartner,
  meetingPartner,
  type MeetingWorld,
  serviceNamed,
  SERVICES,
} from './support/conferencing.ts';
import { onwardLink, textOf } from './support/html.ts';
import { AMIRA_AT_WORK, goThroughMicrosoft } from './support/microsoft.ts';
import { authorizedCode, createPartnerServer, type PartnerServer } from './support/partner-server.ts';
import { AMIRA, CALLBACK, JONAS, OTHER_CALLBACK } from './support/world.ts';

let world: MeetingWorld;
let server: PartnerServer;
let partner: MeetingPartner;
let refreshToken: string;

beforeEach(async () => {
  world = await createMeetingWorld();
  server = createPartnerServer(world);
  const { body } = await server.redeem(await authorizedCode(world), { redirect_uri: CALLBACK });
  partner = meetingPartner(world, body.access_token);
  refreshToken = body.refresh_token;
});
afterEach(() => world.close());

const zoom = serviceNamed('zoom');

describe.each(SERVICES)('$name', (service) => {
  it('is connected to the account, at once and without a code, and comes back to the redirect URI as it is', async () => {
    const end = await partner.connect(service);
    expect(end.url.href.replace(/#$/, '')).toBe(CALLBACK);
    expect(await partner.profiles()).toEqual([
      {
        provider_name: service.providerName,
        profile_id: expect.stringMatching(/^pro_[0-9a-f]{24}$/),
        profile_name: service.login,
        profile_connected: true,
      },
    ]);
  });

  it('is not connected where somebody says no there', async () => {
    const { url } = await partner.connect(service, { decision: 'decline' });
    expect(`${url.origin}${url.pathname}`).toBe(CALLBACK);
    expect(Object.fromEntries(url.searchParams)).toEqual({ error: 'access_denied' });
    expect(await partner.profiles()).toEqual([]);
  });

  it('connected again by the same login is the same profile', async () => {
    await partner.connect(service);
    const [before] = await partner.profiles();
    await partner.connect(service);
    expect(await partner.profiles()).toEqual([before]);
  });

  it('is connected no longer once its profile is revoked, and connected again it is the same profile', async () => {
    await partner.connect(service);
    const [before] = await partner.profiles();
    const revoked = await partner.ask('POST', `/v1/profiles/${before?.profile_id}/revoke`, []);
    expect([revoked.status, revoked.body]).toEqual([202, undefined]);
    expect(await partner.profiles()).toEqual([]);
    await partner.connect(service);
    expect(await partner.profiles()).toEqual([before]);
  });
});

describe('the account', () => {
  it('keeps its address, its calendars and its tokens, whatever login the service has', async () => {
    const before = await server.refresh(refreshToken);
    const info = await server.userinfo(before.body.access_token);
    await partner.connect(serviceNamed('google_meet'));
    const after = await server.userinfo(before.body.access_token);
    expect(after.body).toEqual({
      ...info.body,
      'cronofy.data': { ...info.body['cronofy.data'], conferencing_profiles: [expect.objectContaining({ profile_name: JONAS })] },
    });
    expect(after.body).toMatchObject({ email: AMIRA });
  });

  it('has as many of them as it connects', async () => {
    await partner.connect(zoom);
    world.clock.pass({ seconds: 1 });
    await partner.connect(serviceNamed('webex'));
    expect((await partner.profiles()).map(({ provider_name }) => provider_name)).toEqual(['zoom', 'webex']);
  });

  it('loses them with its authorization, and the service is told', async () => {
    await partner.connect(zoom);
    expect(world.zoom.liveRefreshTokens(AMIRA)).toBe(1);
    await server.revoke({ token: refreshToken });
    await vi.waitFor(() => expect(world.zoom.liveRefreshTokens(AMIRA)).toBe(0), 5000);
  });

  it('that lost its authorization while somebody was at the service gets nothing, and what was granted is given back', async () => {
    const browser = world.browser();
    const page = await browser.visit(await partner.link({ provider_name: 'zoom' }));
    const onward = await browser.submit(page, { press: 'Continue' });
    await server.revoke({ token: refreshToken });
    const end = await zoom.through(browser, onward);
    expect(textOf(end.text)).toContain('Nothing was connected');
    await vi.waitFor(() => expect(world.zoom.liveRefreshTokens(AMIRA)).toBe(0), 5000);
    const again = await browser.submit(end, { press: 'Try again' });
    expect(textOf(again.text)).toContain('There is nothing to connect to any longer');
  });
});

describe('POST /v1/profiles/{profile_id}/revoke', () => {
  it('ends a calendar as well, gives the credential back, and leaves the rest of the account', async () => {
    await partner.connect(zoom);
    const { body } = await partner.ask<{ profiles: readonly { profile_id: string }[] }>('GET', '/v1/profiles');
    const { status } = await partner.ask('POST', `/v1/profiles/${body.profiles[0]?.profile_id}/revoke`);
    expect(status).toBe(202);
    expect((await partner.ask('GET', '/v1/profiles')).body).toEqual({ profiles: [] });
    expect(await partner.profiles()).toHaveLength(1);
    await vi.waitFor(() => expect(world.google.liveRefreshTokens(AMIRA)).toBe(0), 5000);
    const audited = await world.connect.audit({ limit: 100 });
    expect(audited.filter(({ event }) => event === 'profile_revoked')).toMatchObject([{ subjectId: body.profiles[0]?.profile_id }]);
  });

  it.each(['zoom', 'goto'] as const)('tells %s, and is the same when it is asked twice', async (id) => {
    await partner.connect(serviceNamed(id));
    expect(world[id].liveRefreshTokens(AMIRA)).toBe(1);
    const [profile] = await partner.profiles();
    for (const body of [{ profile_id: profile?.profile_id }, undefined]) {
      expect((await partner.ask('POST', `/v1/profiles/${profile?.profile_id}/revoke`, body)).status).toBe(202);
    }
    await vi.waitFor(() => expect(world[id].liveRefreshTokens(AMIRA)).toBe(0), 5000);
  });

  it('knows no profile of another account, and none that there is not', async () => {
    await partner.connect(zoom);
    const [profile] = await partner.profiles();
    const other = await server.redeem(await authorizedCode(world, {}, { account: JONAS }), { redirect_uri: CALLBACK });
    const asOther = meetingPartner(world, other.body.access_token);
    for (const id of [profile?.profile_id, 'pro_000000000000000000000000', 'x']) {
      const refused = await asOther.ask('POST', `/v1/profiles/${id}/revoke`);
      expect([refused.status, refused.body]).toEqual([404, undefined]);
    }
    expect((await partner.profiles())[0]?.profile_connected).toBe(true);
    expect((await meetingPartner(world, 'no-token').ask('POST', `/v1/profiles/${profile?.profile_id}/revoke`)).status).toBe(401);
  });
});

describe('where there is no service named', () => {
  it('the person chooses, and reads for whom and what is asked', async () => {
    const browser = world.browser();
    const page = await browser.visit(await partner.link());
    const text = textOf(page.text);
    expect(text).toContain('Connect a meeting service to Planner');
    expect(text).toContain(`This is for the account of ${AMIRA} at Planner.`);
    for (const { name } of SERVICES) expect(text).toContain(name);
    expect(page.text.replaceAll('<wbr />', '')).toContain('meeting:write:meeting');
    const onward = await browser.submit(page, { press: 'Continue', choose: { provider: 'webex' } });
    await serviceNamed('webex').through(browser, onward);
    expect((await partner.profiles()).map(({ provider_name }) => provider_name)).toEqual(['webex']);
  });

  it('nothing goes on before they have chosen, and Cancel leads back', async () => {
    const browser = world.browser();
    const page = await browser.visit(await partner.link());
    const asked = await browser.submit(page, { press: 'Continue' });
    expect(textOf(asked.text)).toContain('Choose where you meet.');
    const cancelled = await browser.submit(asked, { press: 'Cancel' });
    expect(onwardLink(cancelled.text)).toBe(`${CALLBACK}?error=access_denied#`);
    expect((await browser.visit(page.url)).url.search).toBe('?error=access_denied');
  });
});

describe('where it fails', () => {
  it('says why, one click tries again, and another leads back', async () => {
    world.zoom.addFault({ group: 'token', status: 503, times: 1 });
    const browser = world.browser();
    const failed = await partner.connect(zoom, { browser });
    expect(textOf(failed.text)).toContain('Zoom did not answer. Nothing was connected. Wait a minute and try again. provider_unavailable');
    expect(failed.text).toContain(`href="${CALLBACK}?error=access_denied#"`);
    const end = await zoom.through(browser, await browser.submit(failed, { press: 'Try again' }));
    expect(end.url.href.replace(/#$/, '')).toBe(CALLBACK);
    expect(await partner.profiles()).toHaveLength(1);
  });

  it('says that an administrator has to allow Teams, where one has to', async () => {
    const browser = world.browser();
    const page = await browser.visit(await partner.link({ provider_name: 'ms_teams' }));
    const onward = await browser.submit(page, { press: 'Continue' });
    const failed = await goThroughMicrosoft(browser, onward, { account: AMIRA_AT_WORK });
    expect(textOf(failed.text)).toContain('Your organisation’s administrator has not allowed this application at Microsoft Teams.');
    expect(await partner.profiles()).toEqual([]);
  });

  it('keeps the query of the redirect URI', async () => {
    const address = `${CALLBACK}?tab=meetings`;
    const other = await world.register({ redirectUris: [CALLBACK, address] });
    const at = { ...world, application: other };
    const { body } = await createPartnerServer(at).redeem(await authorizedCode(at), { redirect_uri: CALLBACK });
    const theirs = meetingPartner(at, body.access_token);
    const declined = await theirs.connect(zoom, { decision: 'decline', redirectUri: address });
    expect(declined.url.search).toBe('?tab=meetings&error=access_denied');
    const connected = await theirs.connect(zoom, { redirectUri: address });
    expect(connected.url.search).toBe('?tab=meetings');
  });

  it('is told to partners who ask for what there is not', async () => {
    const refused = async (body: object) => (await partner.authorize(body)).body.errors;
    const unregistered = [{ key: 'errors.not_recognized', description: expect.stringContaining('registered') }];
    expect(await refused({ redirect_uri: `${CALLBACK}/` })).toEqual({ redirect_uri: unregistered });
    expect(await refused({ redirect_uri: [OTHER_CALLBACK] })).toEqual({ redirect_uri: unregistered });
    expect(await refused({ redirect_uri: null })).toEqual({
      redirect_uri: [{ key: 'errors.required', description: 'redirect_uri must be specified' }],
    });
    expect(await refused({ provider_name: 'skype' })).toEqual({
      provider_name: [
        {
          key: 'errors.not_recognized',
          description: 'provider_name must be one of zoom, google_meet_api, ms_teams, webex, go_to, or left out',
        },
      ],
    });
    expect(Object.keys((await refused({ redirect_uri: '', provider_name: 7 })) ?? {})).toEqual(['redirect_uri', 'provider_name']);
    expect((await partner.authorize({ provider_name: null })).status).toBe(200);
    expect((await partner.authorize({ redirect_uri: `${CALLBACK}/` })).status).toBe(422);
    expect((await meetingPartner(world, 'no-token').authorize()).status).toBe(401);
  });
});

it('uses the application’s own client where it has one', async () => {
  const own = { clientId: 'partners-own-client', clientSecret: 'partners-own-very-secret' };
  world.zoom.addClient({ ...own, redirectUris: [`${world.publicUrl}/connect/callback/zoom`] });
  await world.connect.applications.setProviderClient(world.application.clientId, { provider: 'zoom', ...own });
  const browser = world.browser();
  const onward = await browser.submit(await browser.visit(await partner.link({ provider_name: 'zoom' })), { press: 'Continue' });
  expect(new URL(onwardLink(onward.text) ?? '').searchParams.get('client_id')).toBe(own.clientId);
  await zoom.through(browser, onward);
  expect(await partner.profiles()).toHaveLength(1);
});
