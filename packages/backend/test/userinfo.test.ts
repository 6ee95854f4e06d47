import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { authorizedCode, createPartnerServer, type PartnerServer, type TokenBody } from './support/partner-server.ts';
import { AMIRA, CALLBACK, createWorld, GOOGLE_CLIENT, type World } from './support/world.ts';

/** Everything that is written in the calendars of the emulator's people. */
const TITLES =
  /Team holidays|Room plan|Holidays in Germany|Stand-up|Budget talk|Doctor|Writing time|Trade fair|Mareike|Board meeting|Public holiday|Room Elbe|Lindenstra/;

let world: World;
let server: PartnerServer;

beforeEach(async () => {
  world = await createWorld();
  server = createPartnerServer(world);
});
afterEach(() => world.close());

async function connect(accessMode: 'full' | 'free_busy'): Promise<TokenBody> {
  const code = await authorizedCode(world, {}, { accessMode });
  return (await server.redeem(code, { redirect_uri: CALLBACK })).body;
}

async function calendarNames(accessToken: string): Promise<(string | undefined)[]> {
  const { body } = await server.userinfo(accessToken);
  return body['cronofy.data'].profiles.flatMap((profile) => profile.profile_calendars.map((calendar) => calendar.calendar_name));
}

describe('userinfo', () => {
  it('tells the account, its profiles and their calendars in the partner API’s shape', async () => {
    const tokens = await connect('full');
    const { status, headers, body } = await server.userinfo(tokens.access_token);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    const calendar = {
      calendar_id: expect.stringMatching(/^cal_[0-9a-f]{24}_[0-9a-f]{24}$/),
      calendar_deleted: false,
      calendar_attachments_available: false,
      calendar_integrated_conferencing_available: expect.any(Boolean),
      permission_level: 'sandbox',
    };
    expect(body).toEqual({
      sub: tokens.account_id,
      email: AMIRA,
      name: AMIRA,
      zoneinfo: 'Etc/UTC',
      'cronofy.type': 'account',
      'cronofy.data': {
        authorization: { scope: 'free_busy_write', status: 'active' },
        profiles: [
          {
            provider_name: 'google',
            provider_service: 'gsuite',
            profile_id: tokens.linking_profile.profile_id,
            profile_name: AMIRA,
            profile_connected: true,
            profile_initial_sync_required: false,
            profile_calendars: [
              { ...calendar, calendar_name: AMIRA, calendar_readonly: false, calendar_primary: true },
              { ...calendar, calendar_name: 'Team holidays', calendar_readonly: false, calendar_primary: false },
              { ...calendar, calendar_name: 'Room plan', calendar_readonly: true, calendar_primary: false },
              { ...calendar, calendar_name: 'Holidays in Germany', calendar_readonly: true, calendar_primary: false },
            ],
          },
        ],
        conferencing_profiles: [],
      },
    });
  });

  it('keeps the id of a calendar when its list is read again', async () => {
    const tokens = await connect('full');
    const { body: before } = await server.userinfo(tokens.access_token);
    await connect('full');
    expect((await server.userinfo(tokens.access_token)).body).toEqual(before);
  });

  it('holds no title of any calendar or event in free/busy mode', async () => {
    const { access_token } = await connect('free_busy');
    expect(await calendarNames(access_token)).toEqual([AMIRA, 'Calendar 2', 'Calendar 3', 'Calendar 4']);
    world.clock.pass({ minutes: 6 });
    const asked = world.askedGoogle('/calendar/v3/users/me/calendarList');
    await server.userinfo(access_token);
    await vi.waitFor(() => expect(world.askedGoogle('/calendar/v3/users/me/calendarList')).toBeGreaterThan(asked));
    const { body } = await server.userinfo(access_token);
    expect(JSON.stringify([body, world.log])).not.toMatch(TITLES);
  });

  it('asks for a token where there is none', async () => {
    const answer = await world.request('/v1/userinfo');
    expect([answer.status, answer.headers.get('www-authenticate'), await answer.text()]).toEqual([401, 'Bearer', '']);
  });
});

describe('the calendar lists', () => {
  const listed = () => world.askedGoogle('/calendar/v3/users/me/calendarList');

  it('are asked for again behind the answer once they are five minutes old, once for all that ask meanwhile', async () => {
    const healed = world.google.addFault({ group: 'calendar', status: 503 });
    const { access_token } = await connect('full');
    expect(await calendarNames(access_token)).toEqual([]);
    // It was asked for again behind that answer, in vain; from when that is stored, it is left alone for five minutes.
    await vi.waitFor(async () => {
      const soFar = listed();
      await server.userinfo(access_token);
      await setTimeout(20);
      expect(listed()).toBe(soFar);
    });
    healed();
    world.clock.pass({ minutes: 4, seconds: 59, ms: 999 });
    await server.userinfo(access_token);
    const before = listed();
    world.clock.pass({ ms: 1 });
    // So that all five have asked before Google answers.
    world.google.addFault({ group: 'calendar', delayMs: 200 });
    const answers = await Promise.all(Array.from({ length: 5 }, () => calendarNames(access_token)));
    expect(answers).toEqual(Array.from({ length: 5 }, () => []));
    await vi.waitFor(async () => expect(await calendarNames(access_token)).toHaveLength(4));
    expect(listed()).toBe(before + 1);
  });

  it('are had with a token that is renewed at Google when it has expired', async () => {
    const { refresh_token } = await connect('full');
    world.clock.pass({ hours: 2 });
    const { body } = await server.refresh(refresh_token);
    const [exchanges, before] = [world.askedGoogle('/token'), listed()];
    await server.userinfo(body.access_token);
    await vi.waitFor(() => expect(listed()).toBe(before + 1));
    expect(world.askedGoogle('/token')).toBe(exchanges + 1);
    world.clock.pass({ minutes: 6 });
    await server.userinfo(body.access_token);
    await vi.waitFor(() => expect(listed()).toBe(before + 2));
    expect(world.askedGoogle('/token')).toBe(exchanges + 1);
  });

  it('end with a disconnected profile when Google says that the grant is dead (N04)', async () => {
    const { refresh_token } = await connect('full');
    world.google.set({ denyRefresh: true });
    world.clock.pass({ hours: 2 });
    const { access_token } = (await server.refresh(refresh_token)).body;
    await vi.waitFor(async () => {
      const { body } = await server.userinfo(access_token);
      expect(body['cronofy.data'].profiles).toMatchObject([{ profile_connected: false }]);
    });
    const asked = world.askedGoogle('/token');
    await server.userinfo(access_token);
    expect(world.askedGoogle('/token')).toBe(asked);
    expect(world.log).toMatchObject([{ level: 'warn', event: 'refresh_rejected', hint: expect.stringContaining('invalid_grant') }]);
  });

  it('end with a disconnected profile when the person took the access away', async () => {
    const { access_token } = await connect('full');
    world.google.revokeAllFor(AMIRA);
    world.clock.pass({ minutes: 6 });
    await vi.waitFor(async () => {
      const { body } = await server.userinfo(access_token);
      expect(body['cronofy.data'].profiles).toMatchObject([{ profile_connected: false }]);
    });
  });

  it('leave the profile connected when the operator’s secret is wrong, which is nobody’s grant’s fault', async () => {
    const { refresh_token } = await connect('full');
    world.google.addClient({ ...GOOGLE_CLIENT, clientSecret: 'GOCSPX-changed', redirectUris: [] });
    world.clock.pass({ hours: 2 });
    const { access_token } = (await server.refresh(refresh_token)).body;
    await server.userinfo(access_token);
    await vi.waitFor(() =>
      expect(world.log).toMatchObject([{ event: 'refresh_unavailable', hint: expect.stringContaining('invalid_client') }]),
    );
    const { body } = await server.userinfo(access_token);
    expect(body['cronofy.data'].profiles).toMatchObject([{ profile_connected: true }]);
    expect(body['cronofy.data'].profiles[0]?.profile_calendars).toHaveLength(4);
  });
});

it('keeps the credential that stands until the new one is redeemed when somebody connects again', async () => {
  const { access_token } = await connect('full');
  const atGoogle = world.google.liveRefreshTokens(AMIRA);
  await authorizedCode(world, {}, { accessMode: 'full' });
  expect(world.google.liveRefreshTokens(AMIRA)).toBe(atGoogle + 1);
  world.clock.pass({ minutes: 59 });
  const listed = world.askedGoogle('/calendar/v3/users/me/calendarList');
  await server.userinfo(access_token);
  await vi.waitFor(() => expect(world.askedGoogle('/calendar/v3/users/me/calendarList')).toBe(listed + 1));
  expect(world.log).toEqual([]);
});
