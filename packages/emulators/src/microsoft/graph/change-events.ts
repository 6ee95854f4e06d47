import type { Context } from 'hono';
import type { StoredEvent } from '../mailbox/events.ts';
import type { MicrosoftCalendar } from '../mailbox/mailboxes.ts';
import type { GraphEnv } from './caller.ts';
import { seenCalendar } from './calendars.ts';
import { onlookerOf, type EventViewDeps } from './calendar-view.ts';
import { isJsonObject, parseEventFields, type JsonObject } from './event-body.ts';
import { eventEtag, viewEvent } from './event-view.ts';
import { accessDenied, badRequest, GraphError, itemNotFound } from './graph-error.ts';
import { selectFields } from './odata.ts';

/** `GET /v1.0/me/events/:eventId`, also under `/me/calendars/:calendarId`. */
export function getEvent(deps: EventViewDeps): (c: Context<GraphEnv>) => Response {
  return function answerEvent(c) {
    const { calendar, event } = seenEvent(c, deps);
    return c.json(selectFields(viewEvent(event, onlookerOf(c, calendar, deps)), c.req.query('$select') ?? null));
  };
}

/**
 * `POST /v1.0/me/events`, also under `/me/calendar` and `/me/calendars/:calendarId`. A `transactionId` that was used gives the event it made.
 * @see {@link https://learn.microsoft.com/graph/api/calendar-post-events}
 */
export function createEvent(deps: EventViewDeps): (c: Context<GraphEnv>) => Promise<Response> {
  return async function takeEvent(c) {
    const calendar = seenCalendar(c, deps);
    if (!calendar.canEdit) throw accessDenied();
    const fields = parseEventFields(await readObject(c), deps.zones);
    const made = [...calendar.events.values()].find(
      (event) => fields.transactionId !== undefined && event.fields.transactionId === fields.transactionId,
    );
    const event = made ?? deps.mailboxes.putEvent(calendar, { fields });
    return c.json(viewEvent(event, onlookerOf(c, calendar, deps)), 201);
  };
}

/** `PATCH /v1.0/me/events/:eventId`: lays fields over the event. Heeds `If-Match`. */
export function updateEvent(deps: EventViewDeps): (c: Context<GraphEnv>) => Promise<Response> {
  return async function takeUpdate(c) {
    const { calendar, event } = seenEvent(c, deps);
    if (!calendar.canEdit) throw accessDenied();
    refuseOccurrence(event);
    checkMatches(c, event);
    const fields = parseEventFields({ ...event.fields, ...(await readObject(c)) }, deps.zones);
    const changed = deps.mailboxes.putEvent(calendar, { fields, previous: event });
    return c.json(viewEvent(changed, onlookerOf(c, calendar, deps)));
  };
}

/** `DELETE /v1.0/me/events/:eventId`. */
export function deleteEvent(deps: EventViewDeps): (c: Context<GraphEnv>) => Response {
  return function takeDeletion(c) {
    const { calendar, event } = seenEvent(c, deps);
    if (!calendar.canEdit) throw accessDenied();
    refuseOccurrence(event);
    checkMatches(c, event);
    deps.mailboxes.removeEvent(calendar, event);
    return c.body(null, 204);
  };
}

function seenEvent(c: Context<GraphEnv>, deps: EventViewDeps): { calendar: MicrosoftCalendar; event: StoredEvent } {
  const found = deps.mailboxes.findEvent(c.get('caller').principal.user.email, c.req.param('eventId') ?? '');
  const calendarId = c.req.param('calendarId');
  if (found === undefined || (calendarId !== undefined && found.calendar.id !== calendarId)) throw itemNotFound();
  return found;
}

function refuseOccurrence(event: StoredEvent): void {
  if (event.seriesMasterId === undefined) return;
  throw new GraphError(400, 'ErrorInvalidRequest', 'The Microsoft emulator cannot change one occurrence of a series.');
}

function checkMatches(c: Context, event: StoredEvent): void {
  const wanted = c.req.header('If-Match');
  if (wanted === undefined || wanted === '*' || wanted === eventEtag(event)) return;
  throw new GraphError(
    412,
    'ErrorIrresolvableConflict',
    'The send or update operation could not be performed because the change key passed in the request does not match the current change key for the item.',
  );
}

async function readObject(c: Context): Promise<JsonObject> {
  const body: unknown = await c.req.json().catch(() => undefined);
  if (!isJsonObject(body)) throw badRequest('Empty Payload. JSON content expected.', 'BadRequest');
  return body;
}
