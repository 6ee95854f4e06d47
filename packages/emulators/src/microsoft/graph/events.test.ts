import { describe, expect, test } from 'vitest';
import { AMIRA, createMicrosoftUnderTest, LEA, type Call, type MicrosoftUnderTest } from '../../../test/microsoft-under-test.ts';

const NOW_MS = Date.UTC(2026, 10, 18, 12);
const WEEK = 'startDateTime=2026-11-16T00:00:00Z&endDateTime=2026-11-23T00:00:00Z';
const START = { dateTime: '2026-11-19T10:00:00', timeZone: 'W. Europe Standard Time' };
const END = { dateTime: '2026-11-19T11:00:00', timeZone: 'W. Europe Standard Time' };

function createApp(): MicrosoftUnderTest {
  return createMicrosoftUnderTest({ now: () => NOW_MS });
}

function subjects(value: readonly Record<string, unknown>[]): unknown[] {
  return value.map((event) => event['subject']);
}

describe('calendars', () => {
  test('are listed in pages whose next address is complete', async () => {
    const { calling } = createApp();
    const call = await calling(AMIRA, 'Calendars.ReadBasic');

    const first = await call('GET', '/me/calendars?$top=2');
    expect(first.body.value).toMatchObject([
      { name: 'Calendar', isDefaultCalendar: true, canEdit: true, owner: { address: AMIRA } },
      { name: 'Team holidays', isDefaultCalendar: false },
    ]);
    const next = first.body['@odata.nextLink'] ?? '';
    expect(next).toContain('http://microsoft.test/v1.0/me/calendars?');
    const second = await call('GET', next);
    expect(second.body.value).toMatchObject([{ name: 'Room plan', canEdit: false, owner: { address: 'noor@partner.example' } }]);
    expect(second.body).not.toHaveProperty('@odata.nextLink');
  });

  test('can be asked for one by one, with their odd ids', async () => {
    const { calling } = createApp();
    const call = await calling(AMIRA, 'Calendars.ReadBasic');
    const { value } = (await call('GET', '/me/calendars?$select=name')).body;
    const id = String(value[1]?.['id']);

    expect(Object.keys(value[1] ?? {})).toEqual(['id', 'name']);
    expect(id).toMatch(/=$/);
    expect((await call('GET', `/me/calendars/${encodeURIComponent(id)}`)).body['name']).toBe('Team holidays');
    expect((await call('GET', `/me/calendars/${id}`)).body['name']).toBe('Team holidays');
    expect((await call('GET', '/me/calendar')).body['name']).toBe('Calendar');
    const unknown = await call('GET', '/me/calendars/AAMkunknown');
    expect([unknown.status, unknown.body.error.code]).toEqual([404, 'ErrorItemNotFound']);
  });

  test.each(['$filter=name eq 1', '$top=0', '$top=1001', '$skip=x'])('are not listed with %s', async (query) => {
    const { calling } = createApp();
    const call = await calling(AMIRA, 'Calendars.ReadBasic');

    expect((await call('GET', `/me/calendars?${query}`)).status).toBe(400);
  });
});

describe('calendarView', () => {
  test('unfolds series, ten events a page unless the caller prefers otherwise', async () => {
    const { calling } = createApp();
    const call = await calling(AMIRA, 'Calendars.Read');
    const two = '/me/calendarView?startDateTime=2026-11-16T00:00:00Z&endDateTime=2026-11-30T00:00:00Z';

    const { body } = await call('GET', two);
    expect(body.value).toHaveLength(10);
    const rest = await call('GET', body['@odata.nextLink'] ?? '');
    expect(rest.body.value).toHaveLength(4);
    expect((await call('GET', two, undefined, { Prefer: 'odata.maxpagesize=50' })).body.value).toHaveLength(14);
    expect((await call('GET', `${two}&$top=3`)).body.value).toHaveLength(3);
    const standUps = [...body.value, ...rest.body.value].filter((event) => event['subject'] === 'Stand-up');
    expect(standUps).toHaveLength(10);
    expect(standUps[0]).toMatchObject({
      type: 'occurrence',
      seriesMasterId: 'amirastandup',
      start: { dateTime: '2026-11-16T08:30:00.0000000' },
    });
    expect(new Set(standUps.map((event) => event['iCalUId'])).size).toBe(10);
  });

  test('writes times in UTC, or in the zone of Prefer, by a Windows or IANA name', async () => {
    const { calling } = createApp();
    const call = await calling(AMIRA, 'Calendars.ReadBasic');
    const startIn = async (zone?: string): Promise<unknown> => {
      const headers: Record<string, string> = zone === undefined ? {} : { Prefer: `outlook.timezone="${zone}", IdType="ImmutableId"` };
      const { body } = await call('GET', `/me/calendarView?${WEEK}`, undefined, headers);
      if (body.value === undefined) return body.error.code;
      return body.value.find((event) => event['subject'] === 'Budget talk with Jonas')?.['start'];
    };

    expect(await startIn()).toEqual({ dateTime: '2026-11-17T10:00:00.0000000', timeZone: 'UTC' });
    expect(await startIn('Pacific Standard Time')).toEqual({ dateTime: '2026-11-17T02:00:00.0000000', timeZone: 'Pacific Standard Time' });
    expect(await startIn('Asia/Tokyo')).toEqual({ dateTime: '2026-11-17T19:00:00.0000000', timeZone: 'Asia/Tokyo' });
    expect(await startIn('Mars Standard Time')).toBe('TimeZoneNotSupportedException');
  });

  test('writes days at midnight whatever the zone, and marks private, free and away', async () => {
    const { calling } = createApp();
    const call = await calling(AMIRA, 'Calendars.ReadBasic');

    const { value } = (await call('GET', `/me/calendarView?${WEEK}`, undefined, { Prefer: 'outlook.timezone="Tokyo Standard Time"' })).body;
    const find = (subject: string): unknown => value.find((event) => event['subject'] === subject);

    expect(find('Trade fair')).toMatchObject({
      isAllDay: true,
      showAs: 'oof',
      start: { dateTime: '2026-11-19T00:00:00.0000000', timeZone: 'Tokyo Standard Time' },
      end: { dateTime: '2026-11-21T00:00:00.0000000' },
    });
    expect(find('Doctor')).toMatchObject({ sensitivity: 'private', showAs: 'busy' });
    expect(find('Writing time')).toMatchObject({ showAs: 'free' });
  });

  test('shows bodies to Calendars.Read and not to Calendars.ReadBasic', async () => {
    const { calling } = createApp();
    const budget = async (call: Call): Promise<Record<string, unknown>> =>
      (await call('GET', `/me/calendarView?${WEEK}`)).body.value.find((event) => event['subject'] === 'Budget talk with Jonas') ?? {};

    expect(await budget(await calling(AMIRA, 'Calendars.Read'))).toMatchObject({
      bodyPreview: 'Numbers for next year. Bring the draft.',
      body: { contentType: 'html' },
      location: { displayName: 'Lindenstraße 12, Berlin' },
    });
    const basic = await budget(await createApp().calling(AMIRA, 'Calendars.ReadBasic'));
    expect(basic['location']).toMatchObject({ displayName: 'Lindenstraße 12, Berlin' });
    expect(basic).not.toHaveProperty('body');
    expect(basic).not.toHaveProperty('bodyPreview');
  });

  test('heeds an offset in its bounds, takes none for UTC, and includes what overlaps', async () => {
    const { calling } = createApp();
    const call = await calling(AMIRA, 'Calendars.Read');
    const between = async (from: string, to: string): Promise<unknown[]> =>
      subjects(
        (await call('GET', `/me/calendarView?startDateTime=${encodeURIComponent(from)}&endDateTime=${encodeURIComponent(to)}`)).body.value,
      );

    expect(await between('2026-11-17T11:30:00+01:00', '2026-11-17T11:45:00+01:00')).toEqual(['Budget talk with Jonas']);
    expect(await between('2026-11-17T10:30:00', '2026-11-17T10:45:00')).toEqual(['Budget talk with Jonas']);
    expect(await between('2026-11-17T11:00:00', '2026-11-17T12:00:00')).toEqual([]);
  });

  test.each([
    ['no bounds', '', 'ErrorInvalidParameter'],
    ['one bound', 'startDateTime=2026-11-16T00:00:00Z', 'ErrorInvalidParameter'],
    ['a bound that is none', 'startDateTime=monday&endDateTime=tuesday', 'ErrorInvalidParameter'],
    ['an end before the start', 'startDateTime=2026-11-17&endDateTime=2026-11-16', 'ErrorCalendarEndDateIsEarlierThanStartDate'],
  ])('is refused with %s', async (_what, query, code) => {
    const { calling } = createApp();
    const { status, body } = await (await calling(AMIRA, 'Calendars.Read'))('GET', `/me/calendarView?${query}`);

    expect([status, body.error.code]).toEqual([400, code]);
  });

  test('is there for every calendar, and $select narrows it', async () => {
    const { calling } = createApp();
    const call = await calling(AMIRA, 'Calendars.Read');
    const { value } = (await call('GET', '/me/calendars')).body;

    const holidays = await call('GET', `/me/calendars/${String(value[1]?.['id'])}/calendarView?${WEEK}&$select=subject,start`);

    expect(holidays.body.value.map((event) => Object.keys(event).toSorted())).toEqual([['@odata.etag', 'id', 'start', 'subject']]);
    expect(subjects(holidays.body.value)).toEqual(['Mareike away']);
    expect((await call('GET', `/me/calendar/calendarView?${WEEK}`)).status).toBe(200);
  });
});

describe('an event', () => {
  test('is created, changed under If-Match and deleted', async () => {
    const { calling } = createApp();
    const call = await calling(LEA, 'Calendars.ReadWrite');

    const created = await call('POST', '/me/calendar/events', { subject: 'Interview', start: START, end: END });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      subject: 'Interview',
      start: { dateTime: '2026-11-19T09:00:00.0000000' },
      type: 'singleInstance',
    });
    const path = `/me/events/${String(created.body['id'])}`;
    const etag = String(created.body['@odata.etag']);
    expect((await call('PATCH', path, { subject: 'Talk' }, { 'If-Match': etag })).body['subject']).toBe('Talk');
    const stale = await call('PATCH', path, { subject: 'Chat' }, { 'If-Match': etag });
    expect([stale.status, stale.body.error.code]).toEqual([412, 'ErrorIrresolvableConflict']);
    expect((await call('GET', path)).body).toMatchObject({ subject: 'Talk', iCalUId: created.body['iCalUId'] });
    expect((await call('DELETE', path)).status).toBe(204);
    expect((await call('GET', path)).body.error.code).toBe('ErrorItemNotFound');
  });

  test('with a transactionId is made once', async () => {
    const { calling } = createApp();
    const call = await calling(LEA, 'Calendars.ReadWrite');
    const body = { subject: 'Interview', start: START, end: END, transactionId: 'a1' };

    const [first, again] = [await call('POST', '/me/events', body), await call('POST', '/me/events', body)];

    expect(again.body['id']).toBe(first.body['id']);
    expect((await call('GET', '/me/events')).body.value).toHaveLength(1);
  });

  test.each([
    ['no start', { start: undefined }, 'ErrorPropertyValidationFailure'],
    ['an unknown zone', { start: { ...START, timeZone: 'Mars' } }, 'TimeZoneNotSupportedException'],
    ['a time that is none', { start: { ...START, dateTime: 'noon' } }, 'ErrorInvalidRequest'],
    ['an end before its start', { start: END, end: START }, 'ErrorPropertyValidationFailure'],
    ['days that do not begin at midnight', { isAllDay: true }, 'ErrorPropertyValidationFailure'],
    ['another showAs', { showAs: 'asleep' }, 'RequestBodyRead'],
    ['a guest without an address', { attendees: [{ emailAddress: {} }] }, 'ErrorInvalidRecipients'],
    ['a series that the emulator cannot unfold', { recurrence: { pattern: { type: 'relativeYearly' }, range: {} } }, 'ErrorInvalidRequest'],
  ])('is refused with %s', async (_what, changes, code) => {
    const { calling } = createApp();
    const call = await calling(LEA, 'Calendars.ReadWrite');

    const { status, body } = await call('POST', '/me/events', { subject: 'Interview', start: START, end: END, ...changes });

    expect([status, body.error.code]).toEqual([400, code]);
  });

  test('is not written to a calendar that may only be read, and not without JSON', async () => {
    const { calling, request } = createApp();
    const call = await calling(AMIRA, 'Calendars.ReadWrite');
    const { value } = (await call('GET', '/me/calendars')).body;

    const refused = await call('POST', `/me/calendars/${String(value[2]?.['id'])}/events`, { subject: 'x', start: START, end: END });
    expect([refused.status, refused.body.error.code]).toEqual([403, 'ErrorAccessDenied']);
    expect((await call('POST', '/me/events')).body.error.code).toBe('BadRequest');
    expect((await request('/v1.0/me/events', { method: 'POST' })).status).toBe(401);
  });

  test('of a series can be read by its own id and not changed alone', async () => {
    const { calling } = createApp();
    const call = await calling(AMIRA, 'Calendars.ReadWrite');

    expect((await call('GET', '/me/events/amirastandup.20261117')).body).toMatchObject({
      type: 'occurrence',
      seriesMasterId: 'amirastandup',
    });
    expect((await call('GET', '/me/events/amirastandup.20261121')).status).toBe(404);
    expect((await call('DELETE', '/me/events/amirastandup.20261117')).status).toBe(400);
    expect((await call('GET', '/me/events/amirastandup')).body).toMatchObject({
      type: 'seriesMaster',
      recurrence: { pattern: { type: 'weekly' } },
    });
  });
});

describe('a series', () => {
  const series = (pattern: object, range: object) => ({
    subject: 'Series',
    start: { dateTime: '2026-10-20T10:00:00', timeZone: 'Europe/Berlin' },
    end: { dateTime: '2026-10-20T11:00:00', timeZone: 'Europe/Berlin' },
    recurrence: { pattern, range: { startDate: '2026-10-20', ...range } },
  });

  test.each([
    [
      'keeps the wall clock over the change of the clocks',
      { type: 'weekly', interval: 1 },
      { type: 'numbered', numberOfOccurrences: 2 },
      ['2026-10-20T08:00:00.0000000', '2026-10-27T09:00:00.0000000'],
    ],
    [
      'skips by its interval',
      { type: 'weekly', interval: 2, daysOfWeek: ['tuesday', 'thursday'] },
      { type: 'endDate', endDate: '2026-11-06' },
      ['2026-10-20T08:00:00.0000000', '2026-10-22T08:00:00.0000000', '2026-11-03T09:00:00.0000000', '2026-11-05T09:00:00.0000000'],
    ],
    [
      'recurs every so many days',
      { type: 'daily', interval: 10 },
      { type: 'endDate', endDate: '2026-11-09' },
      ['2026-10-20T08:00:00.0000000', '2026-10-30T09:00:00.0000000', '2026-11-09T09:00:00.0000000'],
    ],
    [
      'recurs by the day of the month',
      { type: 'absoluteMonthly', interval: 1, dayOfMonth: 20 },
      { type: 'noEnd' },
      ['2026-10-20T08:00:00.0000000', '2026-11-20T09:00:00.0000000'],
    ],
  ])('%s', async (_what, pattern, range, starts) => {
    const { calling } = createApp();
    const call = await calling(LEA, 'Calendars.ReadWrite');
    await call('POST', '/me/events', series(pattern, range));

    const { value } = (await call('GET', '/me/calendarView?startDateTime=2026-10-01&endDateTime=2026-12-01')).body;

    expect(value.map((event) => (event['start'] as { dateTime: string }).dateTime)).toEqual(starts);
  });
});
