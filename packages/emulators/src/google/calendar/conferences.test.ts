import { describe, expect, test } from 'vitest';
import { AMIRA, createAppUnderTest, JONAS, type Call } from '../../../test/app-under-test.ts';

const EVENTS = '/calendars/primary/events';
const WITH = 'conferenceDataVersion=1';
const EVENT = { summary: 'Interview', start: { dateTime: '2026-12-01T10:00:00Z' }, end: { dateTime: '2026-12-01T11:00:00Z' } };
const MEET = 'https://meet.google.com/';

function asking(requestId: string, type = 'hangoutsMeet'): object {
  return { conferenceData: { createRequest: { requestId, conferenceSolutionKey: { type } } } };
}

async function calling(options: Parameters<typeof createAppUnderTest>[0] = {}): Promise<Call> {
  return createAppUnderTest(options).calling(['calendar']);
}

describe('a conference that is asked for', () => {
  test('comes with the event: a link, an entry point and the id of the request', async () => {
    const call = await calling();

    const { status, body } = await call('POST', `${EVENTS}?${WITH}`, { ...EVENT, ...asking('r1') });

    expect(status).toBe(200);
    expect(body['hangoutLink']).toMatch(/^https:\/\/meet\.google\.com\/[a-z]{3}-[a-z]{4}-[a-z]{3}$/);
    expect(body['conferenceData']).toMatchObject({
      createRequest: { requestId: 'r1', status: { statusCode: 'success' } },
      entryPoints: [{ entryPointType: 'video', uri: body['hangoutLink'] }],
      conferenceSolution: { key: { type: 'hangoutsMeet' } },
      conferenceId: String(body['hangoutLink']).slice(MEET.length),
    });
    expect((await call('GET', `${EVENTS}/${String(body['id'])}`)).body).toEqual(body);
  });

  test('is not made without conferenceDataVersion=1, nor for version 0', async () => {
    const call = await calling();

    for (const query of ['', '?conferenceDataVersion=0']) {
      const { status, body } = await call('POST', `${EVENTS}${query}`, { ...EVENT, ...asking('r1') });
      expect(status).toBe(200);
      expect(body).not.toHaveProperty('conferenceData');
      expect(body).not.toHaveProperty('hangoutLink');
    }
    expect((await call('POST', `${EVENTS}?conferenceDataVersion=2`, EVENT)).status).toBe(400);
  });

  test('stays pending for a while where that is asked for, and may fail', async () => {
    let now = Date.now();
    const app = createAppUnderTest({ now: () => now, switches: { meetPendingMs: 5_000 } });
    const call = await app.calling(['calendar']);
    const { body } = await call('POST', `${EVENTS}?${WITH}`, { ...EVENT, ...asking('r1') });
    expect(body['conferenceData']).toEqual({
      createRequest: { requestId: 'r1', conferenceSolutionKey: { type: 'hangoutsMeet' }, status: { statusCode: 'pending' } },
    });
    expect(body).not.toHaveProperty('hangoutLink');

    now += 5_000;

    expect((await call('GET', `${EVENTS}/${String(body['id'])}`)).body['hangoutLink']).toContain(MEET);
    app.control.setFor(AMIRA, { meetFails: true });
    const failed = (await call('POST', `${EVENTS}?${WITH}`, { ...EVENT, ...asking('r2') })).body;
    expect(failed['conferenceData']).toMatchObject({ createRequest: { status: { statusCode: 'failure' } } });
    expect(failed).not.toHaveProperty('hangoutLink');
  });

  test('can be asked for later; the same request id makes no other, a new one does', async () => {
    const call = await calling();
    const { body } = await call('POST', EVENTS, EVENT);
    const path = `${EVENTS}/${String(body['id'])}`;

    const first = (await call('PATCH', `${path}?${WITH}`, asking('r1'))).body['hangoutLink'];

    expect(first).toContain(MEET);
    expect((await call('PATCH', `${path}?${WITH}`, asking('r1'))).body['hangoutLink']).toBe(first);
    expect((await call('PATCH', `${path}?${WITH}`, asking('r2'))).body['hangoutLink']).not.toBe(first);
  });

  test('is on every instance of a series', async () => {
    const call = await calling();
    const start = { ...EVENT.start, timeZone: 'UTC' };
    const { body } = await call('POST', `${EVENTS}?${WITH}`, {
      ...EVENT,
      start,
      recurrence: ['RRULE:FREQ=DAILY;COUNT=2'],
      ...asking('r1'),
    });

    const { items } = (await call('GET', `${EVENTS}/${String(body['id'])}/instances`)).body;

    expect(items.map((event) => event['hangoutLink'])).toEqual([body['hangoutLink'], body['hangoutLink']]);
  });

  test.each([
    ['another solution', asking('r1', 'eventHangout'), 'Invalid conference type value.'],
    ['no request id', asking(''), 'Missing conference request id.'],
    ['details without an entry point', { conferenceData: { conferenceSolution: { key: { type: 'addOn' } } } }, 'Invalid conference data.'],
  ])('is refused with %s', async (_what, changes, message) => {
    const { status, body } = await (await calling())('POST', `${EVENTS}?${WITH}`, { ...EVENT, ...changes });

    expect([status, body.error.message]).toEqual([400, message]);
  });
});

describe('a conference that is there', () => {
  async function withConference(): Promise<{ call: Call; path: string; link: unknown }> {
    const call = await calling();
    const { body } = await call('POST', `${EVENTS}?${WITH}`, { ...EVENT, ...asking('r1') });
    return { call, path: `${EVENTS}/${String(body['id'])}`, link: body['hangoutLink'] };
  }

  test('stays when other fields are patched, whatever the version', async () => {
    const { call, path, link } = await withConference();

    expect((await call('PATCH', path, { summary: 'Talk' })).body['hangoutLink']).toBe(link);
    expect((await call('PATCH', `${path}?${WITH}`, { summary: 'Talk' })).body['hangoutLink']).toBe(link);
    expect((await call('PUT', path, EVENT)).body['hangoutLink']).toBe(link);
  });

  test('goes with null, but not without the version', async () => {
    const { call, path, link } = await withConference();

    expect((await call('PATCH', path, { conferenceData: null })).body['hangoutLink']).toBe(link);
    const { body } = await call('PATCH', `${path}?${WITH}`, { conferenceData: null });
    expect(body).not.toHaveProperty('hangoutLink');
    expect(body).not.toHaveProperty('conferenceData');
  });

  test('goes when an update with the version does not name it', async () => {
    const { call, path } = await withConference();

    expect((await call('PUT', `${path}?${WITH}`, EVENT)).body).not.toHaveProperty('hangoutLink');
  });

  test('is taken as it is where a client brings the details', async () => {
    const { call, path } = await withConference();
    const entryPoints = [{ entryPointType: 'video', uri: 'https://meetings.example/1' }];
    const conferenceData = { conferenceSolution: { key: { type: 'addOn' }, name: 'Other' }, entryPoints };

    const { body } = await call('PATCH', `${path}?${WITH}`, { conferenceData });

    expect(body['conferenceData']).toEqual(conferenceData);
    expect(body).not.toHaveProperty('hangoutLink');
  });

  test('is not shown to who may only see when one is busy', async () => {
    const app = createAppUnderTest();
    const { body } = await (await app.calling(['calendar']))('POST', `${EVENTS}?${WITH}`, { ...EVENT, ...asking('r1') });
    const busyOnly = await app.calling(['calendar.events.freebusy']);

    expect((await busyOnly('GET', `${EVENTS}/${String(body['id'])}`)).body).not.toHaveProperty('hangoutLink');
  });
});

test('calendars say which conferences they offer, and those that offer none refuse', async () => {
  const app = createAppUnderTest();
  const call = await app.calling(['calendar']);
  const offers = async (): Promise<unknown[]> =>
    (await call('GET', '/users/me/calendarList?minAccessRole=writer')).body.items.map((entry) => entry['conferenceProperties']);

  expect(await offers()).toEqual([{ allowedConferenceSolutionTypes: ['hangoutsMeet'] }, { allowedConferenceSolutionTypes: [] }]);
  const refused = await call('POST', `/calendars/c_teamholidays@group.calendar.google.com/events?${WITH}`, { ...EVENT, ...asking('r1') });
  expect(refused.body.error.message).toBe('Invalid conference type value.');

  app.control.setFor(AMIRA, { meetOff: true });

  expect(await offers()).toEqual([{ allowedConferenceSolutionTypes: [] }, { allowedConferenceSolutionTypes: [] }]);
  expect((await call('POST', `${EVENTS}?${WITH}`, { ...EVENT, ...asking('r1') })).status).toBe(400);
});

test('a person can be given a primary calendar without Meet', async () => {
  const users = [{ email: JONAS, name: 'Jonas', conferenceSolutions: [] }];
  const call = await createAppUnderTest({ users }).calling(['calendar'], JONAS);

  expect((await call('GET', '/calendars/primary')).body['conferenceProperties']).toEqual({ allowedConferenceSolutionTypes: [] });
  expect((await call('POST', `${EVENTS}?${WITH}`, { ...EVENT, ...asking('r1') })).status).toBe(400);
});
