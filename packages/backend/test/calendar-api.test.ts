import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { anEvent, type CalendarApi, calendarApi, type FreeBusyBody } from './support/calendar-api.ts';
import { authorizedCode, createPartnerServer } from './support/partner-server.ts';
import { AMIRA, CALLBACK, createWorld, JONAS, type World } from './support/world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

async function connect(accessMode: 'full' | 'free_busy', account = AMIRA): Promise<CalendarApi> {
  const code = await authorizedCode(world, { scope: 'read_write free_busy_write' }, { accessMode, account });
  return calendarApi(world, (await createPartnerServer(world).redeem(code, { redirect_uri: CALLBACK })).body.access_token);
}

const NOVEMBER_3 = { from: '2026-11-03', to: '2026-11-04' };

describe('who an account is', () => {
  it('is told to every token', async () => {
    const api = await connect('free_busy');
    const { status, headers, body } = await api.get('/v1/account');
    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
      200,
      'application/json; charset=utf-8',
      'no-store',
    ]);
    expect(body).toEqual({
      account: {
        account_id: expect.stringMatching(/^acc_[0-9a-f]{24}$/),
        email: AMIRA,
        name: AMIRA,
        scope: 'read_write free_busy_write',
        default_tzid: 'Etc/UTC',
        provider_name: 'google_free_busy',
        provider_service: 'google_free_busy',
      },
    });
  });

  it('comes with its profiles, connected or not', async () => {
    const api = await connect('free_busy');
    const listed = (connected: boolean) => ({
      profiles: [
        {
          provider_name: 'google_free_busy',
          provider_service: 'google_free_busy',
          profile_id: expect.stringMatching(/^pro_/),
          profile_name: AMIRA,
          profile_connected: connected,
        },
      ],
    });
    expect((await api.get('/v1/profiles')).body).toEqual(listed(true));
    world.google.revokeAllFor(AMIRA);
    await api.freeBusy();
    expect((await api.get('/v1/profiles')).body).toEqual(listed(false));
    expect(await api.calendars()).toHaveLength(4);
  });
});

describe('the calendars', () => {
  it('are listed with the profile that each belongs to', async () => {
    const api = await connect('full');
    const { body } = await api.get<{ sub: string; calendars: object[] }>('/v1/calendars');
    expect(body.sub).toMatch(/^acc_/);
    expect(body.calendars).toHaveLength(4);
    expect(body.calendars[0]).toEqual({
      provider_name: 'google',
      profile_id: expect.stringMatching(/^pro_/),
      provider_service: 'gsuite',
      profile_name: AMIRA,
      calendar_id: expect.stringMatching(/^cal_/),
      calendar_name: AMIRA,
      calendar_readonly: false,
      calendar_deleted: false,
      calendar_primary: true,
      calendar_integrated_conferencing_available: true,
      calendar_attachments_available: false,
      permission_level: 'sandbox',
    });
  });

  it('can be written to in the primary one alone where less was shared', async () => {
    const api = await connect('free_busy');
    const listed = await api.calendars();
    expect(listed.map((each) => each.calendar_readonly)).toEqual([false, true, true, true]);
    const second = listed[1]?.calendar_id ?? '';
    const { status, body } = await api.write(second, anEvent());
    expect([status, body?.errors['calendar_id']?.[0]?.key]).toEqual([422, 'errors.calendar_readonly']);
  });
});

describe('free/busy', () => {
  it.each(['full', 'free_busy'] as const)('tells in mode %s when somebody is busy, by calendar, and nothing of why', async (mode) => {
    const api = await connect(mode);
    const [primary] = await api.calendars();
    const body = await api.freeBusy(NOVEMBER_3);
    expect(body.pages).toEqual({ current: 1, total: 1 });
    const own = body.free_busy.filter((each) => each.calendar_id === primary?.calendar_id);
    expect(own.length).toBeGreaterThan(0);
    for (const entry of own) {
      expect(entry).toEqual({
        calendar_id: primary?.calendar_id,
        start: expect.stringMatching(/^2026-11-0[34]T\d\d:\d\d:\d\dZ$/),
        end: expect.stringMatching(/^2026-11-0[34]T\d\d:\d\d:\d\dZ$/),
        free_busy_status: 'busy',
      });
    }
  });

  it('is looked for 42 days back and 201 ahead where nothing is said, in what Google takes at once', async () => {
    const api = await connect('full');
    world.google.addEvent(AMIRA, at('2026-09-21T08:00:00Z', '2026-09-21T09:00:00Z'));
    world.google.addEvent(AMIRA, at('2026-09-20T08:00:00Z', '2026-09-20T09:00:00Z'));
    world.google.addEvent(AMIRA, at('2027-05-21T08:00:00Z', '2027-05-21T09:00:00Z'));
    world.google.addEvent(AMIRA, at('2027-05-22T08:00:00Z', '2027-05-22T09:00:00Z'));
    const before = world.askedGoogle('/calendar/v3/freeBusy');
    const { free_busy } = await api.freeBusy();
    expect(world.askedGoogle('/calendar/v3/freeBusy') - before).toBe(5);
    expect([free_busy[0]?.start, free_busy.at(-1)?.start]).toEqual(['2026-09-21T08:00:00Z', '2027-05-21T08:00:00Z']);
  });

  it('has days that begin and end by the clocks of its time zone, and tells times by them on request', async () => {
    const api = await connect('full');
    world.google.addEvent(AMIRA, at('2026-11-28T11:30:00Z', '2026-11-28T12:30:00Z'));
    const query = { from: '2026-11-29', to: '2026-11-30', tzid: 'Pacific/Auckland', localized_times: 'True' };
    const { free_busy } = await api.freeBusy(query);
    const time = (text: string) => ({ time: text, tzid: 'Pacific/Auckland' });
    expect(free_busy.filter((each) => each.free_busy_status === 'busy')).toMatchObject([
      { start: time('2026-11-29T00:30:00+13:00'), end: time('2026-11-29T01:30:00+13:00') },
    ]);
    // The same event began before midnight in Berlin, so it is the day before there.
    const inBerlin = await api.freeBusy({ ...query, tzid: 'Europe/Berlin', localized_times: '0' });
    expect(inBerlin.free_busy).toEqual([]);
  });

  it('is asked of some calendars only, as every SDK writes a list', async () => {
    const api = await connect('full');
    const [, team, rooms] = await api.calendars();
    const ids = [team?.calendar_id ?? '', rooms?.calendar_id ?? ''];
    const query = ids.map((id) => `calendar_ids%5B%5D=${id}`).join('&');
    const { body } = await api.get<FreeBusyBody>(`/v1/free_busy?tzid=Etc%2FUTC&${query}`);
    expect(new Set(body.free_busy.map((each) => each.calendar_id))).toEqual(new Set(ids));
  });

  it('comes in pages that hold together whatever happens between them, and in nobody else’s hands', async () => {
    const api = await connect('full');
    for (let day = 0; day < 90; day += 1) {
      for (const hour of [6, 8, 10, 12]) {
        const start = Date.UTC(2026, 10, 10 + day, hour);
        world.google.addEvent(AMIRA, at(new Date(start).toISOString(), new Date(start + 1_800_000).toISOString()));
      }
    }
    const primary = await api.calendar(AMIRA);
    const calendarIds = { 'calendar_ids[]': primary.calendar_id, from: '2026-11-10' };
    const first = await api.freeBusy(calendarIds);
    expect(first.free_busy).toHaveLength(250);
    expect(first.pages).toEqual({
      current: 1,
      total: 2,
      next_page: expect.stringMatching(/^https:\/\/connect\.partner\.example\/v1\/free_busy\/pages\//),
    });
    const path = first.pages.next_page?.slice(world.publicUrl.length) ?? '';
    const next = await api.get<FreeBusyBody>(`${path}?tzid=Etc%2FUTC&localized_times=false`);
    expect([next.status, next.body.pages]).toEqual([200, { current: 2, total: 2 }]);
    const starts = [...first.free_busy, ...next.body.free_busy].map((each) => String(each.start));
    expect(starts).toEqual([...new Set(starts)].toSorted());
    expect(starts.filter((start) => /T(?:06|08|10|12):00:00Z$/.test(start)).length).toBeGreaterThanOrEqual(360);

    const stranger = await connect('full', JONAS);
    expect((await stranger.get(path)).status).toBe(404);
    expect((await api.get(`${path.slice(0, -4)}AAAA`)).status).toBe(404);
    expect((await api.get('/v1/free_busy/pages/x')).status).toBe(404);
  });

  it.each([
    [{}, 'tzid', 'errors.required'],
    [{ tzid: 'Mars/Base' }, 'tzid', 'errors.tzid_unrecognized'],
    [{ tzid: 'Etc/UTC', from: '2026-02-30' }, 'from', 'errors.invalid_date'],
    [{ tzid: 'Etc/UTC', from: '0000-01-01', to: '2026-11-03' }, 'from', 'errors.invalid_date'],
    [{ tzid: 'Etc/UTC', from: '2026-11-03', to: '2026-11-03' }, 'to', 'errors.invalid_time_pair'],
    [{ tzid: 'Etc/UTC', from: '2020-01-01', to: '2026-11-03' }, 'to', 'errors.date_range_too_long'],
    [{ tzid: 'Etc/UTC', include_managed: 'perhaps' }, 'include_managed', 'errors.must_be_boolean'],
    [{ tzid: 'Etc/UTC', 'calendar_ids[]': 'cal_nobodys' }, 'calendar_ids', 'errors.invalid_calendar_ids'],
  ])('refuses %j by its field', async (query, field, key) => {
    const api = await connect('free_busy');
    const { status, body } = await api.get<{ errors: Record<string, { key: string }[]> }>(`/v1/free_busy?${new URLSearchParams(query)}`);
    expect([status, Object.keys(body.errors), body.errors[field]?.[0]?.key]).toEqual([422, [field], key]);
  });
});

describe('what is not known', () => {
  const wholeDay = (calendar_id: string) => ({
    calendar_id,
    start: '2026-11-03T00:00:00Z',
    end: '2026-11-04T00:00:00Z',
    free_busy_status: 'unknown',
  });

  async function allUnknown(api: CalendarApi): Promise<void> {
    const calendars = await api.calendars();
    const { free_busy } = await api.freeBusy(NOVEMBER_3);
    expect(free_busy).toEqual(
      calendars.map((each) => wholeDay(each.calendar_id)).toSorted((a, b) => (a.calendar_id < b.calendar_id ? -1 : 1)),
    );
  }

  it.each([403, 429, 500, 503] as const)('is told as unknown where Google answers %i', async (status) => {
    const api = await connect('full');
    world.google.addFault({ group: 'calendar', status });
    await allUnknown(api);
  });

  it('is told as unknown where Google does not answer', async () => {
    const api = await connect('full');
    world.google.addFault({ group: 'calendar', delayMs: 5000 });
    await allUnknown(api);
  });

  it('is told as unknown where Google has not listed the calendars yet, which are asked for once more', async () => {
    const healed = world.google.addFault({ group: 'calendar', status: 503 });
    const api = await connect('full');
    healed();
    expect((await api.freeBusy(NOVEMBER_3)).free_busy).toEqual([wholeDay(expect.stringMatching(/^cal_/) as string)]);
    await vi.waitFor(async () =>
      expect((await api.freeBusy(NOVEMBER_3)).free_busy).toContainEqual(expect.objectContaining({ free_busy_status: 'busy' })),
    );
  });

  it('is told as unknown where the person took the access away', async () => {
    const api = await connect('free_busy');
    world.google.revokeAllFor(AMIRA);
    await allUnknown(api);
    await allUnknown(api);
  });
});

it('nothing of it is for pages: no answer allows any origin', async () => {
  const api = await connect('free_busy');
  const origin = 'https://app.partner.example';
  for (const path of ['/v1/account', '/v1/profiles', '/v1/calendars', '/v1/free_busy?tzid=Etc/UTC', '/v1/userinfo']) {
    for (const method of ['GET', 'OPTIONS']) {
      const { headers } = await world.request(path, { method, headers: { origin, authorization: 'Bearer x' } });
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  }
  expect((await api.get('/v1/account')).headers.get('access-control-allow-origin')).toBeNull();
});

function at(start: string, end: string) {
  return { summary: 'Busy', start: { dateTime: start }, end: { dateTime: end } };
}
