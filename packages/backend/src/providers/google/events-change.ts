import { createHash } from 'node:crypto';
import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';
import type { Answer } from '../answer.ts';
import type { EventChangeOutcome, EventDraft, EventToChange, EventToCreate, ProviderEvent, TimeSpan } from '../calendar-reader.ts';
import { changeFailure } from './api-errors.ts';
import { askCalendar, type CalendarCaller } from './calendar-api.ts';
import { parseGoogleEvent } from './events.ts';

type Changed<T> = Promise<EventChangeOutcome<T>>;

/** Guests hear of it, as they do from Google's own pages; by default they would not. [sendUpdates](https://developers.google.com/workspace/calendar/api/v3/reference/events/insert#sendUpdates) */
const SEND_UPDATES = 'all';

/**
 * Creates an event, once for each key: its id is made of it, and Google takes no id twice.
 *
 * @see [events.insert, `id`](https://developers.google.com/workspace/calendar/api/v3/reference/events/insert#request-body)
 */
export async function createEvent(caller: CalendarCaller, { calendarId, idempotencyKey, event }: EventToCreate): Changed<ProviderEvent> {
  const what = 'Google’s creation of an event';
  const id = eventIdOf(calendarId, idempotencyKey);
  const answer = await askCalendar(caller, (api) =>
    api.events.insert({ calendarId, sendUpdates: SEND_UPDATES, requestBody: { id, ...toGoogleEvent(event) } }),
  );
  if (!answer.answered || answer.status !== 409) return readChanged(answer, { calendarId, what });
  const earlier = readChanged(await askCalendar(caller, (api) => api.events.get({ calendarId, eventId: id })), { calendarId, what });
  // The id of a deleted event stays taken.
  const isGone = earlier.outcome === 'not_found' || (earlier.outcome === 'ok' && earlier.value.cancelled);
  return isGone ? { outcome: 'conflict', operatorHint: `${what}: the event that this key made was deleted since` } : earlier;
}

/** Changes an event. @see [events.patch](https://developers.google.com/workspace/calendar/api/v3/reference/events/patch) */
export async function updateEvent(
  caller: CalendarCaller,
  { calendarId, eventId, etag, changes }: EventToChange & { readonly changes: Partial<EventDraft> },
): Changed<ProviderEvent> {
  const answer = await askCalendar(caller, (api) =>
    api.events.patch({ calendarId, eventId, sendUpdates: SEND_UPDATES, requestBody: toGoogleEvent(changes) }, ifMatch(etag)),
  );
  const changed = readChanged(answer, { calendarId, what: 'Google’s change of an event' });
  // Google would bring a deleted event back by changing it, where it lets it be changed at all.
  return changed.outcome === 'ok' && changed.value.cancelled
    ? { outcome: 'not_found', operatorHint: 'Google’s change of an event: it is deleted' }
    : changed;
}

/** Deletes an event. @see [events.delete](https://developers.google.com/workspace/calendar/api/v3/reference/events/delete) */
export async function deleteEvent(caller: CalendarCaller, { calendarId, eventId, etag }: EventToChange): Changed<undefined> {
  const answer = await askCalendar(caller, (api) => api.events.delete({ calendarId, eventId, sendUpdates: SEND_UPDATES }, ifMatch(etag)));
  if (answer.answered && answer.status === 204) return { outcome: 'ok', value: undefined };
  const failure = changeFailure('Google’s deletion of an event', answer);
  return failure.outcome === 'not_found' ? { outcome: 'ok', value: undefined } : failure;
}

/** 5 to 1024 characters of base32hex, of which hexadecimal digits are some. The calendar is part of it: there the key may be another event's. */
function eventIdOf(calendarId: string, idempotencyKey: string): string {
  return createHash('sha256')
    .update(JSON.stringify([calendarId, idempotencyKey]))
    .digest('hex');
}

/** [Conditional modification](https://developers.google.com/workspace/calendar/api/guides/version-resources#conditional_modification) */
function ifMatch(etag: string | undefined): { headers?: Record<string, string> } {
  return etag === undefined ? {} : { headers: { 'If-Match': etag } };
}

/** An event, or what is to change of one, as Google takes it. What the draft does not name is not named here. */
function toGoogleEvent(draft: Partial<EventDraft>): calendar_v3.Schema$Event {
  return {
    ...(draft.title !== undefined && { summary: draft.title }),
    ...(draft.time !== undefined && timeFields(draft.time, draft.timeZone)),
    ...(draft.description !== undefined && { description: draft.description }),
    ...(draft.location !== undefined && { location: draft.location }),
    ...(draft.attendees !== undefined && {
      attendees: draft.attendees.map(({ email, name }) => ({ email, ...(name !== undefined && { displayName: name }) })),
    }),
    ...(draft.showAs !== undefined && { transparency: draft.showAs === 'free' ? 'transparent' : 'opaque' }),
    ...(draft.sensitivity !== undefined && { visibility: draft.sensitivity === 'normal' ? 'default' : 'private' }),
  };
}

/** The other spelling is cleared, so that a whole day can become an hour. */
function timeFields(time: TimeSpan, timeZone: string | undefined): Pick<calendar_v3.Schema$Event, 'start' | 'end'> {
  if (time.allDay) {
    return { start: { date: time.startDate, dateTime: null }, end: { date: time.endDate, dateTime: null } };
  }
  const at = (ms: number): calendar_v3.Schema$EventDateTime => ({
    dateTime: new Date(ms).toISOString(),
    date: null,
    timeZone: timeZone ?? 'UTC',
  });
  return { start: at(time.startMs), end: at(time.endMs) };
}

function readChanged(answer: Answer, { calendarId, what }: { calendarId: string; what: string }): EventChangeOutcome<ProviderEvent> {
  const done = answer.answered && answer.status === 200;
  const event = done ? parseGoogleEvent(answer.body, calendarId) : undefined;
  return event === undefined ? changeFailure(what, answer) : { outcome: 'ok', value: event };
}
