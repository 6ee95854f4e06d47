import { setTimeout as pause } from 'node:timers/promises';
import { reachOf } from '../oauth/endpoint-access.ts';
import { describeError } from '../log.ts';
import { mergeSpans } from '../providers/free-busy-spans.ts';
import type { FreeBusySpan, TimeRange, TimeSpan } from '../providers/calendar-reader.ts';
import type { ListedProfile } from '../storage/profile-row.ts';
import type { AccountCalendar } from './account-calendars.ts';
import type { ActingDeps } from './acting.ts';
import type { Availability, AvailabilityQuery, AvailabilitySpan } from './availability.ts';
import { rangeOf, rangeOfDays } from './local-time.ts';
import { type ManagedSpan, managedSpans } from './managed-spans.ts';
import { askFreeBusy } from './provider-spans.ts';

/** Longer than any provider takes that answers at all. */
const BUDGET_MS = 20_000;
/** Profiles that are asked at once for one answer. */
const AT_ONCE = 6;

/** What asking the providers needs. */
export interface LiveAvailabilityDeps extends ActingDeps {
  /** For all providers together; what is not known by then is `unknown`. Default 20,000. */
  readonly budgetMs?: number;
}

/** Availability as the providers tell it at this moment. */
export function createLiveAvailability(deps: LiveAvailabilityDeps): Availability {
  return {
    ask: async (query) => {
      const range = rangeOfDays(query, query.timeZone);
      const over = new AbortController();
      const late = pause(deps.budgetMs ?? BUDGET_MS, undefined, { signal: over.signal }).catch(() => undefined);
      const answers = await inParallel(byProfile(query.calendars), AT_ONCE, async (calendars) => {
        const unknown = calendars.map((calendar) => unknownSpan(calendar, range));
        const asked = askProfile(deps, { query, range, calendars }).catch((error: unknown) => {
          deps.log({ level: 'error', event: 'availability_failed', profile: calendars[0]?.profile.id, ...describeError(error) });
          return unknown;
        });
        return Promise.race([asked, late.then(() => unknown)]);
      });
      over.abort();
      const startOf = ({ time }: AvailabilitySpan): number => rangeOf(time, query.timeZone).fromMs;
      return answers
        .flat()
        .map((span) => ({ ...span, time: cutDays(span.time, query) }))
        .filter(({ time }) => isWithin(rangeOf(time, query.timeZone), range))
        .toSorted((a, b) => startOf(a) - startOf(b) || (a.calendarId < b.calendarId ? -1 : Number(a.calendarId > b.calendarId)));
    },
  };
}

function byProfile(calendars: readonly AccountCalendar[]): readonly (readonly AccountCalendar[])[] {
  return [...Map.groupBy(calendars, ({ profile }) => profile.id).values()];
}

/** Spans of time were cut before; whole days are cut here, where it is known in whose zone they are days. */
function cutDays(time: TimeSpan, { from, to }: AvailabilityQuery): TimeSpan {
  if (!time.allDay) return time;
  const [startDate, endDate] = [time.startDate < from ? from : time.startDate, time.endDate > to ? to : time.endDate];
  return startDate < endDate ? { allDay: true, startDate, endDate } : time;
}

function isWithin(span: TimeRange, range: TimeRange): boolean {
  return span.fromMs < range.toMs && span.toMs > range.fromMs;
}

function unknownSpan({ calendarId }: AccountCalendar, { fromMs, toMs }: TimeRange): AvailabilitySpan {
  return { calendarId, status: 'unknown', time: { allDay: false, startMs: fromMs, endMs: toMs } };
}

/** The calendars of one profile that are asked for. */
interface AskedProfile {
  readonly query: AvailabilityQuery;
  readonly range: TimeRange;
  readonly calendars: readonly AccountCalendar[];
}

async function askProfile(deps: ActingDeps, { query, range, calendars }: AskedProfile): Promise<readonly AvailabilitySpan[]> {
  const [first] = calendars;
  if (first === undefined) return [];
  const { profile } = first;
  const managed = await managedSpans(deps, { account: query.account, profile, range });
  const own = toOwn(calendars, managed);
  if (reachOf('free_busy', profile.accessMode) === 'own_events') {
    // Nothing else is known of this person: without what the application wrote, all of their time would read as free.
    return isConnected(profile) ? named(calendars, mergeSpans(own, range)) : calendars.map((calendar) => unknownSpan(calendar, range));
  }
  const { spans, unknown } = await askFreeBusy(deps, {
    account: query.account,
    calendars,
    range,
    without: query.includeManaged ? [] : managed,
  });
  const known = calendars.filter((calendar) => !unknown.includes(calendar));
  const told = mergeSpans(query.includeManaged ? [...spans, ...own] : spans, range);
  return [...named(known, told), ...unknown.map((calendar) => unknownSpan(calendar, range))];
}

function isConnected({ status }: ListedProfile): boolean {
  return status === 'connected';
}

function toOwn(calendars: readonly AccountCalendar[], managed: readonly ManagedSpan[]): readonly FreeBusySpan[] {
  return calendars.flatMap(({ calendarId, calendar: { providerCalendarId } }) =>
    managed
      .filter((each) => each.calendarId === calendarId)
      .map(({ status, time }): FreeBusySpan => ({ providerCalendarId, status, time })),
  );
}

function named(calendars: readonly AccountCalendar[], spans: readonly FreeBusySpan[]): readonly AvailabilitySpan[] {
  const ids = new Map(calendars.map(({ calendar, calendarId }) => [calendar.providerCalendarId, calendarId]));
  return spans.flatMap(({ providerCalendarId, status, time }) => {
    const calendarId = ids.get(providerCalendarId);
    return calendarId === undefined ? [] : [{ calendarId, status, time }];
  });
}

/** Does things side by side, so many at once, and answers in their order. */
async function inParallel<T, R>(things: readonly T[], atOnce: number, work: (thing: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  const left = things.entries();
  const worker = async (): Promise<void> => {
    for (const [index, thing] of left) results[index] = await work(thing);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, things.length) }, worker));
  return results;
}
