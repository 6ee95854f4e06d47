import { describe, expect, test } from 'vitest';
import { AMIRA, createMicrosoftUnderTest, LEA, NOOR } from '../../../test/microsoft-under-test.ts';

const NOW_MS = Date.UTC(2026, 10, 18, 12);
const DAY = {
  startTime: { dateTime: '2026-11-17T09:00:00', timeZone: 'W. Europe Standard Time' },
  endTime: { dateTime: '2026-11-17T13:00:00', timeZone: 'W. Europe Standard Time' },
};

async function createAsking(email = AMIRA, scope = 'Calendars.ReadBasic') {
  const app = createMicrosoftUnderTest({ now: () => NOW_MS });
  const call = await app.calling(email, scope);
  return {
    ...app,
    ask: (body: object, headers: Record<string, string> = {}) => call('POST', '/me/calendar/getSchedule', body, headers),
  };
}

describe('getSchedule', () => {
  test('tells when somebody is busy, in slots and in items, in UTC or the zone of Prefer', async () => {
    const { ask } = await createAsking();

    const { status, body } = await ask({ schedules: [AMIRA], ...DAY, availabilityViewInterval: 60 });
    expect(status).toBe(200);
    expect(body.value).toMatchObject([
      {
        scheduleId: AMIRA,
        availabilityView: '2020',
        scheduleItems: [
          { status: 'busy', start: { dateTime: '2026-11-17T08:30:00.0000000', timeZone: 'UTC' } },
          { status: 'busy', start: { dateTime: '2026-11-17T10:00:00.0000000' }, end: { dateTime: '2026-11-17T11:00:00.0000000' } },
        ],
        workingHours: { startTime: '08:00:00.0000000', timeZone: { name: 'W. Europe Standard Time' } },
      },
    ]);
    const zoned = await ask({ schedules: [AMIRA], ...DAY }, { Prefer: 'outlook.timezone="Tokyo Standard Time"' });
    expect(zoned.body.value[0]).toMatchObject({
      availabilityView: '02002200',
      scheduleItems: [{ start: { dateTime: '2026-11-17T17:30:00.0000000', timeZone: 'Tokyo Standard Time' } }, {}],
    });
  });

  test('says what the own events are about, and only when colleagues are busy', async () => {
    const { ask: own } = await createAsking(AMIRA);
    const { ask: colleague } = await createAsking(NOOR);
    const body = { schedules: [AMIRA], ...DAY };

    expect((await own(body)).body.value[0]?.['scheduleItems']).toMatchObject([
      { subject: 'Stand-up', location: 'Room Elbe', isPrivate: false },
      { subject: 'Budget talk with Jonas' },
    ]);
    const seen = (await colleague(body)).body.value[0]?.['scheduleItems'] as object[];
    expect(seen.map((item) => Object.keys(item).toSorted())).toEqual([
      ['end', 'start', 'status'],
      ['end', 'start', 'status'],
    ]);
  });

  test('has a digit for each way of being away, and the heaviest wins', async () => {
    const { ask, control } = await createAsking();
    const at = (from: string, to: string, showAs: 'tentative' | 'oof' | 'workingElsewhere' | 'free') =>
      control.addEvent(NOOR, {
        showAs,
        start: { dateTime: `2026-11-17T${from}:00`, timeZone: 'UTC' },
        end: { dateTime: `2026-11-17T${to}:00`, timeZone: 'UTC' },
      });
    at('08:00', '09:00', 'tentative');
    at('09:00', '10:00', 'oof');
    at('09:00', '11:00', 'tentative');
    at('11:00', '12:00', 'workingElsewhere');

    expect((await ask({ schedules: [NOOR], ...DAY, availabilityViewInterval: 60 })).body.value[0]?.['availabilityView']).toBe('1314');
  });

  test('puts what goes wrong with one schedule beside it', async () => {
    const { ask } = await createAsking();

    const { status, body } = await ask({ schedules: [NOOR, LEA, 'nobody@partner.example'], ...DAY });

    expect(status).toBe(200);
    expect(body.value[0]).not.toHaveProperty('error');
    expect(body.value[1]).toMatchObject({ scheduleId: LEA, error: { responseCode: '5009', message: expect.stringContaining(LEA) } });
    expect(body.value[2]).toMatchObject({ error: { responseCode: '5009' } });
  });

  test.each([
    ['nobody', { schedules: [] }, 'ErrorMailboxDataArrayEmpty'],
    [
      'twenty-one people',
      { schedules: Array.from({ length: 21 }, (_, index) => `u${index}@partner.example`) },
      'ErrorMailboxDataArrayTooBig',
    ],
    ['sixty-three days', { endTime: { dateTime: '2027-01-19T09:00:00', timeZone: 'UTC' } }, 'ErrorTimeIntervalTooBig'],
    ['an end before the start', { endTime: DAY.startTime, startTime: DAY.endTime }, 'ErrorInvalidTimeInterval'],
    ['slots of four minutes', { availabilityViewInterval: 4 }, 'ErrorInvalidMergedFreeBusyInterval'],
    ['slots longer than a day', { availabilityViewInterval: 1441 }, 'ErrorInvalidMergedFreeBusyInterval'],
    ['no time', { startTime: undefined }, 'ErrorPropertyValidationFailure'],
    ['an unknown zone', { startTime: { dateTime: '2026-11-17T09:00:00', timeZone: 'Mars' } }, 'TimeZoneNotSupportedException'],
  ])('refuses %s', async (_what, changes, code) => {
    const { ask } = await createAsking();

    const { status, body } = await ask({ schedules: [AMIRA], ...DAY, ...changes });

    expect([status, body.error.code]).toEqual([400, code]);
  });

  test('takes twenty people and sixty-two days, and capital letters', async () => {
    const { ask } = await createAsking();
    const schedules = Array.from({ length: 20 }, (_, index) => `u${index}@partner.example`);

    expect((await ask({ schedules, ...DAY })).body.value).toHaveLength(20);
    const long = { startTime: { dateTime: '2026-11-17', timeZone: 'UTC' }, endTime: { dateTime: '2027-01-18', timeZone: 'UTC' } };
    expect((await ask({ schedules: [AMIRA], ...long, availabilityViewInterval: 1440 })).body.value[0]?.['availabilityView']).toHaveLength(
      62,
    );
    expect((await ask({ Schedules: [AMIRA], StartTime: DAY.startTime, EndTime: DAY.endTime })).status).toBe(200);
  });
});
