import type { Context } from 'hono';
import { parseRfc3339 } from '../../time-zones.ts';
import type { MicrosoftCalendar } from '../mailbox/mailboxes.ts';
import { ianaZone } from '../mailbox/zone-names.ts';
import type { MicrosoftParts } from '../parts.ts';
import { isBasic, type GraphEnv } from './caller.ts';
import { seenCalendar } from './calendars.ts';
import { viewEvent, type Onlooker } from './event-view.ts';
import { badRequest, unknownZone } from './graph-error.ts';
import { answerPage, preference } from './odata.ts';

/** What looking at events uses. */
export type EventViewDeps = Pick<MicrosoftParts, 'mailboxes' | 'serverUrl' | 'zones'>;

/**
 * `GET /v1.0/me/calendarView`, also under `/me/calendar` and `/me/calendars/:calendarId`: series are unfolded.
 * @see {@link https://learn.microsoft.com/graph/api/calendar-list-calendarview}
 */
export function listCalendarView(deps: EventViewDeps): (c: Context<GraphEnv>) => Response {
  return function answerCalendarView(c) {
    const span = { fromMs: boundOf(c, 'startDateTime'), toMs: boundOf(c, 'endDateTime') };
    if (span.toMs <= span.fromMs)
      throw badRequest('The end date must be after the start date.', 'ErrorCalendarEndDateIsEarlierThanStartDate');
    const calendar = seenCalendar(c, deps);
    const onlooker = onlookerOf(c, calendar, deps);
    const items = deps.mailboxes.view(calendar, span).map((event) => viewEvent(event, onlooker));
    return answerPage(c, { items, context: "users('me')/calendarView", serverUrl: deps.serverUrl });
  };
}

/** `GET /v1.0/me/events`, also under `/me/calendar` and `/me/calendars/:calendarId`: series stay folded. */
export function listEvents(deps: EventViewDeps): (c: Context<GraphEnv>) => Response {
  return function answerEvents(c) {
    const calendar = seenCalendar(c, deps);
    const onlooker = onlookerOf(c, calendar, deps);
    const events = [...calendar.events.values()];
    return answerPage(c, {
      items: events.map((event) => viewEvent(event, onlooker)),
      context: "users('me')/events",
      serverUrl: deps.serverUrl,
    });
  };
}

/** Returns how this caller sees events of a calendar. Times are in the zone of `Prefer: outlook.timezone`, else UTC. */
export function onlookerOf(c: Context<GraphEnv>, calendar: MicrosoftCalendar, { zones }: Pick<MicrosoftParts, 'zones'>): Onlooker {
  const timeZone = preference(c, 'outlook.timezone') ?? 'UTC';
  if (ianaZone(timeZone, zones) === undefined) throw unknownZone(timeZone);
  const caller = c.get('caller');
  const preferred = preference(c, 'outlook.body-content-type');
  const bodyType = preferred === 'text' || preferred === 'html' ? preferred : undefined;
  return { calendar, email: caller.principal.user.email, timeZone, isBasic: isBasic(caller), bodyType, zones };
}

/** An offset in the value counts; without one it is UTC, whatever `Prefer` says. */
function boundOf(c: Context, name: string): number {
  const text = c.req.query(name);
  if (text === undefined) {
    const message = "This request requires a time window specified by the query string parameters 'startDateTime' and 'endDateTime'.";
    throw badRequest(message, 'ErrorInvalidParameter');
  }
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00` : text;
  // A plus sign that was not escaped arrives as a space.
  const instant = parseRfc3339(day.replace(' ', '+')) ?? parseRfc3339(`${day}Z`);
  if (instant === undefined) throw badRequest(`The value '${text}' of parameter '${name}' is invalid.`, 'ErrorInvalidParameter');
  return instant;
}
