import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Answer } from '../answer.ts';
import type { EventChangeOutcome, EventDraft, EventToChange, EventToCreate, ProviderEvent } from '../calendar-reader.ts';
import { toGraphEvent } from './events-draft.ts';
import { parseGraphEvent, PLAIN_TEXT } from './events.ts';
import { changeFailure, graphErrorOf, MAY_CHANGE } from './graph-errors.ts';
import { askGraph, graphPath, type GraphCaller, type GraphRequest } from './graph.ts';

type Changed<T> = Promise<EventChangeOutcome<T>>;

const PREFER = [PLAIN_TEXT];

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
  const answer = await askWithZone(event, (draft) =>
    askGraph(caller, { method: 'POST', path, body: { ...toGraphEvent(draft), transactionId }, prefer: PREFER }),
  );
  if (graphErrorOf(answer) === 'ErrorDuplicateTransactionId') return findCreated(caller, calendarId, answer);
  return readChanged(caller, answer, { calendarId, what: 'Microsoft’s creation of an event' });
}

/** Changes an event. @see [Update event](https://learn.microsoft.com/graph/api/event-update) */
export async function updateEvent(
  caller: GraphCaller,
  { calendarId, eventId, etag, changes }: EventToChange & { readonly changes: Partial<EventDraft> },
): Changed<ProviderEvent> {
  const path = graphPath`/me/calendars/${calendarId}/events/${eventId}`;
  const answer = await askWithZone(changes, (draft) =>
    askGraph(caller, { method: 'PATCH', path, body: toGraphEvent(draft), etag, prefer: PREFER }),
  );
  return readChanged(caller, answer, { calendarId, what: 'Microsoft’s change of an event' });
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
  const answer = await askGraph(caller, { path: graphPath`/me/calendars/${calendarId}/events/${existing}`, prefer: PREFER });
  const found = readChanged(caller, answer, { calendarId, what });
  return found.outcome === 'not_found' ? { outcome: 'conflict', operatorHint: `${what}: it was deleted since` } : found;
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
