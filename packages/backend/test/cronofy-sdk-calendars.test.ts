import Cronofy from 'cronofy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Listening, listenTo } from './support/listening.ts';
import { authorizedCode } from './support/partner-server.ts';
import { AMIRA, CALLBACK, createWorld, type World } from './support/world.ts';

let world: World;
let listening: Listening;
let client: Cronofy;

beforeEach(async () => {
  world = await createWorld();
  listening = await listenTo(world);
  const { clientId, clientSecret } = world.application;
  client = new Cronofy({ client_id: clientId, client_secret: clientSecret });
  client.urls.api = listening.url;
  await client.requestAccessToken({
    code: await authorizedCode(world, { scope: 'read_write', provider_name: 'google' }),
    redirect_uri: CALLBACK,
  });
});
afterEach(async () => {
  await listening.close();
  await world.close();
});

const INTERVIEW = {
  event_id: 'interview-1',
  summary: 'Interview',
  description: 'Bring the draft.',
  start: '2026-11-03T20:00:00Z',
  end: '2026-11-03T21:00:00Z',
  tzid: 'Europe/Berlin',
  location: { description: 'Room Elbe' },
};

async function primary(): Promise<string> {
  const { calendars } = await client.listCalendars();
  return calendars.find(({ calendar_name }) => calendar_name === AMIRA)?.calendar_id ?? '';
}

async function evening(): Promise<readonly unknown[]> {
  const asked = { tzid: 'Etc/UTC', from: '2026-11-03', to: '2026-11-04', include_managed: true, localized_times: false };
  const { free_busy } = await client.freeBusy({ ...asked, calendar_ids: [await primary()] });
  return free_busy.map(({ start }) => start).filter((start) => String(start) >= '2026-11-03T20');
}

describe('the SDK of npm, unchanged, with a calendar', () => {
  it('tells whose it is', async () => {
    const { account } = await client.accountInformation();
    expect(account).toMatchObject({ account_id: (await client.userInfo()).sub, scope: 'read_write' });
    expect((await client.profileInformation()).profiles).toMatchObject([{ provider_name: 'google', profile_name: AMIRA }]);
  });

  it('writes an event, changes it, and deletes it', async () => {
    const calendar_id = await primary();
    expect(await client.createEvent({ calendar_id, ...INTERVIEW })).toBe('');
    expect(await evening()).toEqual(['2026-11-03T20:00:00Z']);
    await client.createEvent({ calendar_id, ...INTERVIEW, start: '2026-11-03T22:00:00Z', end: '2026-11-03T23:00:00Z' });
    expect(await evening()).toEqual(['2026-11-03T22:00:00Z']);
    expect(await client.deleteEvent({ calendar_id, event_id: 'interview-1' })).toBe('');
    expect(await evening()).toEqual([]);
    await client.createEvent({ calendar_id, ...INTERVIEW });
    await client.bulkDeleteEvents({ delete_all: true });
    expect(await evening()).toEqual([]);
  });

  it('reads page after page, with its leftover options behind the address', async () => {
    for (let n = 0; n < 260; n += 1) {
      const start = Date.UTC(2026, 11, 1) + n * 7_200_000;
      const at = (ms: number) => ({ dateTime: new Date(ms).toISOString() });
      world.google.addEvent(AMIRA, { summary: 'Busy', start: at(start), end: at(start + 3_600_000) });
    }
    const options = { tzid: 'Etc/UTC', from: '2026-12-01', to: '2027-01-01', calendar_ids: [await primary()] };
    const first = await client.freeBusy(options);
    const next_page = first.pages.next_page?.replace(world.publicUrl, listening.url) ?? '';
    const second = await client.freeBusy({ ...options, next_page });
    expect([first.pages.current, first.pages.total, second.pages]).toEqual([1, 2, { current: 2, total: 2 }]);
    expect(first.free_busy).toHaveLength(250);
    expect(second.free_busy.length).toBeGreaterThanOrEqual(10);
  });

  it('is told of what is wrong as it knows it', async () => {
    const calendar_id = await primary();
    await expect(client.createEvent({ calendar_id, ...INTERVIEW, summary: undefined })).rejects.toMatchObject({
      statusCode: 422,
      error: { entity: { errors: { summary: [{ key: 'errors.required' }] } } },
    });
    await expect(client.createEvent({ calendar_id: 'cal_nowhere', ...INTERVIEW })).rejects.toMatchObject({ statusCode: 404 });
    await expect(client.freeBusy({})).rejects.toMatchObject({ statusCode: 422 });
  });
});
