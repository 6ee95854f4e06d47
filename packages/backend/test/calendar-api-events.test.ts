import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anEvent, type CalendarApi, calendarApi } from './support/calendar-api.ts';
import { goThroughMicrosoft, LEA } from './support/microsoft.ts';
import { authorizedCode, authorizePath, createPartnerServer } from './support/partner-server.ts';
import { type WatchedCalendar, watchCalendar } from './support/watched-calendar.ts';
import { AMIRA, CALLBACK, createWorld, type World } from './support/world.ts';

let world: World;
let api: CalendarApi;
let primary: string;
let google: WatchedCalendar;
let refreshToken: string;

beforeEach(async () => {
  world = await createWorld({
    database: 'file',
    providers: (atGoogle, atMicrosoft) => {
      google = watchCalendar(atGoogle);
      return [google.provider, atMicrosoft];
    },
  });
  const code = await authorizedCode(world, { scope: 'read_write', provider_name: 'google' });
  const { body } = await createPartnerServer(world).redeem(code, { redirect_uri: CALLBACK });
  api = calendarApi(world, body.access_token);
  refreshToken = body.refresh_token;
  primary = (await api.calendar(AMIRA)).calendar_id;
});
afterEach(() => world.close());

const NOVEMBER_3 = { from: '2026-11-03', to: '2026-11-04' };
const interviews = () => google.eventsCalled(AMIRA, 'Interview');
const asked = (path: RegExp, method: string) =>
  world.google.requests.filter((request) => request.method === method && path.test(request.path)).length;

async function write(changes: object = {}): Promise<number> {
  return (await api.write(primary, anEvent(changes))).status;
}

describe('an event that is written where everything is shared', () => {
  it('stands in the calendar, as it was written, before the answer', async () => {
    const answer = await api.write(
      primary,
      anEvent({
        description: 'Bring the draft.',
        url: 'https://app.partner.example/interviews/1',
        location: { description: 'Room Elbe' },
        tzid: 'Europe/Berlin',
        transparency: 'transparent',
        event_private: 'True',
        attendees: { invite: [{ email: 'noor@partner.example', display_name: 'Noor' }] },
      }),
    );
    expect([answer.status, answer.body, answer.headers.get('access-control-allow-origin')]).toEqual([202, undefined, null]);
    expect(await interviews()).toMatchObject([
      {
        description: 'Bring the draft.\n\nhttps://app.partner.example/interviews/1',
        location: 'Room Elbe',
        timeZone: 'Europe/Berlin',
        showAs: 'free',
        sensitivity: 'private',
        time: { allDay: false, startMs: Date.parse('2026-11-03T10:00:00Z'), endMs: Date.parse('2026-11-03T11:00:00Z') },
        attendees: [{ email: 'noor@partner.example', name: 'Noor' }],
      },
    ]);
  });

  it('is changed by the same id; of what is not said stays what it had, and what is null goes', async () => {
    await write({ description: 'Bring the draft.', location: { description: 'Room Elbe' } });
    const [before] = await interviews();
    expect(await write({ start: '2026-11-03', end: '2026-11-05', location: null })).toBe(202);
    expect(await interviews()).toMatchObject([
      {
        providerEventId: before?.providerEventId,
        description: 'Bring the draft.',
        location: undefined,
        time: { allDay: true, startDate: '2026-11-03', endDate: '2026-11-05' },
      },
    ]);
  });

  it('is another one in another calendar, and with another id', async () => {
    const team = await api.calendar('Team holidays');
    await write();
    await write({ event_id: 'interview-2' });
    expect((await api.write(team.calendar_id, anEvent())).status).toBe(202);
    expect(await interviews()).toHaveLength(2);
    expect(await google.eventsCalled('c_teamholidays@group.calendar.google.com', 'Interview')).toHaveLength(1);
  });

  it('takes times as every SDK writes them', async () => {
    const times = [
      ['2026-11-03T10:00:00Z', '2026-11-03T11:00:00Z', '2026-11-03T10:00:00.000Z'],
      [
        { time: '2026-11-03T10:00:00Z', tzid: 'Europe/Lisbon' },
        { time: '2026-11-03T11:00:00Z', tzid: 'Europe/Lisbon' },
        '2026-11-03T10:00:00.000Z',
      ],
      [
        { time: '2026-11-03T10:00:00', tzid: 'Europe/Berlin' },
        { time: '2026-11-03T11:00:00', tzid: 'Europe/Berlin' },
        '2026-11-03T09:00:00.000Z',
      ],
      ['2026-11-03T10:00:00+01:00', '2026-11-03T11:00:00+0100', '2026-11-03T09:00:00.000Z'],
    ];
    for (const [start, end, instant] of times) {
      expect(await write({ start, end })).toBe(202);
      const [event] = await interviews();
      expect(event?.time.allDay === false && new Date(event.time.startMs).toISOString()).toBe(instant);
    }
  });

  it('is deleted by its id, in the body or in the query, and what is not there is deleted too', async () => {
    await write();
    await write({ event_id: 'interview-2' });
    expect((await api.remove(primary, { event_id: 'interview-1' })).status).toBe(202);
    expect(await interviews()).toHaveLength(1);
    expect((await api.remove(primary, { event_id: 'interview-1' })).status).toBe(202);
    expect((await api.remove(primary, { event_id: 'nobody' })).status).toBe(202);
    expect((await api.remove(primary, {})).body?.errors).toMatchObject({ event_id: [{ key: 'errors.required' }] });
    await write();
    expect(await interviews()).toHaveLength(2);
  });

  it('keeps whom the person invited besides when the partner invites and removes others', async () => {
    await write({ attendees: { invite: [{ email: 'noor@partner.example' }, { email: 'lea@studio.example' }] } });
    const [event] = await interviews();
    const attendees = [...(event?.attendees ?? []), { email: 'mika@council.example' }].map(({ email }) => ({ email: email ?? '' }));
    const byPerson = () =>
      google.asPerson((reader, credential) =>
        reader.updateEvent(credential, { calendarId: AMIRA, eventId: event?.providerEventId ?? '', changes: { attendees } }),
      );
    // The person is quicker than the partner’s change that is just under way.
    google.before('updateEvent', byPerson);
    expect(await write({ attendees: { invite: [{ email: 'otto@partner.example' }], remove: [{ email: 'LEA@studio.example' }] } })).toBe(
      202,
    );
    const [after] = await interviews();
    expect(after?.attendees.map(({ email }) => email).toSorted()).toEqual([
      'mika@council.example',
      'noor@partner.example',
      'otto@partner.example',
    ]);
  });
});

describe('an event that somebody deletes or that something happens to', () => {
  it('is there again when it is written again after the person deleted it', async () => {
    await write({ description: 'Bring the draft.' });
    const [event] = await interviews();
    const eventId = event?.providerEventId ?? '';
    await google.asPerson((reader, credential) => reader.deleteEvent(credential, { calendarId: AMIRA, eventId }));
    expect(await interviews()).toEqual([]);
    expect(await write()).toBe(202);
    expect(await interviews()).toMatchObject([{ description: 'Bring the draft.' }]);
    expect((await api.remove(primary, { event_id: 'interview-1' })).status).toBe(202);
    expect(await interviews()).toEqual([]);
  });

  it('is made once where Google’s answer is lost, and is what was written last', async () => {
    google.loseAnswer('createEvent');
    const lost = await api.write(primary, anEvent({ description: 'first' }));
    expect([lost.status, lost.headers.get('retry-after'), lost.body]).toEqual([503, '7', undefined]);
    expect(await write({ description: 'second' })).toBe(202);
    expect(await interviews()).toMatchObject([{ description: 'second' }]);
  });

  it('is gone after a deletion also where nobody knew whether it was made', async () => {
    google.loseAnswer('createEvent');
    expect(await write()).toBe(503);
    expect((await api.remove(primary, { event_id: 'interview-1' })).status).toBe(202);
    expect(await interviews()).toEqual([]);
  });

  it.each([429, 500, 503] as const)('waits for a better day where Google answers %i, and nothing is lost or double', async (status) => {
    const healed = world.google.addFault({ group: 'calendar', status, retryAfterSeconds: 17 });
    const refused = await api.write(primary, anEvent());
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '17']);
    healed();
    expect(await write()).toBe(202);
    expect(await interviews()).toHaveLength(1);
  });

  it('is written with a renewed token where Google does not take the old one', async () => {
    world.clock.pass({ minutes: 59, seconds: 30 });
    const fresh = await createPartnerServer(world).refresh(refreshToken);
    api = calendarApi(world, fresh.body.access_token);
    expect(await write()).toBe(202);
    expect(await interviews()).toHaveLength(1);
  });

  it('is one, and the last, however many write it at once', async () => {
    const statuses = await Promise.all(Array.from({ length: 8 }, (_, n) => write({ description: `version ${n}` })));
    expect(statuses).toEqual(Array.from({ length: 8 }, () => 202));
    expect(await interviews()).toHaveLength(1);
    await write({ description: 'last' });
    expect(await interviews()).toMatchObject([{ description: 'last' }]);
    expect(asked(/\/events$/, 'POST')).toBe(1);
  });

  it('cannot be written where the profile is disconnected', async () => {
    world.google.revokeAllFor(AMIRA);
    for (let times = 0; times < 2; times += 1) {
      const { status, body } = await api.write(primary, anEvent());
      expect([status, body?.errors['calendar_id']?.[0]?.key]).toEqual([422, 'errors.profile_disconnected']);
    }
  });

  it('cannot be written where Google lets nobody write, and where there is no such calendar', async () => {
    const rooms = await api.calendar('Room plan');
    expect(rooms.calendar_readonly).toBe(true);
    const { status, body } = await api.write(rooms.calendar_id, anEvent());
    expect([status, body?.errors['calendar_id']?.[0]?.key]).toEqual([422, 'errors.calendar_readonly']);
    const nowhere = await api.write('cal_nowhere', anEvent());
    expect([nowhere.status, nowhere.body]).toEqual([404, undefined]);
    expect((await api.remove('cal_nowhere', { event_id: 'x' })).status).toBe(404);
  });
});

describe('an event in the account’s free/busy', () => {
  it('counts only where it is asked for', async () => {
    const others = (await api.freeBusy(NOVEMBER_3)).free_busy;
    await write({ start: '2026-11-03T20:00:00Z', end: '2026-11-03T21:00:00Z' });
    expect((await api.freeBusy(NOVEMBER_3)).free_busy).toEqual(others);
    const all = (await api.freeBusy({ ...NOVEMBER_3, include_managed: 'True' })).free_busy;
    expect(all).toEqual(
      expect.arrayContaining([
        { calendar_id: primary, start: '2026-11-03T20:00:00Z', end: '2026-11-03T21:00:00Z', free_busy_status: 'busy' },
      ]),
    );
    expect(all).toHaveLength(others.length + 1);
  });

  it('does not hide others at the same time', async () => {
    await write({ start: '2026-11-03T20:00:00Z', end: '2026-11-03T22:00:00Z' });
    world.google.addEvent(AMIRA, {
      summary: 'Dinner',
      start: { dateTime: '2026-11-03T21:00:00Z' },
      end: { dateTime: '2026-11-03T23:00:00Z' },
    });
    const { free_busy } = await api.freeBusy(NOVEMBER_3);
    expect(free_busy.filter((each) => String(each.start) >= '2026-11-03T18')).toMatchObject([
      { start: '2026-11-03T21:00:00Z', end: '2026-11-03T23:00:00Z' },
    ]);
  });
});

describe('all that was written', () => {
  it('goes at once, in all calendars or in some, in the body or, as Python writes it, in the query', async () => {
    const team = await api.calendar('Team holidays');
    await write();
    await api.write(team.calendar_id, anEvent());
    expect((await api.removeAll({}, `?calendar_ids%5B%5D=${team.calendar_id}`)).status).toBe(202);
    expect(await google.eventsCalled('c_teamholidays@group.calendar.google.com', 'Interview')).toEqual([]);
    expect(await interviews()).toHaveLength(1);
    expect((await api.removeAll({}, '?delete_all=True')).status).toBe(202);
    expect(await interviews()).toEqual([]);
    await write();
    expect((await api.removeAll({ delete_all: true })).status).toBe(202);
    expect(await interviews()).toEqual([]);
  });

  it.each([
    [{}, 'delete_all', 'errors.required'],
    [{ delete_all: 'yes' }, 'delete_all', 'errors.must_be_boolean'],
    [{ calendar_ids: ['cal_nowhere'] }, 'calendar_ids', 'errors.invalid_calendar_ids'],
  ])('stays where it is said as %j', async (body, field, key) => {
    await write();
    const answer = await api.removeAll(body);
    expect([answer.status, answer.body]).toEqual([422, { errors: { [field]: [{ key, description: expect.any(String) }] } }]);
    expect(await interviews()).toHaveLength(1);
  });
});

it('keeps nothing of an event in the clear', async () => {
  await write({
    summary: 'Talk about the merger',
    description: 'very quiet',
    location: { description: 'Room Elbe' },
    attendees: { invite: [{ email: 'noor@partner.example' }] },
  });
  const contents = await world.database.contents();
  for (const secret of ['merger', 'very quiet', 'Room Elbe', 'noor@partner.example']) expect(contents).not.toContain(secret);
  expect(JSON.stringify(world.log)).not.toMatch(/merger|quiet|Elbe|noor/);
});

it('is written at Microsoft in the same way', async () => {
  const browser = world.browser();
  const first = await browser.visit(`${world.publicUrl}${authorizePath(world, { scope: 'read_write', provider_name: 'office365' })}`);
  const { url } = await goThroughMicrosoft(browser, first, { account: LEA });
  const { body } = await createPartnerServer(world).redeem(url.searchParams.get('code') ?? '', { redirect_uri: CALLBACK });
  const atMicrosoft = calendarApi(world, body.access_token);
  const calendar = (await atMicrosoft.calendars()).find((each) => each.calendar_primary);
  const id = calendar?.calendar_id ?? '';
  expect((await atMicrosoft.write(id, anEvent({ start: '2026-11-03T20:00:00Z', end: '2026-11-03T21:00:00Z' }))).status).toBe(202);
  const evening = async () => {
    const { free_busy } = await atMicrosoft.freeBusy({ ...NOVEMBER_3, include_managed: 'true' });
    return free_busy.filter((each) => each.calendar_id === id && String(each.start) >= '2026-11-03T20');
  };
  expect(await evening()).toMatchObject([{ start: '2026-11-03T20:00:00Z', end: '2026-11-03T21:00:00Z', free_busy_status: 'busy' }]);
  await atMicrosoft.write(id, anEvent({ start: '2026-11-03T22:00:00Z', end: '2026-11-03T23:00:00Z' }));
  expect(await evening()).toMatchObject([{ start: '2026-11-03T22:00:00Z' }]);
  await atMicrosoft.remove(id, { event_id: 'interview-1' });
  expect(await evening()).toEqual([]);
});
