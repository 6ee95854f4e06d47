import type { Context } from 'hono';
import type { GoogleParts } from '../parts.ts';
import type { StoredConference } from '../world/conferences.ts';
import type { EventFields, StoredEvent } from '../world/events.ts';
import type { EventToPut, World } from '../world/world.ts';
import { ApiError, invalid, notFound } from './api-error.ts';
import { pathParameter, roleIncludes, seenCalendar, type CalendarEnv, type SeenCalendar } from './caller.ts';
import { changeConference } from './conference-body.ts';
import { isJsonObject, parseEventFields, parseEventId, type JsonObject } from './event-body.ts';
import { eventEtag, isShown, viewEvent } from './event-view.ts';
import { findEvent } from './find-events.ts';

const EVENTS_PER_CALENDAR = 50_000;

/** What handlers of single events use. */
export type EventDeps = Pick<GoogleParts, 'world' | 'switches'>;

/** `GET /calendar/v3/calendars/:calendarId/events/:eventId`; deleted events too, as `cancelled`. */
export function getEvent({ world }: EventDeps): (c: Context<CalendarEnv>) => Response {
  return function answerEvent(c) {
    const seen = seenCalendar(pathParameter(c, 'calendarId'), c.get('caller'), world);
    const event = findEvent(seen.calendar, pathParameter(c, 'eventId'), world);
    if (event === undefined || !isShown(event, seen)) throw notFound();
    return answerWith(c, event, { seen, world });
  };
}

/** `POST /calendar/v3/calendars/:calendarId/events`. @see {@link https://developers.google.com/workspace/calendar/api/v3/reference/events/insert} */
export function insertEvent(deps: EventDeps): (c: Context<CalendarEnv>) => Promise<Response> {
  const { world } = deps;
  return async function takeEvent(c) {
    const seen = writableCalendar(c, deps);
    const body = await readObject(c);
    const id = parseEventId(body['id']);
    // The id of a deleted event stays taken.
    if (id !== undefined && seen.calendar.events.has(id))
      throw new ApiError(409, { reason: 'duplicate', message: 'The requested identifier already exists.' });
    if (seen.calendar.events.size >= EVENTS_PER_CALENDAR) {
      throw new ApiError(403, { reason: 'quotaExceeded', domain: 'usageLimits', message: 'Calendar usage limits exceeded.' });
    }
    const fields = parseEventFields(body, { timeZone: seen.calendar.timeZone, zones: world.zones });
    const creatorEmail = c.get('caller').user.email;
    const conference = changeConference(c, { body, calendar: seen.calendar, stored: undefined, absentMeans: 'goes' }, deps);
    const event = world.putEvent(seen.calendar, { ...(id === undefined ? {} : { id }), fields, creatorEmail, conference });
    return answerWith(c, event, { seen, world });
  };
}

/** `PUT` (`update`) replaces an event, `PATCH` (`patch`) lays fields over it; `null` clears one. Both heed `If-Match`. */
export function changeEvent(how: 'update' | 'patch', deps: EventDeps): (c: Context<CalendarEnv>) => Promise<Response> {
  const { world } = deps;
  return async function takeChange(c) {
    const seen = writableCalendar(c, deps);
    const event = existingEvent(c, seen, deps);
    checkIfMatch(c, event);
    const body = await readObject(c);
    const merged = how === 'patch' ? mergePatch({ ...event.fields }, body) : body;
    const fields = parseEventFields(merged, { timeZone: seen.calendar.timeZone, zones: world.zones });
    const absentMeans = how === 'patch' ? 'stays' : 'goes';
    const conference = changeConference(c, { body, calendar: seen.calendar, stored: event.conference, absentMeans }, deps);
    return answerWith(c, world.putEvent(seen.calendar, changed(event, fields, conference)), { seen, world });
  };
}

/** `DELETE /calendar/v3/calendars/:calendarId/events/:eventId`. The event stays, as `cancelled`. */
export function deleteEvent(deps: EventDeps): (c: Context<CalendarEnv>) => Response {
  return function takeDeletion(c) {
    const seen = writableCalendar(c, deps);
    const event = existingEvent(c, seen, deps);
    if (event.fields.status === 'cancelled') throw new ApiError(410, { reason: 'deleted', message: 'Resource has been deleted' });
    checkIfMatch(c, event);
    deps.world.putEvent(seen.calendar, changed(event, { ...event.fields, status: 'cancelled' }, event.conference));
    return c.body(null, 204);
  };
}

function changed(event: StoredEvent, fields: EventFields, conference: StoredConference | undefined): EventToPut {
  const { creatorEmail, instanceOf } = event;
  return { fields, creatorEmail, previous: event, conference, ...(instanceOf === undefined ? {} : { instanceOf }) };
}

/** A patch replaces lists, and `start` and `end`, as a whole: so a timed event can become all-day. Properties are merged one by one. */
function mergePatch(stored: JsonObject, patch: JsonObject): JsonObject {
  const merged = { ...stored, ...patch };
  const properties = patch['extendedProperties'];
  return isJsonObject(properties) ? { ...merged, extendedProperties: mergeProperties(stored['extendedProperties'], properties) } : merged;
}

function mergeProperties(stored: unknown, patch: JsonObject): JsonObject {
  const before = isJsonObject(stored) ? stored : {};
  const kinds = Object.entries(patch).map(([kind, values]) => {
    const merged: JsonObject = { ...(isJsonObject(before[kind]) ? before[kind] : {}), ...(isJsonObject(values) ? values : {}) };
    return [kind, Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null))] as const;
  });
  return { ...before, ...Object.fromEntries<unknown>(kinds) };
}

function writableCalendar(c: Context<CalendarEnv>, { world }: Pick<EventDeps, 'world'>): SeenCalendar {
  const seen = seenCalendar(pathParameter(c, 'calendarId'), c.get('caller'), world);
  if (roleIncludes(seen.role, 'writerWithoutPrivateAccess')) return seen;
  throw new ApiError(403, {
    reason: 'requiredAccessLevel',
    domain: 'calendar',
    message: 'You need to have writer access to this calendar.',
  });
}

function existingEvent(c: Context<CalendarEnv>, seen: SeenCalendar, { world }: Pick<EventDeps, 'world'>): StoredEvent {
  const event = findEvent(seen.calendar, pathParameter(c, 'eventId'), world);
  if (event === undefined) throw notFound();
  return event;
}

function checkIfMatch(c: Context<CalendarEnv>, event: StoredEvent): void {
  const wanted = c.req.header('If-Match');
  if (wanted === undefined || wanted === '*' || wanted === eventEtag(event)) return;
  throw new ApiError(412, { reason: 'conditionNotMet', message: 'Precondition Failed', location: 'If-Match', locationType: 'header' });
}

function answerWith(c: Context<CalendarEnv>, event: StoredEvent, { seen, world }: { seen: SeenCalendar; world: World }): Response {
  c.header('ETag', eventEtag(event));
  const timeZone = c.req.query('timeZone') ?? seen.calendar.timeZone;
  if (!world.zones.has(timeZone)) throw invalid('timeZone', 'Invalid time zone definition.');
  return c.json(viewEvent(event, { user: c.get('caller').user, seen, timeZone, zones: world.zones, nowMs: world.now() }));
}

async function readObject(c: Context<CalendarEnv>): Promise<JsonObject> {
  const body: unknown = await c.req.json().catch(() => undefined);
  if (isJsonObject(body)) return body;
  throw new ApiError(400, { reason: 'parseError', message: 'Parse Error' });
}
