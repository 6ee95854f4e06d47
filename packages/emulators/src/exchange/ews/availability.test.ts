import { describe, expect, test } from 'vitest';
import { AMIRA, JONAS, LEA, startExchangeUnderTest } from '../../../test/exchange-under-test.ts';

const UTC = zone(0, { month: 0, order: 0, bias: 0 }, { month: 0, order: 0, bias: 0 });
/** Berlin: the last Sundays of October and March. */
const BERLIN = zone(-60, { month: 10, order: 5, bias: 0 }, { month: 3, order: 5, bias: -60 });

interface Change {
  readonly month: number;
  readonly order: number;
  readonly bias: number;
}

function zone(bias: number, standard: Change, daylight: Change): string {
  const change = (name: string, { month, order, bias: own }: Change, time: string): string =>
    `<t:${name}><t:Bias>${own}</t:Bias><t:Time>${time}</t:Time><t:DayOrder>${order}</t:DayOrder><t:Month>${month}</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek></t:${name}>`;
  return `<t:TimeZone><t:Bias>${bias}</t:Bias>${change('StandardTime', standard, '03:00:00')}${change('DaylightTime', daylight, '02:00:00')}</t:TimeZone>`;
}

interface Asked {
  readonly from?: string;
  readonly to?: string;
  readonly view?: string;
  readonly zone?: string;
  readonly interval?: number;
}

function ask(
  addresses: readonly string[],
  { from = '2026-11-16T00:00:00', to = '2026-11-21T00:00:00', view = 'FreeBusy', zone = UTC, interval = 30 }: Asked = {},
): string {
  const mailboxes = addresses.map(
    (address) =>
      `<t:MailboxData><t:Email><t:Address>${address}</t:Address></t:Email><t:AttendeeType>Required</t:AttendeeType></t:MailboxData>`,
  );
  return `<m:GetUserAvailabilityRequest>${zone}<m:MailboxDataArray>${mailboxes.join('')}</m:MailboxDataArray><t:FreeBusyViewOptions><t:TimeWindow><t:StartTime>${from}</t:StartTime><t:EndTime>${to}</t:EndTime></t:TimeWindow><t:MergedFreeBusyIntervalInMinutes>${interval}</t:MergedFreeBusyIntervalInMinutes><t:RequestedView>${view}</t:RequestedView></t:FreeBusyViewOptions></m:GetUserAvailabilityRequest>`;
}

describe('GetUserAvailability', () => {
  test('answers in the order of the mailboxes, in the zone of the request and without offsets', async () => {
    const exchange = await startExchangeUnderTest();
    const inUtc = await exchange.call(ask([JONAS.email, AMIRA.email]));
    expect(inUtc.texts('StartTime').slice(0, 2)).toEqual(['2026-11-17T07:15:00', '2026-11-16T08:30:00']);
    const inBerlin = await exchange.call(ask([JONAS.email], { zone: BERLIN }));
    expect(inBerlin.texts('StartTime')).toEqual(['2026-11-17T08:15:00']);
    expect(inUtc.text).not.toContain(JONAS.email);
  });

  test('follows the changes of the clocks that the request describes', async () => {
    const exchange = await startExchangeUnderTest();
    exchange.control.addEvent(JONAS.email, {
      start: { dateTime: '2026-07-01T10:00:00', timeZone: 'UTC' },
      end: { dateTime: '2026-07-01T11:00:00', timeZone: 'UTC' },
    });
    const july = await exchange.call(ask([JONAS.email], { zone: BERLIN, from: '2026-07-01T11:30:00', to: '2026-07-01T12:30:00' }));
    expect(july.texts('StartTime')).toEqual(['2026-07-01T12:00:00']);
    const southern = zone(-600, { month: 4, order: 1, bias: 0 }, { month: 10, order: 1, bias: -60 });
    const sydney = await exchange.call(ask([JONAS.email], { zone: southern }));
    expect(sydney.texts('StartTime')).toEqual(['2026-11-17T18:15:00']);
  });

  test('always wants a zone, which 2010 takes from the header too', async () => {
    const old = await startExchangeUnderTest({ version: '2007_SP1' });
    const header = '<t:TimeZoneContext><t:TimeZoneDefinition Id="W. Europe Standard Time"/></t:TimeZoneContext>';
    expect((await old.call(ask([JONAS.email], { zone: '' }))).code).toBe('ErrorSchemaValidation');
    const young = await startExchangeUnderTest({ version: '2010' });
    expect((await young.call(ask([JONAS.email], { zone: '' }))).code).toBe('ErrorTimeZone');
    const inBerlin = await young.call(ask([JONAS.email], { zone: '' }), { header, version: 'Exchange2010' });
    expect(inBerlin.texts('StartTime')).toEqual(['2026-11-17T08:15:00']);
  });

  test('shows colleagues times alone, and oneself more', async () => {
    const exchange = await startExchangeUnderTest();
    const colleague = await exchange.call(ask([JONAS.email], { view: 'Detailed' }));
    expect([colleague.texts('FreeBusyViewType'), colleague.texts('Subject')]).toEqual([['FreeBusy'], []]);
    const oneself = await exchange.call(ask([JONAS.email], { view: 'DetailedMerged' }), { as: JONAS });
    expect([oneself.texts('FreeBusyViewType'), oneself.texts('Subject')]).toEqual([['DetailedMerged'], ['Dentist']]);
    exchange.control.setFor(JONAS.email, { freeBusyAccess: 'merged' });
    const merged = await exchange.call(ask([JONAS.email], { from: '2026-11-17T06:00:00', to: '2026-11-17T09:00:00' }));
    expect([merged.texts('FreeBusyViewType'), merged.texts('MergedFreeBusy'), merged.texts('CalendarEvent')]).toEqual([
      ['MergedOnly'],
      ['002200'],
      [],
    ]);
  });

  test('tells what stands in a calendar as free, and what a whole event is', async () => {
    const exchange = await startExchangeUnderTest();
    const within = await exchange.call(ask([AMIRA.email], { from: '2026-11-19T09:00:00', to: '2026-11-19T10:00:00' }));
    expect([within.texts('BusyType'), within.texts('StartTime'), within.texts('EndTime')]).toEqual([
      ['Free'],
      ['2026-11-19T08:00:00'],
      ['2026-11-19T11:00:00'],
    ]);
    expect((await exchange.call(ask(['room-elbe@corp.example']))).code).toBe('NoError');
  });

  test('refuses each mailbox by itself', async () => {
    const exchange = await startExchangeUnderTest();
    exchange.control.setFor('otto@corp.example', { freeBusyAccess: 'none' });
    const answer = await exchange.call(ask(['nobody@corp.example', LEA.email, 'otto@corp.example', JONAS.email]));
    expect(answer.status).toBe(200);
    expect(answer.texts('ResponseCode')).toEqual([
      'ErrorMailRecipientNotFound',
      'ErrorProxyRequestNotAllowed',
      'ErrorNoFreeBusyAccess',
      'NoError',
    ]);
    expect(answer.texts('FreeBusyViewType')).toEqual(['None', 'None', 'None', 'FreeBusy']);
  });

  test.each<[string, Asked, string]>([
    ['a window that is too long', { to: '2027-01-20T00:00:00' }, 'ErrorTimeIntervalTooBig'],
    ['a window that ends before it begins', { to: '2026-11-15T00:00:00' }, 'ErrorInvalidTimeInterval'],
    ['no view', { view: 'None' }, 'ErrorInvalidFreeBusyViewType'],
    ['an interval of four minutes', { interval: 4 }, 'ErrorInvalidMergedFreeBusyInterval'],
    ['a time that is none', { from: 'tomorrow' }, 'ErrorSchemaValidation'],
  ])('refuses %s', async (_, asked, code) => {
    const exchange = await startExchangeUnderTest();
    expect(await exchange.call(ask([JONAS.email], asked))).toMatchObject({ status: 500, code });
  });

  test('has a shorter window on old servers, and room for a hundred mailboxes', async () => {
    const old = await startExchangeUnderTest({ version: '2010' });
    expect((await old.call(ask([JONAS.email], { to: '2027-01-01T00:00:00' }))).code).toBe('ErrorTimeIntervalTooBig');
    const young = await startExchangeUnderTest();
    expect((await young.call(ask([JONAS.email], { to: '2027-01-01T00:00:00' }))).code).toBe('NoError');
    expect((await young.call(ask(Array.from({ length: 101 }, () => JONAS.email)))).code).toBe('ErrorMailboxDataArrayTooBig');
  });
});
