import { z } from 'zod';
import { calendarId } from '../accounts/calendar-list.ts';
import type { Backend } from '../backend.ts';
import type { AuthorizedAccount } from '../storage/questions/authorized-account.ts';
import type { SealContext } from '../vault/vault.ts';
import { VaultError } from '../vault/vault-error.ts';
import { type AccountCalendar, calendarsOf } from './account-calendars.ts';
import type { Availability, AvailabilitySpan } from './availability.ts';
import { CalendarRefusal, invalidField } from './calendar-refusal.ts';
import { rangeOf, rangeOfDays } from './local-time.ts';

/** Spans on one page. */
const PAGE_SIZE = 250;

/** What a partner asks of somebody's availability. */
export interface FreeBusyRequest {
  /** IANA. */
  readonly tzid: string;
  /** The days, `to` excluded. */
  readonly from: string;
  readonly to: string;
  /** As partners know them; absent: all. */
  readonly calendarIds?: readonly string[] | undefined;
  readonly includeManaged: boolean;
  /** Whether to tell of what takes no time, too. */
  readonly includeFree: boolean;
  /** Whether times are told by the clocks of `tzid`. */
  readonly localizedTimes: boolean;
}

/** One page of an answer. */
export interface FreeBusyPage {
  readonly request: FreeBusyRequest;
  readonly spans: readonly AvailabilitySpan[];
  /** From 1. */
  readonly current: number;
  readonly total: number;
  /** Names the next page; absent on the last. */
  readonly next: string | undefined;
}

/** The last span of a page: the next page begins after it, wherever it is in the answer then. */
type Place = readonly [fromMs: number, calendarId: string, toMs: number, status: string];

interface PageOf {
  readonly request: FreeBusyRequest;
  readonly number: number;
  readonly after: Place | undefined;
}

type Deps = Pick<Backend, 'vault' | 'log'> & { readonly availability: Availability };

/** Tells the first page. @throws CalendarRefusal where a calendar is none of the account's */
export function firstPage(deps: Deps, account: AuthorizedAccount, request: FreeBusyRequest): Promise<FreeBusyPage> {
  return tell(deps, account, { request, number: 1, after: undefined });
}

/** Tells the page of this name. Nothing is kept between pages: all that makes one is in its name, sealed for the account. @throws CalendarRefusal */
export function nextPage(deps: Deps, account: AuthorizedAccount, name: string): Promise<FreeBusyPage> {
  return tell(deps, account, openPage(deps, account, name));
}

async function tell(deps: Deps, account: AuthorizedAccount, { request, number, after }: PageOf): Promise<FreeBusyPage> {
  const { from, to, tzid: timeZone, includeManaged } = request;
  const calendars = calendarsAsked(deps, account, request);
  const spans = await deps.availability.ask({ account, calendars, from, to, timeZone, includeManaged });
  const placed = [...spans, ...unlisted(account, calendars, request)]
    .filter(({ status }) => request.includeFree || status !== 'free')
    .map((span) => ({ span, place: placeOf(span, timeZone) }))
    .toSorted((a, b) => compare(a.place, b.place));
  const left = after === undefined ? placed : placed.filter(({ place }) => compare(place, after) > 0);
  const page = left.slice(0, PAGE_SIZE);
  const last = left.length > PAGE_SIZE ? page.at(-1)?.place : undefined;
  return {
    request,
    spans: page.map(({ span }) => span),
    current: number,
    total: number - 1 + Math.max(1, Math.ceil(left.length / PAGE_SIZE)),
    next: last && sealPage(deps, account, { request, number: number + 1, after: last }),
  };
}

function calendarsAsked(deps: Deps, account: AuthorizedAccount, { calendarIds }: FreeBusyRequest) {
  const calendars = calendarsOf(deps, account);
  if (calendarIds === undefined) return calendars;
  const unknown = calendarIds.some((id) => !calendars.some(({ calendarId }) => calendarId === id));
  if (unknown) throw invalidField('calendar_ids', 'invalid_calendar_ids', 'calendar_ids: expected ids from /v1/calendars of this account');
  return calendars.filter(({ calendarId }) => calendarIds.includes(calendarId));
}

/** A login whose calendars nobody could list yet has none that could be asked for, and is not free for it. */
function unlisted(
  account: AuthorizedAccount,
  calendars: readonly AccountCalendar[],
  request: FreeBusyRequest,
): readonly AvailabilitySpan[] {
  if (request.calendarIds !== undefined) return [];
  const { fromMs, toMs } = rangeOfDays(request, request.tzid);
  return account.profiles
    .filter(({ id, kind }) => kind === 'calendar' && calendars.every(({ profile }) => profile.id !== id))
    .map(({ id }) => ({ calendarId: calendarId(id, ''), status: 'unknown', time: { allDay: false, startMs: fromMs, endMs: toMs } }));
}

function placeOf({ calendarId, status, time }: AvailabilitySpan, timeZone: string): Place {
  const { fromMs, toMs } = rangeOf(time, timeZone);
  return [fromMs, calendarId, toMs, status];
}

function compare(a: Place, b: Place): number {
  for (const [index, value] of a.entries()) {
    const other = b[index];
    if (other !== undefined && value !== other) return value < other ? -1 : 1;
  }
  return 0;
}

function pagePlace({ accountId, applicationId }: AuthorizedAccount): SealContext {
  return { purpose: 'free_busy.page/1', rowId: accountId, applicationId };
}

function sealPage({ vault }: Deps, account: AuthorizedAccount, page: PageOf): string {
  return vault.seal(account.dataKey, pagePlace(account), JSON.stringify(page));
}

const PAGE: z.ZodType<PageOf> = z.object({
  request: z.object({
    tzid: z.string(),
    from: z.string(),
    to: z.string(),
    calendarIds: z.array(z.string()).optional(),
    includeManaged: z.boolean(),
    includeFree: z.boolean(),
    localizedTimes: z.boolean(),
  }),
  number: z.number(),
  after: z.tuple([z.number(), z.string(), z.number(), z.string()]),
});

function openPage({ vault }: Deps, account: AuthorizedAccount, name: string): PageOf {
  try {
    // Sealed by an older version it may have another shape; by nobody else.
    const { data } = PAGE.safeParse(JSON.parse(vault.open(account.dataKey, pagePlace(account), name)));
    if (data !== undefined) return data;
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
  }
  throw new CalendarRefusal({ reason: 'not_found' });
}
