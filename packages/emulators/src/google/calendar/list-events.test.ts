import { describe, expect, test } from 'vitest';
import { createAppUnderTest, JONAS, type Call } from '../../../test/app-under-test.ts';
import type { EventSeed } from '../world/events.ts';

const MEETING: EventSeed = {
  id: 'meeting',
  summary: 'Meeting',
  location: 'Room 1',
  start: { dateTime: '2026-03-10T10:00:00', timeZone: 'Europe/Berlin' },
  end: { dateTime: '2026-03-10T11:00:00+01:00' },
  extendedProperties: { private: { bookingId: '42' } },
};
const HOLIDAY: EventSeed = { id: 'holiday', summary: 'Holiday', start: { date: '2026-03-12' }, end: { date: '2026-03-14' } };
/** Summer time begins on 29 March. */
const WEEKLY: EventSeed = {
  id: 'weekli',
  summary: 'Choir',
  start: { dateTime: '2026-03-17T19:00:00', timeZone: 'Europe/Berlin' },
  end: { dateTime: '2026-03-17T21:00:00', timeZone: 'Europe/Berlin' },
  recurrence: ['RRULE:FREQ=WEEKLY;COUNT=4', 'EXDATE;TZID=Europe/Berlin:20260324T190000'],
};

async function callWith(events: readonly EventSeed[]): Promise<Call> {
  return createAppUnderTest({ users: [{ email: JONAS, name: 'Jonas', events }] }).calling(['calendar'], JONAS);
}

async function ids(call: Call, query: string): Promise<unknown[]> {
  return (await call('GET', `/calendars/primary/events?${query}`)).body.items.map((event) => event['id']);
}

describe('an event', () => {
  test('is written in the calendar’s time zone, or the one asked for', async () => {
    const call = await callWith([MEETING]);

    expect((await call('GET', '/calendars/primary/events/meeting')).body).toMatchObject({
      kind: 'calendar#event',
      status: 'confirmed',
      summary: 'Meeting',
      start: { dateTime: '2026-03-10T10:00:00+01:00', timeZone: 'Europe/Berlin' },
      end: { dateTime: '2026-03-10T11:00:00+01:00' },
      creator: { email: JONAS, self: true },
      iCalUID: 'meeting@google.com',
      eventType: 'default',
    });
    const { body } = await call('GET', '/calendars/primary/events?timeZone=America/New_York');
    expect(body.items[0]).toMatchObject({ start: { dateTime: '2026-03-10T05:00:00-04:00' } });
  });

  test('that takes whole days has dates and no times', async () => {
    const call = await callWith([HOLIDAY]);

    const { body } = await call('GET', '/calendars/primary/events/holiday');

    expect(body['start']).toEqual({ date: '2026-03-12' });
    expect(body['end']).toEqual({ date: '2026-03-14' });
  });

  test('that is private hides its details from readers of a shared calendar', async () => {
    const shared = { id: 'c_shared', summary: 'Shared', events: [{ ...MEETING, visibility: 'private' as const }] };
    const users = [
      { email: JONAS, name: 'Jonas', calendars: [shared] },
      { email: 'lea@gmail.example', name: 'Lea', calendars: [{ id: 'c_shared', summary: 'Shared', accessRole: 'reader' as const }] },
    ];
    const call = await createAppUnderTest({ users }).calling(['calendar'], 'lea@gmail.example');

    const { body } = await call('GET', '/calendars/c_shared/events/meeting');

    expect(body).toMatchObject({ visibility: 'private', start: { dateTime: '2026-03-10T10:00:00+01:00' } });
    expect(body).not.toHaveProperty('summary');
  });
});

describe('the list', () => {
  test('keeps to timeMin and timeMax, both exclusive', async () => {
    const call = await callWith([MEETING, HOLIDAY]);

    expect(await ids(call, 'timeMin=2026-03-10T09:59:00Z')).toEqual(['meeting', 'holiday']);
    expect(await ids(call, 'timeMin=2026-03-10T10:00:00Z')).toEqual(['holiday']);
    expect(await ids(call, 'timeMax=2026-03-10T09:00:00Z')).toEqual([]);
    expect(await ids(call, 'timeMax=2026-03-10T09:01:00Z')).toEqual(['meeting']);
  });

  test.each([
    ['a time without an offset', 'timeMin=2026-03-10T09:00:00', 'invalid'],
    ['an empty range', 'timeMin=2026-03-10T09:00:00Z&timeMax=2026-03-10T09:00:00Z', 'timeRangeEmpty'],
    ['an order of single events without singleEvents', 'orderBy=startTime', 'invalid'],
    ['an unknown order', 'orderBy=colour', 'invalid'],
    ['an unknown time zone', 'timeZone=Mars/Base', 'invalid'],
  ])('refuses %s', async (_what, query, reason) => {
    const { status, body } = await (await callWith([]))('GET', `/calendars/primary/events?${query}`);

    expect(status).toBe(400);
    expect(body.error.errors[0]?.reason).toBe(reason);
  });

  test('finds by text, iCalUID and private property', async () => {
    const call = await callWith([MEETING, HOLIDAY]);

    expect(await ids(call, 'q=room')).toEqual(['meeting']);
    expect(await ids(call, 'iCalUID=holiday@google.com')).toEqual(['holiday']);
    expect(await ids(call, 'privateExtendedProperty=bookingId%3D42')).toEqual(['meeting']);
    expect(await ids(call, 'privateExtendedProperty=bookingId%3D43')).toEqual([]);
  });

  test('holds 250 events a page at first and 2,500 at most', async () => {
    const call = await callWith(Array.from({ length: 2600 }, () => ({ start: HOLIDAY.start, end: HOLIDAY.end })));

    expect((await call('GET', '/calendars/primary/events')).body.items).toHaveLength(250);
    const largest = await call('GET', '/calendars/primary/events?maxResults=9999');
    expect(largest.body.items).toHaveLength(2500);
    const rest = await call('GET', `/calendars/primary/events?maxResults=9999&pageToken=${String(largest.body['nextPageToken'])}`);
    expect(rest.body.items).toHaveLength(100);
    expect(rest.body).not.toHaveProperty('nextPageToken');
  });
});

describe('a series', () => {
  test('is one event in a plain list', async () => {
    const call = await callWith([WEEKLY]);

    const { body } = await call('GET', '/calendars/primary/events');

    expect(body.items).toHaveLength(1);
    expect(body.items[0]?.['recurrence']).toEqual(WEEKLY.recurrence);
  });

  test('is unfolded with singleEvents: same wall clock in summer and winter, without excluded dates', async () => {
    const call = await callWith([WEEKLY]);

    const { body } = await call('GET', '/calendars/primary/events?singleEvents=true&orderBy=startTime');

    expect(body.items.map(({ id, start }) => [id, start])).toEqual([
      ['weekli_20260317T180000Z', { dateTime: '2026-03-17T19:00:00+01:00', timeZone: 'Europe/Berlin' }],
      ['weekli_20260331T170000Z', { dateTime: '2026-03-31T19:00:00+02:00', timeZone: 'Europe/Berlin' }],
      ['weekli_20260407T170000Z', { dateTime: '2026-04-07T19:00:00+02:00', timeZone: 'Europe/Berlin' }],
    ]);
    expect(body.items[0]).toMatchObject({ recurringEventId: 'weekli', summary: 'Choir' });
    expect(body.items[0]).not.toHaveProperty('recurrence');
    expect((await call('GET', '/calendars/primary/events/weekli/instances')).body.items).toHaveLength(3);
  });

  test('on some days of the week has an instance on each of them', async () => {
    const standUp = { ...WEEKLY, id: 'standup', recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO,TU,FR;UNTIL=20260327T235959Z'] };
    const call = await callWith([standUp]);

    const { body } = await call('GET', '/calendars/primary/events?singleEvents=true');

    expect(body.items.map(({ start }) => (start as { dateTime: string }).dateTime.slice(0, 10))).toEqual([
      '2026-03-17',
      '2026-03-20',
      '2026-03-23',
      '2026-03-24',
      '2026-03-27',
    ]);
  });

  test('of the 31st leaves out shorter months', async () => {
    const rent = { id: 'rent31', start: { date: '2026-01-31' }, end: { date: '2026-02-01' }, recurrence: ['RRULE:FREQ=MONTHLY;COUNT=3'] };
    const call = await callWith([rent]);

    const { body } = await call('GET', '/calendars/primary/events?singleEvents=true');

    expect(body.items.map(({ start }) => start)).toEqual([{ date: '2026-01-31' }, { date: '2026-03-31' }, { date: '2026-05-31' }]);
  });

  test('can have one instance moved and another deleted', async () => {
    const call = await callWith([WEEKLY]);
    const start = { dateTime: '2026-03-18T19:00:00+01:00' };
    const end = { dateTime: '2026-03-18T20:00:00+01:00' };

    await call('PATCH', '/calendars/primary/events/weekli_20260317T180000Z', { start, end });
    expect((await call('DELETE', '/calendars/primary/events/weekli_20260331T170000Z')).status).toBe(204);

    const { body } = await call('GET', '/calendars/primary/events?singleEvents=true&orderBy=startTime');
    expect(body.items.map((event) => event['id'])).toEqual(['weekli_20260317T180000Z', 'weekli_20260407T170000Z']);
    expect(body.items[0]).toMatchObject({ start, originalStartTime: { dateTime: '2026-03-17T19:00:00+01:00' } });
  });
});
