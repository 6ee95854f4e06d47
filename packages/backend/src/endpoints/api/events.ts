import type { Context, Handler } from 'hono';
import type { Backend } from '../../backend.ts';
import { CalendarRefusal, invalidField } from '../../calendars/calendar-refusal.ts';
import { deleteEvents } from '../../calendars/delete-events.ts';
import { deleteEvent, writeEvent } from '../../calendars/write-event.ts';
import type { WriteDeps } from '../../calendars/write-deps.ts';
import { accepted, authorized } from './authorized.ts';
import { parseEvent } from './event-body.ts';
import { readJsonObject } from './json-body.ts';
import { readBoolean, readList } from './query-values.ts';

type Deps = WriteDeps & Pick<Backend, 'store' | 'now'>;

/** `POST /v1/calendars/{calendar_id}/events`: writes an event, or changes the one of the same `event_id`. 202 once nothing of it can be lost. */
export function upsertEvent(deps: Deps): Handler {
  return authorized(deps, 'write_event', async ({ c, account }) => {
    const request = parseEvent(await readJsonObject(c));
    await writeEvent(deps, { account, calendarId: c.req.param('calendar') ?? '' }, request);
    return accepted(c);
  });
}

/** `DELETE /v1/calendars/{calendar_id}/events`: deletes the event of an `event_id`, named in the body or in the query. */
export function removeEvent(deps: Deps): Handler {
  return authorized(deps, 'delete_event', async ({ c, account }) => {
    const body = await readJsonObject(c);
    const eventId = body['event_id'] ?? c.req.query('event_id');
    if (typeof eventId !== 'string' || eventId === '') throw invalidField('event_id', 'required', 'event_id must be specified');
    await deleteEvent(deps, { account, calendarId: c.req.param('calendar') ?? '' }, eventId);
    return accepted(c);
  });
}

/** `DELETE /v1/events`: deletes all that was written through the API, with `delete_all`, or all of it in some calendars, with `calendar_ids`. */
export function removeEvents(deps: Deps): Handler {
  return authorized(deps, 'delete_events', async ({ c, account }) => {
    await deleteEvents(deps, account, await calendarsToClear(c));
    return accepted(c);
  });
}

/** Named in the body, or in the query as one SDK does; `undefined`: all of them. @throws CalendarRefusal */
async function calendarsToClear(c: Context): Promise<readonly string[] | undefined> {
  const body = await readJsonObject(c);
  const ids = body['calendar_ids'] ?? readList(new URL(c.req.url).searchParams, 'calendar_ids');
  if (ids !== undefined) {
    if (Array.isArray(ids) && ids.length > 0 && ids.every((id) => typeof id === 'string')) return ids;
    throw invalidField('calendar_ids', 'invalid_calendar_ids', 'calendar_ids must be a list of ids from /v1/calendars');
  }
  const all = body['delete_all'] ?? c.req.query('delete_all');
  if (all === true || (typeof all === 'string' && readBoolean(all) === true)) return undefined;
  throw all === undefined
    ? new CalendarRefusal({
        reason: 'invalid',
        errors: { delete_all: [{ key: 'errors.required', description: 'delete_all or calendar_ids must be specified' }] },
      })
    : invalidField('delete_all', 'must_be_boolean', 'delete_all must be true');
}
