import { describe, expect, it } from 'vitest';
import { NO_ANSWERS } from '../no-answers.contract.ts';
import type { CalendarAccessOutcome, FreeBusyQuery, FreeBusySpan } from '../calendar-reader.ts';
import { GOOGLE_CREDENTIAL, RANGE } from './calendar-credential.contract.ts';
import { holdsNoSecret, type Script, scriptedGoogle } from './scripted-google.contract.ts';

const PATH = '/calendar/v3/freeBusy';
const DAY_MS = 86_400_000;

interface Query {
  readonly timeMin: string;
  readonly timeMax: string;
  readonly items: readonly { readonly id: string }[];
}

/** Asks with the queries that Google got. */
async function ask(
  answer: (query: Query) => Response | Promise<Response>,
  query: Partial<FreeBusyQuery> = {},
): Promise<{ readonly outcome: CalendarAccessOutcome<readonly FreeBusySpan[]>; readonly queries: readonly Query[] }> {
  const queries: Query[] = [];
  const script: Script = async (request) => {
    queries.push((await request.json()) as Query);
    return answer(queries.at(-1) as Query);
  };
  const { provider, asked } = scriptedGoogle({ [PATH]: script });
  const outcome = await (await provider.calendar()).freeBusy(GOOGLE_CREDENTIAL, { mode: 'full', ...RANGE, ...query });
  expect(asked.every(({ headers }) => headers.get('authorization') === `Bearer ${GOOGLE_CREDENTIAL.accessToken}`)).toBe(true);
  return { outcome, queries };
}

/** The same answer for every calendar that is asked for. */
function each(calendar: object): (query: Query) => Response {
  return ({ items }) => Response.json({ kind: 'calendar#freeBusy', calendars: Object.fromEntries(items.map(({ id }) => [id, calendar])) });
}

function span(start: string, end: string): object {
  return { start: `2026-11-16T${start}:00Z`, end: `2026-11-16T${end}:00Z` };
}

describe('the availability of a google login', () => {
  it('is the primary calendar’s, busy where Google says so, in any offset', async () => {
    const zoned = { start: '2026-11-16T14:00:00+02:00', end: '2026-11-16T13:30:00.500+01:00' };
    const { outcome, queries } = await ask(each({ busy: [span('10:00', '11:00'), span('11:00', '11:30'), zoned] }));
    const busy = (startMs: number, endMs: number) => ({
      providerCalendarId: 'primary',
      status: 'busy',
      time: { allDay: false, startMs, endMs },
    });
    const at = (clock: string): number => Date.parse(`2026-11-16T${clock}Z`);
    expect(outcome).toEqual({
      outcome: 'ok',
      value: [busy(at('10:00:00'), at('11:30:00')), busy(at('12:00:00'), at('12:30:00.500'))],
    });
    expect(queries).toEqual([
      { timeMin: '2026-11-16T09:00:00.000Z', timeMax: '2026-11-16T17:00:00.000Z', calendarExpansionMax: 50, items: [{ id: 'primary' }] },
    ]);
  });

  it('is asked for in parts of sixty days, of fifty calendars', async () => {
    const calendarIds = Array.from({ length: 51 }, (_, index) => `c${index}`);
    const { outcome, queries } = await ask(each({ busy: [] }), { calendarIds, fromMs: 0, toMs: 61 * DAY_MS });
    expect(outcome).toEqual({ outcome: 'ok', value: [] });
    expect(queries.map(({ timeMin, timeMax, items }) => [timeMin.slice(0, 10), timeMax.slice(0, 10), items.length])).toEqual([
      ['1970-01-01', '1970-03-02', 50],
      ['1970-03-02', '1970-03-03', 50],
      ['1970-01-01', '1970-03-02', 1],
      ['1970-03-02', '1970-03-03', 1],
    ]);
  });

  it('joins what the parts cut in two', async () => {
    const { outcome } = await ask(
      ({ timeMin, timeMax }) => each({ busy: [{ start: timeMin, end: timeMax }] })({ timeMin, timeMax, items: [{ id: 'a' }] }),
      {
        calendarIds: ['a'],
        fromMs: 0,
        toMs: 100 * DAY_MS,
      },
    );
    expect(outcome).toMatchObject({ value: [{ time: { startMs: 0, endMs: 100 * DAY_MS } }] });
  });

  it.each([
    ['not to be seen', { errors: [{ domain: 'global', reason: 'notFound' }], busy: [] }, 'not_found'],
    ['out of order', { errors: [{ domain: 'global', reason: 'internalError' }], busy: [] }, 'unavailable'],
    ['one too many', { errors: [{ domain: 'calendar', reason: 'tooManyCalendarsRequested' }] }, 'unavailable'],
    ['without busy times', {}, 'unavailable'],
    ['busy at no time', { busy: [{ start: 'noon', end: 'one' }] }, 'unavailable'],
    ['busy at a time without an offset', { busy: [{ start: '2026-11-16T10:00:00', end: '2026-11-16T11:00:00' }] }, 'unavailable'],
  ])('is an error as a whole where one calendar is %s', async (_what, second, expected) => {
    const calendars = { a: { busy: [span('10:00', '11:00')] }, b: second };
    const { outcome } = await ask(() => Response.json({ calendars }), { calendarIds: ['a', 'b'] });
    expect(outcome).toMatchObject({ outcome: expected });
  });

  it('is an error where a calendar is missing, whatever it is called', async () => {
    const { outcome } = await ask(() => Response.json({ calendars: { a: { busy: [] } } }), { calendarIds: ['a', 'constructor'] });
    expect(outcome).toMatchObject({ outcome: 'unavailable', operatorHint: expect.stringContaining('missing') });
  });

  it.each(Object.entries(NO_ANSWERS))('is unknown with %s', async (_name, answer) => {
    const { outcome, queries } = await ask(answer);
    expect(outcome).toMatchObject({ outcome: 'unavailable' });
    expect(queries).toHaveLength(1);
    expect(holdsNoSecret(outcome)).toBe(true);
  });
});
