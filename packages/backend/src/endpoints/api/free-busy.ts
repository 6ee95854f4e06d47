import type { Handler } from 'hono';
import type { CalendarRenewal } from '../../accounts/calendar-renewal.ts';
import type { Backend } from '../../backend.ts';
import type { Availability, AvailabilitySpan } from '../../calendars/availability.ts';
import { CalendarRefusal, type FieldError } from '../../calendars/calendar-refusal.ts';
import { type FreeBusyPage, type FreeBusyRequest, firstPage, nextPage } from '../../calendars/free-busy-pages.ts';
import { addDays, dateAt, isDate, isTimeZone, localTime, utcTime } from '../../calendars/local-time.ts';
import { answerPrivateJson } from '../json-answer.ts';
import { authorized } from './authorized.ts';
import { readBoolean, readList } from './query-values.ts';

/** How far around today is looked where nothing is said. */
const DEFAULT_DAYS = { back: 42, ahead: 201 };
/** Providers are asked on every call; longer answers would take longer than anybody waits for. */
const MAX_DAYS = 400;

type Deps = Pick<Backend, 'store' | 'vault' | 'log' | 'now' | 'publicUrl'> & {
  readonly availability: Availability;
  readonly calendarRenewal: CalendarRenewal;
};

/** `GET /v1/free_busy`: when a person is busy, over all of their logins. What a provider does not tell is `unknown`, never left out. */
export function freeBusy(deps: Deps): Handler {
  return authorized(deps, 'free_busy', async ({ c, account }) => {
    const request = parseRequest(new URL(c.req.url).searchParams, deps.now());
    // Who never asks for the calendars is to hear of a new one, too.
    deps.calendarRenewal.renewOld(account);
    return answerPage(deps, await firstPage(deps, account, request));
  });
}

/** `GET /v1/free_busy/pages/{page}`: what `pages.next_page` names. Other parameters, which one SDK adds, change nothing. */
export function freeBusyPage(deps: Deps): Handler {
  return authorized(deps, 'free_busy_page', async ({ c, account }) => {
    return answerPage(deps, await nextPage(deps, account, c.req.param('page') ?? ''));
  });
}

/** Reads the query; what is unknown in it is passed over. @throws CalendarRefusal naming every field that is wrong */
function parseRequest(query: URLSearchParams, nowMs: number): FreeBusyRequest {
  const errors: Record<string, FieldError[]> = {};
  const refuse = (field: string, key: string, expected: string): void => {
    (errors[field] ??= []).push({ key: `errors.${key}`, description: `${field} ${expected}` });
  };
  const tzid = query.get('tzid') ?? '';
  if (tzid === '') refuse('tzid', 'required', 'must be specified, such as Europe/Berlin');
  else if (!isTimeZone(tzid)) refuse('tzid', 'tzid_unrecognized', 'must be an IANA time zone, such as Europe/Berlin');
  const today = dateAt(nowMs, isTimeZone(tzid) ? tzid : 'UTC');
  const day = (field: string, otherwise: string): string => {
    const text = query.get(field) ?? '';
    if (text === '') return otherwise;
    if (isDate(text)) return text;
    refuse(field, 'invalid_date', 'must be a date, such as 2026-03-02');
    return otherwise;
  };
  const flag = (field: string): boolean => {
    const value = readBoolean(query.get(field) ?? '');
    if (value === undefined) refuse(field, 'must_be_boolean', 'must be true or false');
    return value ?? false;
  };
  const from = day('from', addDays(today, -DEFAULT_DAYS.back));
  const to = day('to', addDays(today, DEFAULT_DAYS.ahead));
  if (from >= to) refuse('to', 'invalid_time_pair', 'must be after from, and is itself excluded');
  else if (addDays(from, MAX_DAYS) < to) refuse('to', 'date_range_too_long', `must be at most ${MAX_DAYS} days after from`);
  const request: FreeBusyRequest = {
    tzid,
    from,
    to,
    calendarIds: readList(query, 'calendar_ids'),
    includeManaged: flag('include_managed'),
    includeFree: flag('include_free'),
    localizedTimes: flag('localized_times'),
  };
  // Nothing is deleted in what providers say now, and free times have no ids: accepted, and without effect.
  flag('include_ids');
  flag('include_deleted');
  if (Object.keys(errors).length > 0) throw new CalendarRefusal({ reason: 'invalid', errors });
  return request;
}

function answerPage({ publicUrl }: Deps, { request, spans, current, total, next }: FreeBusyPage): Response {
  return answerPrivateJson({
    pages: { current, total, ...(next !== undefined && { next_page: publicUrl.at(`/v1/free_busy/pages/${next}`) }) },
    free_busy: spans.map((span) => ({
      calendar_id: span.calendarId,
      ...timesOf(span, request),
      free_busy_status: span.status,
    })),
  });
}

function timesOf({ time }: AvailabilitySpan, { tzid, localizedTimes }: FreeBusyRequest) {
  const localized = (text: string) => (localizedTimes ? { time: text, tzid } : text);
  if (time.allDay) return { start: localized(time.startDate), end: localized(time.endDate) };
  const shown = (ms: number) => localized(localizedTimes ? localTime(ms, tzid) : utcTime(ms));
  return { start: shown(time.startMs), end: shown(time.endMs) };
}
