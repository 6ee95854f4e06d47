import { createHash } from 'node:crypto';
import type { Answer } from '../answer.ts';
import { awaitConferencing } from '../await-conferencing.ts';
import type { EventChangeOutcome, EventDraft, EventToChange, EventToCreate, ProviderEvent } from '../calendar-reader.ts';
import { dependsOnText } from '../conferencing-text.ts';
import { changeFailure } from './api-errors.ts';
import { askCalendar, type CalendarCaller } from './calendar-api.ts';
import { changedConference, CONFERENCE_DATA_VERSION, newConference } from './conference.ts';
import { toGoogleEvent } from './events-draft.ts';
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
  const requestBody = { id, ...toGoogleEvent(event), ...newConference(event.conferencing, id) };
  const answer = await askCalendar(caller, (api) =>
    api.events.insert({ calendarId, sendUpdates: SEND_UPDATES, conferenceDataVersion: CONFERENCE_DATA_VERSION, requestBody }),
  );
  const target = { calendarId, eventId: id };
  const isTaken = answer.answered && answer.status === 409;
  const made = isTaken ? await readEvent(caller, target, what) : readChanged(answer, { calendarId, what });
  // The id of a deleted event stays taken.
  const isGone = isTaken && (made.outcome === 'not_found' || (made.outcome === 'ok' && made.value.cancelled));
  if (isGone) return { outcome: 'conflict', operatorHint: `${what}: the event that this key made was deleted since` };
  return event.conferencing === 'integrated' ? withConference(caller, target, made) : made;
}

/** Changes an event. @see [events.patch](https://developers.google.com/workspace/calendar/api/v3/reference/events/patch) */
export async function updateEvent(
  caller: CalendarCaller,
  { calendarId, eventId, etag, changes }: EventToChange & { readonly changes: Partial<EventDraft> },
): Changed<ProviderEvent> {
  const what = 'Google’s change of an event';
  const before = dependsOnText(changes) ? notDeleted(await readEvent(caller, { calendarId, eventId }, what), what) : undefined;
  if (before !== undefined && before.outcome !== 'ok') return before;
  const requestBody = { ...toGoogleEvent(changes, before?.value), ...changedConference(changes.conferencing, before?.value) };
  const request = { calendarId, eventId, sendUpdates: SEND_UPDATES, conferenceDataVersion: CONFERENCE_DATA_VERSION, requestBody };
  const answer = await askCalendar(caller, (api) => api.events.patch(request, ifMatch(etag)));
  // Google would bring a deleted event back by changing it, where it lets it be changed at all.
  const changed = notDeleted(readChanged(answer, { calendarId, what }), what);
  return changes.conferencing === 'integrated' ? withConference(caller, { calendarId, eventId }, changed) : changed;
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

function notDeleted(outcome: EventChangeOutcome<ProviderEvent>, what: string): EventChangeOutcome<ProviderEvent> {
  const isDeleted = outcome.outcome === 'ok' && outcome.value.cancelled;
  return isDeleted ? { outcome: 'not_found', operatorHint: `${what}: it is deleted` } : outcome;
}

/** Google makes conferences behind its answer. [Status of the request](https://developers.google.com/workspace/calendar/api/guides/create-events#conferencing) */
async function withConference(
  caller: CalendarCaller,
  target: { readonly calendarId: string; readonly eventId: string },
  made: EventChangeOutcome<ProviderEvent>,
): Changed<ProviderEvent> {
  if (made.outcome !== 'ok') return made;
  const read = () => readEvent(caller, target, 'Google’s event with a conference to come');
  return { outcome: 'ok', value: await awaitConferencing(made.value, read) };
}

/** Reads one event. @see [events.get](https://developers.google.com/workspace/calendar/api/v3/reference/events/get) */
async function readEvent(
  caller: CalendarCaller,
  { calendarId, eventId }: { readonly calendarId: string; readonly eventId: string },
  what: string,
): Changed<ProviderEvent> {
  return readChanged(await askCalendar(caller, (api) => api.events.get({ calendarId, eventId })), { calendarId, what });
}

function readChanged(answer: Answer, { calendarId, what }: { calendarId: string; what: string }): EventChangeOutcome<ProviderEvent> {
  const done = answer.answered && answer.status === 200;
  const event = done ? parseGoogleEvent(answer.body, calendarId) : undefined;
  return event === undefined ? changeFailure(what, answer) : { outcome: 'ok', value: event };
}
