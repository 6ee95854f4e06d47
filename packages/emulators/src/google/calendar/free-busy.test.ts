import { describe, expect, test } from 'vitest';
import { AMIRA, createAppUnderTest, JONAS, type Call } from '../../../test/app-under-test.ts';
import type { EventSeed } from '../world/events.ts';

const DAY = { timeMin: '2026-03-10T00:00:00Z', timeMax: '2026-03-11T00:00:00Z' };

function from(start: string, end: string, others: Partial<EventSeed> = {}): EventSeed {
  return { start: { dateTime: `2026-03-10T${start}:00Z` }, end: { dateTime: `2026-03-10T${end}:00Z` }, ...others };
}

async function busy(call: Call, changes: Record<string, unknown> = {}): Promise<unknown> {
  return (await call('POST', '/freeBusy', { ...DAY, items: [{ id: 'primary' }], ...changes })).body.calendars['primary']?.busy;
}

async function callWith(events: readonly EventSeed[]): Promise<Call> {
  return createAppUnderTest({ users: [{ email: JONAS, name: 'Jonas', events }] }).calling(['calendar.freebusy'], JONAS);
}

describe('busy times', () => {
  test('are merged and cut to the range', async () => {
    const call = await callWith([
      from('09:00', '10:00'),
      from('09:30', '11:00'),
      from('11:00', '11:30'),
      from('14:00', '15:00'),
      { start: { dateTime: '2026-03-10T23:00:00Z' }, end: { dateTime: '2026-03-11T05:00:00Z' } },
    ]);

    expect(await busy(call)).toEqual([
      { start: '2026-03-10T09:00:00Z', end: '2026-03-10T11:30:00Z' },
      { start: '2026-03-10T14:00:00Z', end: '2026-03-10T15:00:00Z' },
      { start: '2026-03-10T23:00:00Z', end: '2026-03-11T00:00:00Z' },
    ]);
  });

  test('come in the time zone asked for', async () => {
    const call = await callWith([from('09:00', '10:00')]);

    expect(await busy(call, { timeZone: 'Asia/Kolkata' })).toEqual([
      { start: '2026-03-10T14:30:00+05:30', end: '2026-03-10T15:30:00+05:30' },
    ]);
  });

  test('include tentative and whole days, and leave out what is transparent, declined, cancelled or a place of work', async () => {
    const declined = [{ email: JONAS, responseStatus: 'declined' as const }];
    const call = await callWith([
      from('01:00', '02:00', { transparency: 'transparent' }),
      from('03:00', '04:00', { attendees: declined }),
      from('05:00', '06:00', { status: 'cancelled' }),
      from('07:00', '08:00', { eventType: 'workingLocation' }),
      from('09:00', '10:00', { status: 'tentative' }),
    ]);
    expect(await busy(call)).toEqual([{ start: '2026-03-10T09:00:00Z', end: '2026-03-10T10:00:00Z' }]);

    const wholeDay = await callWith([{ start: { date: '2026-03-10' }, end: { date: '2026-03-11' } }]);
    expect(await busy(wholeDay, { timeMin: '2026-03-09T00:00:00Z', timeMax: '2026-03-12T00:00:00Z' })).toEqual([
      { start: '2026-03-09T23:00:00Z', end: '2026-03-10T23:00:00Z' },
    ]);
  });

  test('include each instance of a series', async () => {
    const daily = from('09:00', '10:00', { recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] });
    const call = await callWith([{ ...daily, start: { ...daily.start, timeZone: 'UTC' } }]);

    expect(await busy(call, { timeMin: '2026-03-11T00:00:00Z', timeMax: '2026-03-20T00:00:00Z' })).toHaveLength(2);
  });

  test('of a calendar that shows no more than that can be asked for', async () => {
    const call = await createAppUnderTest().calling(['calendar.freebusy']);
    const id = 'c_roomplan@group.calendar.google.com';
    const now = Date.now();
    const range = { timeMin: new Date(now - 7 * 86_400_000).toISOString(), timeMax: new Date(now + 7 * 86_400_000).toISOString() };

    const { body } = await call('POST', '/freeBusy', { ...range, items: [{ id }] });

    expect(body.calendars[id]?.busy).toHaveLength(1);
  });
});

describe('what goes wrong', () => {
  test('with one calendar stands beside it, and the status is 200', async () => {
    const call = await createAppUnderTest().calling(['calendar.freebusy'], JONAS);

    const { status, body } = await call('POST', '/freeBusy', {
      ...DAY,
      items: [{ id: 'primary' }, { id: 'nobody@gmail.example' }, { id: AMIRA }],
    });

    expect(status).toBe(200);
    expect(body.calendars['primary']).not.toHaveProperty('errors');
    const missing = { busy: [], errors: [{ domain: 'global', reason: 'notFound' }] };
    expect(body.calendars['nobody@gmail.example']).toEqual(missing);
    // Not permitted looks like not there.
    expect(body.calendars[AMIRA]).toEqual(missing);
  });

  test('with more than fifty calendars stands beside each', async () => {
    const call = await createAppUnderTest().calling(['calendar.freebusy']);
    const items = Array.from({ length: 51 }, (_, index) => ({ id: `person${index}@partner.example` }));

    const { status, body } = await call('POST', '/freeBusy', { ...DAY, items });

    expect(status).toBe(200);
    expect(Object.values(body.calendars).map(({ errors }) => errors?.[0]?.reason)).toEqual(Array(51).fill('tooManyCalendarsRequested'));
    const few = await call('POST', '/freeBusy', { ...DAY, calendarExpansionMax: 1, items: [{ id: 'primary' }, { id: JONAS }] });
    expect(few.body.calendars['primary']?.errors?.[0]?.reason).toBe('tooManyCalendarsRequested');
  });

  test.each([
    ['no timeMin', { timeMin: undefined }, 'required', 'Missing timeMin parameter.'],
    ['a time without an offset', { timeMax: '2026-03-11T00:00:00' }, 'invalid', 'Bad Request'],
    ['an empty range', { timeMax: DAY.timeMin }, 'timeRangeEmpty', 'The specified time range is empty.'],
    ['more than ninety days', { timeMax: '2026-06-09T00:00:00Z' }, 'timeRangeTooLong', 'The requested time range is too long.'],
  ])('with the question as a whole is a 400: %s', async (_what, changes, reason, message) => {
    const call = await callWith([]);

    const { status, body } = await call('POST', '/freeBusy', { ...DAY, items: [{ id: 'primary' }], ...changes });

    expect(status).toBe(400);
    expect(body.error).toMatchObject({ message, errors: [{ reason }] });
  });
});

test('a group stands for its members, unless it has more than asked for', async () => {
  const app = createAppUnderTest();
  app.control.addGroup('team@partner.example', [AMIRA, 'nobody@partner.example']);
  const call = await app.calling(['calendar.freebusy']);
  const query = { ...DAY, items: [{ id: 'team@partner.example' }] };

  const { body } = await call('POST', '/freeBusy', query);
  expect(body['groups']).toEqual({ 'team@partner.example': { calendars: [AMIRA, 'nobody@partner.example'] } });
  expect(Object.keys(body.calendars)).toEqual([AMIRA, 'nobody@partner.example']);
  const tooBig = await call('POST', '/freeBusy', { ...query, groupExpansionMax: 1 });
  expect(tooBig.body['groups']).toEqual({ 'team@partner.example': { errors: [{ domain: 'global', reason: 'groupTooBig' }] } });
});
