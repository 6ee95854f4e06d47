import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Answer } from '../answer.ts';
import { awaitConferencing } from '../await-conferencing.ts';
import type { EventChangeOutcome, EventDraft, EventToChange, EventToCreate, ProviderEvent } from '../calendar-reader.ts';
import { dependsOnText } from '../conferencing-text.ts';
import { type GraphEventFields, toBody, toGraphEvent } from './events-draft.ts';
import { parseGraphEvent, PLAIN_TEXT } from './events.ts';
import { changeFailure, graphErrorOf, MAY_CHANGE } from './graph-errors.ts';
import { askGraph, graphPath, type GraphCaller, type GraphRequest } from './graph.ts';
import { conferencingFields, isOnline, withTextAboveJoin } from './online-meeting.ts';

type Changed<T> = Promise<EventChangeOutcome<T>>;

const PREFER = [PLAIN_TEXT];
/** A body as it is kept: how to join an online meeting is HTML. */
const HTML = 'outlook.body-content-type="html"';
const HTML_BODY = z.object({ body: z.object({ contentType: z.literal('html'), content: z.string() }) });

/** Microsoft knows the zones of Windows and most of IANA's; what it does not know it says so. */
const UNKNOWN_ZONE: readonly string[] = ['TimeZoneNotSupportedException', 'ErrorInvalidTimeZone'];

/**
 * Creates an event, once for each key: its `transactionId` is made of it.
 *
 * @see [Create event](https://learn.microsoft.com/graph/api/calendar-post-events), [transactionId](https://learn.microsoft.com/graph/api/resources/event#properties)
 */
export async function createEvent(caller: GraphCaller, { calendarId, idempotencyKey, event }: EventToCreate): Changed<ProviderEvent> {
  const transactionId = transactionIdOf(calendarId, idempotencyKey);
  const path = graphPath`/me/calendars/${calendarId}/events`;
  const online = conferencingFields(event.conferencing, undefined);
  const answer = await askWithZone(event, (draft) =>
    askGraph(caller, { method: 'POST', path, body: { ...toGraphEvent(draft), ...online, transactionId }, prefer: PREFER }),
  );
  const made =
    graphErrorOf(answer) === 'ErrorDuplicateTransactionId'
      ? await findCreated(caller, calendarId, answer)
      : readChanged(caller, answer, { calendarId, what: 'Microsoft’s creation of an event' });
  return event.conferencing === 'integrated' ? withMeeting(caller, calendarId, made) : made;
}

/** Changes an event. @see [Update event](https://learn.microsoft.com/graph/api/event-update) */
export async function updateEvent(
  caller: GraphCaller,
  { calendarId, eventId, etag, changes }: EventToChange & { readonly changes: Partial<EventDraft> },
): Changed<ProviderEvent> {
  const what = 'Microsoft’s change of an event';
  const path = graphPath`/me/calendars/${calendarId}/events/${eventId}`;
  const before = dependsOnText(changes) ? await readEvent(caller, { calendarId, eventId }, what) : undefined;
  if (before !== undefined && before.outcome !== 'ok') return before;
  const fields = await toChangedFields(caller, path, { changes, before: before?.value });
  if ('outcome' in fields) return fields;
  const answer = await askWithZone(changes, (draft) => {
    const body = { ...toGraphEvent(draft, before?.value), ...fields };
    return askGraph(caller, { method: 'PATCH', path, body, etag, prefer: PREFER });
  });
  const changed = readChanged(caller, answer, { calendarId, what });
  return changes.conferencing === 'integrated' ? withMeeting(caller, calendarId, changed) : changed;
}

/** What has to be said otherwise where there is an online meeting, or is to be one. */
async function toChangedFields(
  caller: GraphCaller,
  path: string,
  { changes, before }: { readonly changes: Partial<EventDraft>; readonly before: ProviderEvent | undefined },
): Promise<GraphEventFields | Exclude<EventChangeOutcome<never>, { outcome: 'ok' }>> {
  const online = conferencingFields(changes.conferencing, before);
  const { body } = toGraphEvent(changes, before);
  if (before === undefined || !isOnline(before)) return online;
  const isKept = changes.conferencing === undefined || changes.conferencing === 'integrated';
  if (!isKept) return { ...online, body: body ?? toBody(before.description ?? '') };
  if (body === undefined) return online;
  const answer = await askGraph(caller, { path, query: { $select: 'body' }, prefer: [HTML] });
  const { data } = HTML_BODY.safeParse(answer.answered && answer.status === 200 ? answer.body : undefined);
  if (data === undefined) return changeFailure('Microsoft’s body of an event', answer, { ...caller, permission: MAY_CHANGE });
  return { ...online, body: { contentType: 'html', content: withTextAboveJoin(data.body.content, body.content) } };
}

/** Deletes an event; its guests hear of it. @see [Delete event](https://learn.microsoft.com/graph/api/event-delete) */
export async function deleteEvent(caller: GraphCaller, { calendarId, eventId, etag }: EventToChange): Changed<undefined> {
  const request: GraphRequest = { method: 'DELETE', path: graphPath`/me/calendars/${calendarId}/events/${eventId}`, etag };
  const answer = await askGraph(caller, request);
  if (answer.answered && answer.status === 204) return { outcome: 'ok', value: undefined };
  const failure = changeFailure('Microsoft’s deletion of an event', answer, { ...caller, permission: MAY_CHANGE });
  return failure.outcome === 'not_found' ? { outcome: 'ok', value: undefined } : failure;
}

/** Nothing was changed by a request whose zone was refused, and the moment is the same in any zone. */
async function askWithZone<D extends Partial<EventDraft>>(draft: D, send: (draft: D) => Promise<Answer>): Promise<Answer> {
  const answer = await send(draft);
  if (draft.timeZone === undefined || !UNKNOWN_ZONE.includes(graphErrorOf(answer) ?? '')) return answer;
  return send({ ...draft, timeZone: undefined });
}

/** The shape of a GUID, which is what Microsoft's own examples have. The calendar is part of it: there the key may be another event's. */
function transactionIdOf(calendarId: string, idempotencyKey: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([calendarId, idempotencyKey]))
    .digest('hex');
  return digest.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Seen, and not documented: instead of giving the first event again, Graph may refuse the second and name the first. */
const DUPLICATE = z.object({ error: z.object({ '@event.existingEventId': z.string().min(1) }) });

async function findCreated(caller: GraphCaller, calendarId: string, refusal: Answer): Changed<ProviderEvent> {
  const what = 'Microsoft’s event of an earlier creation';
  const existing = DUPLICATE.safeParse(refusal.answered ? refusal.body : undefined).data?.error['@event.existingEventId'];
  if (existing === undefined) return { outcome: 'conflict', operatorHint: `${what}: it is not said which it is` };
  const found = await readEvent(caller, { calendarId, eventId: existing }, what);
  return found.outcome === 'not_found' ? { outcome: 'conflict', operatorHint: `${what}: it was deleted since` } : found;
}

/** A mailbox without Teams takes the wish and leaves it; one with it may make the meeting behind its answer. */
async function withMeeting(caller: GraphCaller, calendarId: string, made: EventChangeOutcome<ProviderEvent>): Changed<ProviderEvent> {
  if (made.outcome !== 'ok') return made;
  if (!isOnline(made.value)) return { outcome: 'ok', value: { ...made.value, conferencingState: 'failed' } };
  const target = { calendarId, eventId: made.value.providerEventId };
  const read = () => readEvent(caller, target, 'Microsoft’s event with a meeting to come');
  return { outcome: 'ok', value: await awaitConferencing(made.value, read) };
}

/** Reads one event. @see [Get event](https://learn.microsoft.com/graph/api/event-get) */
async function readEvent(
  caller: GraphCaller,
  { calendarId, eventId }: { readonly calendarId: string; readonly eventId: string },
  what: string,
): Changed<ProviderEvent> {
  const answer = await askGraph(caller, { path: graphPath`/me/calendars/${calendarId}/events/${eventId}`, prefer: PREFER });
  return readChanged(caller, answer, { calendarId, what });
}

function readChanged(
  caller: GraphCaller,
  answer: Answer,
  { calendarId, what }: { calendarId: string; what: string },
): EventChangeOutcome<ProviderEvent> {
  const done = answer.answered && answer.status >= 200 && answer.status < 300;
  const event = done ? parseGraphEvent(answer.body, calendarId) : undefined;
  return event === undefined ? changeFailure(what, answer, { ...caller, permission: MAY_CHANGE }) : { outcome: 'ok', value: event };
}
