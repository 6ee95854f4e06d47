import type { Context } from 'hono';
import type { GoogleParts } from '../parts.ts';
import { ACCESS_ROLES, type AccessRole, type GoogleCalendar, type GoogleUser } from '../world/world.ts';
import { invalid, notFound } from './api-error.ts';
import { pathParameter, roleIncludes, roleIn, seenCalendar, type CalendarEnv } from './caller.ts';
import { allowedSolutions } from './conference-body.ts';
import { etagOf } from './etag.ts';
import { flag, maxResults, slicePage } from './query-parameters.ts';

/** What handlers of calendars use. */
export type CalendarListDeps = Pick<GoogleParts, 'world' | 'switches'>;

const PAGE_SIZE = { usual: 100, most: 250 };

/** `GET /calendar/v3/users/me/calendarList`. @see {@link https://developers.google.com/workspace/calendar/api/v3/reference/calendarList/list} */
export function listCalendarList(deps: CalendarListDeps): (c: Context<CalendarEnv>) => Response {
  const { world } = deps;
  return function answerCalendarList(c) {
    const { user } = c.get('caller');
    const least = leastRole(c.req.query('minAccessRole'));
    const showHidden = flag(c.req.query('showHidden'));
    const entries = user.calendarIds.flatMap((id) => {
      const calendar = world.calendar(id);
      const role = calendar === undefined ? undefined : roleIn(calendar, user);
      if (calendar === undefined || role === undefined || !roleIncludes(role, least)) return [];
      return calendar.hidden && !showHidden ? [] : [toEntry({ calendar, role, user }, deps)];
    });
    const page = slicePage(entries, c.req.query('pageToken'), maxResults(c.req.query('maxResults'), PAGE_SIZE));
    return c.json({
      kind: 'calendar#calendarList',
      etag: etagOf(entries),
      ...(page.nextPageToken === undefined ? {} : { nextPageToken: page.nextPageToken }),
      items: page.items,
    });
  };
}

/** `GET /calendar/v3/users/me/calendarList/:calendarId`. */
export function getCalendarListEntry(deps: CalendarListDeps): (c: Context<CalendarEnv>) => Response {
  return function answerCalendarListEntry(c) {
    const caller = c.get('caller');
    const { calendar, role } = seenCalendar(pathParameter(c, 'calendarId'), caller, deps.world);
    if (!caller.user.calendarIds.includes(calendar.id)) throw notFound();
    return c.json(toEntry({ calendar, role, user: caller.user }, deps));
  };
}

/** `GET /calendar/v3/calendars/:calendarId`. @see {@link https://developers.google.com/workspace/calendar/api/v3/reference/calendars} */
export function getCalendar(deps: CalendarListDeps): (c: Context<CalendarEnv>) => Response {
  return function answerCalendar(c) {
    const caller = c.get('caller');
    const { calendar } = seenCalendar(pathParameter(c, 'calendarId'), caller, deps.world);
    const { id, summary, timeZone } = calendar;
    const facts = { kind: 'calendar#calendar', id, summary, timeZone, conferenceProperties: conferencesOf(calendar, caller.user, deps) };
    return c.json({ ...facts, etag: etagOf(facts) });
  };
}

/** `GET /calendar/v3/users/me/settings/:setting`: `timezone` and `locale`. */
export function getSetting(): (c: Context<CalendarEnv>) => Response {
  return function answerSetting(c) {
    const { user } = c.get('caller');
    const id = pathParameter(c, 'setting');
    const value = new Map([
      ['timezone', user.timeZone],
      ['locale', user.locale],
    ]).get(id);
    if (value === undefined) throw notFound();
    return c.json({ kind: 'calendar#setting', etag: etagOf(value), id, value });
  };
}

function conferencesOf(calendar: GoogleCalendar, { email }: GoogleUser, deps: CalendarListDeps): object {
  return { allowedConferenceSolutionTypes: allowedSolutions(calendar, email, deps) };
}

interface ListedCalendar {
  readonly calendar: GoogleCalendar;
  readonly role: AccessRole;
  readonly user: GoogleUser;
}

function toEntry({ calendar, role: accessRole, user }: ListedCalendar, deps: CalendarListDeps): object {
  const primary = calendar.id === user.email;
  const { id, summary, timeZone } = calendar;
  const entry = {
    kind: 'calendar#calendarListEntry',
    id,
    summary,
    timeZone,
    colorId: primary ? '14' : '7',
    backgroundColor: primary ? '#9fe1e7' : '#42d692',
    foregroundColor: '#000000',
    ...(calendar.hidden ? { hidden: true } : { selected: true }),
    accessRole,
    defaultReminders: primary ? [{ method: 'popup', minutes: 10 }] : [],
    ...(primary ? { primary: true } : {}),
    conferenceProperties: conferencesOf(calendar, user, deps),
  };
  return { ...entry, etag: etagOf(entry) };
}

function leastRole(text: string | undefined): AccessRole {
  if (text === undefined) return 'freeBusyReader';
  const role = ACCESS_ROLES.find((known) => known === text);
  if (role === undefined) throw invalid('minAccessRole', 'Invalid value for minAccessRole.');
  return role;
}
