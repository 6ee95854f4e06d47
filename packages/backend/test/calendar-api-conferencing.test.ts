import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anEvent, type CalendarApi, calendarApi } from './support/calendar-api.ts';
import { authorizedCode, createPartnerServer } from './support/partner-server.ts';
import { type WatchedCalendar, watchCalendar } from './support/watched-calendar.ts';
import { AMIRA, CALLBACK, createWorld, type World } from './support/world.ts';

let world: World;
let google: WatchedCalendar;
let api: CalendarApi;

beforeEach(async () => {
  world = await createWorld({
    providers: (atGoogle) => {
      google = watchCalendar(atGoogle);
      return [google.provider];
    },
  });
  const code = await authorizedCode(world, { scope: 'read_write', provider_name: 'google' });
  api = calendarApi(world, (await createPartnerServer(world).redeem(code, { redirect_uri: CALLBACK })).body.access_token);
});
afterEach(() => world.close());

const EXPLICIT = { profile_id: 'explicit', provider_description: 'Example Rooms', join_url: 'https://rooms.example/1' };

async function write(conferencing: object | undefined, changes: object = {}) {
  const { calendar_id } = await api.calendar(AMIRA);
  return api.write(calendar_id, anEvent({ ...changes, ...(conferencing === undefined ? {} : { conferencing }) }));
}

async function event() {
  const [found] = await google.eventsCalled(AMIRA, 'Interview');
  return found ?? expect.fail('no event');
}

describe('where the people of an event meet', () => {
  it.each(['integrated', 'default'])('is the calendar’s own conferencing where it is asked for as %s', async (profile_id) => {
    expect((await write({ profile_id })).status).toBe(202);
    const { meetingUrl } = await event();
    expect(meetingUrl).toMatch(/^https:\/\/meet\.google\.com\//);
    expect((await write({ profile_id }, { summary: 'Interview', description: 'Bring the draft.' })).status).toBe(202);
    expect((await event()).meetingUrl).toBe(meetingUrl);
    expect((await write(undefined, { start: '2026-11-03T12:00:00Z', end: '2026-11-03T13:00:00Z' })).status).toBe(202);
    expect((await event()).meetingUrl).toBe(meetingUrl);
    expect((await write({ profile_id: 'none' })).status).toBe(202);
    expect((await event()).meetingUrl).toBeUndefined();
  });

  it('is where the partner says, and stays so when something else changes', async () => {
    expect((await write(EXPLICIT)).status).toBe(202);
    expect(JSON.stringify(await event())).toContain('https://rooms.example/1');
    expect((await write(undefined, { description: 'Bring the draft.' })).status).toBe(202);
    const changed = JSON.stringify(await event());
    expect(changed).toContain('https://rooms.example/1');
    expect(changed).toContain('Bring the draft.');
  });

  it('is nowhere for what is over', async () => {
    const over = { start: '2026-11-02T07:00:00Z', end: '2026-11-02T08:00:00Z' };
    expect((await write(EXPLICIT, over)).status).toBe(202);
    expect(JSON.stringify(await event())).not.toContain('rooms.example');
  });

  it('is refused where the calendar has none of its own', async () => {
    const team = await api.calendar('Team holidays');
    expect(team.calendar_integrated_conferencing_available).toBe(false);
    const refused = await api.write(team.calendar_id, anEvent({ conferencing: { profile_id: 'integrated' } }));
    expect([refused.status, refused.body?.errors['conferencing']?.[0]?.key]).toEqual([422, 'errors.integrated_conferencing_not_available']);
    expect((await api.write(team.calendar_id, anEvent({ conferencing: { profile_id: 'default' } }))).status).toBe(202);
  });

  it('is refused by a conferencing profile that the account has not', async () => {
    const refused = await write({ profile_id: 'pro_6ae851100000000000000001' });
    expect([refused.status, refused.body?.errors['conferencing']?.[0]?.key]).toEqual([422, 'errors.conferencing_profile_not_found']);
  });
});
