import { describe, expect, it } from 'vitest';
import type { CalendarAccessOutcome, FreeBusySpan, TimeRange } from '../calendar-reader.ts';
import {
  GRAPH_CREDENTIAL,
  graphError,
  graphEvent,
  graphTime,
  pagesOf,
  PRIMARY,
  PRIMARY_ID,
  RANGE,
  SCHEDULE,
  scriptedGraph,
  VIEW,
  viewOf,
} from './graph-scripted.contract.ts';
import { holdsNoSecret, type Script } from './scripted-microsoft.contract.ts';

const DAY_MS = 86_400_000;
const OTHER_ID = 'AAMkOther=';

function ask(
  script: Record<string, Script>,
  { range = RANGE, calendarIds }: { range?: TimeRange; calendarIds?: readonly string[] } = {},
): {
  readonly outcome: Promise<CalendarAccessOutcome<readonly FreeBusySpan[]>>;
  readonly asked: ReturnType<typeof scriptedGraph>['asked'];
} {
  const { reader, asked } = scriptedGraph(script);
  return { outcome: reader.freeBusy(GRAPH_CREDENTIAL, { mode: 'free_busy', calendarIds, ...range }), asked };
}

function item(from: string, to: string, status = 'busy'): object {
  return { status, start: graphTime(from), end: graphTime(to), subject: 'Talk with jane@example.com', location: 'jane@', isPrivate: false };
}

function schedule(scheduleItems: readonly object[], changes: object = {}): Script {
  return () => Response.json({ value: [{ scheduleId: 'jane@example.com', availabilityView: '2', scheduleItems, ...changes }] });
}

function busy(from: string, to: string, status = 'busy', providerCalendarId = PRIMARY_ID): object {
  const at = (clock: string): number => Date.parse(`2026-11-16T${clock}:00Z`);
  return { providerCalendarId, status, time: { allDay: false, startMs: at(from), endMs: at(to) } };
}

describe('the availability of a work account', () => {
  it('is its schedule without what events are about, joined and cut to the range', async () => {
    const items = [item('08:00', '09:30'), item('09:30', '10:00'), item('12:00', '13:00', 'tentative'), item('16:00', '18:00', 'oof')];
    const { outcome } = ask({ [SCHEDULE]: schedule(items) });
    expect(await outcome).toEqual({
      outcome: 'ok',
      value: [busy('09:00', '10:00'), busy('12:00', '13:00', 'tentative'), busy('16:00', '17:00')],
    });
    expect(holdsNoSecret(await outcome)).toBe(true);
  });

  it('is asked for by its own address, in UTC, in one slot', async () => {
    const { outcome, asked } = ask({});
    expect(await outcome).toEqual({ outcome: 'ok', value: [] });
    expect(asked.map(({ method, url }) => [method, url.pathname])).toEqual([
      ['GET', PRIMARY],
      ['POST', SCHEDULE],
    ]);
    expect(asked[1]?.body).toEqual({
      schedules: ['jane@example.com'],
      startTime: { dateTime: '2026-11-16T09:00:00.000', timeZone: 'UTC' },
      endTime: { dateTime: '2026-11-16T17:00:00.000', timeZone: 'UTC' },
      availabilityViewInterval: 480,
    });
  });

  it('is asked for in parts of 62 days, and for no less than five minutes', async () => {
    const bounds = async (lengthMs: number): Promise<unknown[]> => {
      const { outcome, asked } = ask({}, { range: { fromMs: 0, toMs: lengthMs } });
      await outcome;
      return asked.slice(1).map(({ body }) => {
        const { startTime, endTime, availabilityViewInterval } = body as Record<string, { dateTime: string }>;
        return [startTime?.dateTime, endTime?.dateTime, availabilityViewInterval];
      });
    };
    expect(await bounds(63 * DAY_MS)).toEqual([
      ['1970-01-01T00:00:00.000', '1970-03-04T00:00:00.000', 1440],
      ['1970-03-04T00:00:00.000', '1970-03-05T00:00:00.000', 1440],
    ]);
    expect(await bounds(1_000)).toEqual([['1970-01-01T00:00:00.000', '1970-01-01T00:05:00.000', 5]]);
  });

  it.each([
    ['free', 'free'],
    ['tentative', 'tentative'],
    ['busy', 'busy'],
    ['oof', 'busy'],
    ['workingElsewhere', 'free'],
    ['unknown', 'unknown'],
    ['something new', 'unknown'],
    ['toString', 'unknown'],
    [undefined, 'unknown'],
  ])('reads %s as %s', async (status, expected) => {
    const { outcome } = ask({ [SCHEDULE]: schedule([{ status, start: graphTime('10:00'), end: graphTime('11:00') }]) });
    expect(await outcome).toEqual({ outcome: 'ok', value: [busy('10:00', '11:00', expected)] });
  });

  it.each([
    ['of more than a thousand entries', schedule([], { error: { responseCode: '5006', message: 'too many calendar entries' } })],
    ['that is an error', schedule([], { error: { responseCode: '5009', message: 'Unable to resolve jane@example.com' } })],
    ['without items', schedule([], { scheduleItems: undefined })],
    ['of slots alone', schedule([])],
    ['of nobody', () => Response.json({ value: [] })],
    ['in another zone than was asked for', schedule([{ ...item('10:00', '11:00'), start: graphTime('10:00', 'Pacific Standard Time') }])],
    ['with a time that is none', schedule([{ ...item('10:00', '11:00'), end: { dateTime: 'noon', timeZone: 'UTC' } }])],
    ['that is refused', () => graphError(403, 'ErrorAccessDenied')],
    ['that personal accounts do not have', () => graphError(404, 'MailboxNotEnabledForRESTAPI')],
  ])('is not taken from a schedule %s, but from the times of the events', async (_what, answer) => {
    const { outcome, asked } = ask({ [SCHEDULE]: answer, [VIEW]: () => Response.json({ value: [graphEvent()] }) });
    expect(await outcome).toEqual({ outcome: 'ok', value: [busy('10:00', '11:00')] });
    expect(asked[2]?.url.searchParams.get('$select')).toBe('start,end,isAllDay,isCancelled,showAs');
  });

  it('is no shorter where only the second part can be had', async () => {
    let asked = 0;
    const { outcome } = ask(
      {
        [SCHEDULE]: () => ((asked += 1) === 1 ? Response.json({ value: [{ scheduleItems: [] }] }) : graphError(404, 'ErrorItemNotFound')),
        [VIEW]: () => Response.json({ value: [graphEvent()] }),
      },
      { range: { fromMs: RANGE.fromMs, toMs: RANGE.fromMs + 100 * DAY_MS } },
    );
    expect(await outcome).toEqual({ outcome: 'ok', value: [busy('10:00', '11:00')] });
  });

  it.each([
    ['a busy schedule', { [SCHEDULE]: () => graphError(429, 'ApplicationThrottled', { 'retry-after': '3' }) }, 'unavailable'],
    ['a token that ended on the way', { [SCHEDULE]: () => graphError(401, 'InvalidAuthenticationToken') }, 'unauthorized'],
    ['a page of somebody else’s', { [SCHEDULE]: () => new Response('<html>') }, 'unavailable'],
  ])('is an error with %s', async (_what, script, expected) => {
    const { outcome, asked } = ask(script);
    expect(await outcome).toMatchObject({ outcome: expected });
    expect(asked).toHaveLength(2);
  });
});

describe('the availability of other calendars', () => {
  const other = { calendarIds: [OTHER_ID] };
  const answered = (...value: readonly object[]): Record<string, Script> => ({ [viewOf(OTHER_ID)]: () => Response.json({ value }) });

  it('is read from all pages of their events, without the cancelled', async () => {
    const pages = [[graphEvent()], [], [graphEvent({ start: graphTime('13:00'), end: graphTime('14:00'), isCancelled: true })]];
    const { outcome, asked } = ask({ [viewOf(OTHER_ID)]: pagesOf(3, (page) => pages[page] ?? []) }, other);
    expect(await outcome).toEqual({ outcome: 'ok', value: [busy('10:00', '11:00', 'busy', OTHER_ID)] });
    expect(asked[1]?.headers.get('prefer')).toContain('odata.maxpagesize=1000');
    expect([asked[1]?.url.searchParams.get('startDateTime'), asked[1]?.url.searchParams.get('endDateTime')]).toEqual([
      '2026-11-16T09:00:00.000Z',
      '2026-11-16T17:00:00.000Z',
    ]);
  });

  it('tells whole days as days', async () => {
    const midnight = (day: string): object => ({ dateTime: `2026-11-${day}T00:00:00.0000000`, timeZone: 'UTC' });
    const { outcome } = ask(answered(graphEvent({ isAllDay: true, start: midnight('16'), end: midnight('18'), showAs: 'oof' })), other);
    expect(await outcome).toEqual({
      outcome: 'ok',
      value: [{ providerCalendarId: OTHER_ID, status: 'busy', time: { allDay: true, startDate: '2026-11-16', endDate: '2026-11-18' } }],
    });
  });

  it.each([
    ['an event without a time', { end: undefined }],
    ['an event that ends before it starts', { end: graphTime('09:00') }],
    ['the clock of another zone', { start: graphTime('10:00', 'W. Europe Standard Time') }],
    ['a day that does not exist', { isAllDay: true, start: { dateTime: '2026-13-41T00:00:00', timeZone: 'UTC' } }],
  ])('is an error with %s', async (_what, changes) => {
    const { outcome } = ask(answered(graphEvent(), graphEvent(changes)), other);
    expect(await outcome).toMatchObject({ outcome: 'unavailable', operatorHint: expect.stringContaining('could not be read') });
  });

  it.each([
    ['not there', 404, 'ErrorItemNotFound', 'not_found'],
    ['named by an id that is none', 400, 'ErrorInvalidIdMalformed', 'not_found'],
    ['somebody else’s and closed', 403, 'ErrorAccessDenied', 'denied'],
  ])('is an error as a whole where one is %s', async (_what, status, code, expected) => {
    const { outcome } = ask({ [viewOf(OTHER_ID)]: () => graphError(status, code) }, { calendarIds: [PRIMARY_ID, OTHER_ID] });
    expect(await outcome).toMatchObject({ outcome: expected, operatorHint: expect.stringContaining(code) });
  });
});
