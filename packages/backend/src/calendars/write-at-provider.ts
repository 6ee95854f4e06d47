import { createHash } from 'node:crypto';
import type { NobodyToAsk } from '../accounts/ask-with-credential.ts';
import type { EventChangeOutcome, EventDraft, ProviderEvent } from '../providers/calendar-reader.ts';
import { askProvider, type CalendarCall } from './acting.ts';
import { CalendarRefusal, invalidField } from './calendar-refusal.ts';
import { toDraft } from './event-draft.ts';
import type { EventRequest } from './event-request.ts';
import { meetingOf } from './event-meeting.ts';
import { rangeOf } from './local-time.ts';
import { type EventContent, mergeEvent, mergeGuests } from './managed-content.ts';
import { type StoredEvent, storeEvent } from './stored-event.ts';
import { cancellations } from './write-by-invitation.ts';
import type { WriteDeps, WriteTarget } from './write-deps.ts';

const DAY_MS = 86_400_000;

/** An event to be written, and how it stands. */
interface Writing {
  readonly target: WriteTarget;
  readonly stored: StoredEvent;
  readonly request: EventRequest;
}

/**
 * Writes an event straight into the calendar at its provider. Where it ends halfway, the same request again ends it, and makes no second event.
 * Answers `false` where somebody else has changed it meanwhile, or it is gone there: whoever asks again begins anew.
 *
 * @throws CalendarRefusal
 */
export async function writeAtProvider(deps: WriteDeps, { target, stored, request }: Writing): Promise<boolean> {
  const { content } = stored;
  const merged = mergeEvent(content.event, request, undefined);
  const isAsked = request.conferencing !== undefined;
  const meeting = await meetingOf(deps, target, { event: merged, before: content.event, isAsked, key: stored.row.id });
  const event = { ...merged, meeting };
  const eventId = content.event && content.remote?.eventId;
  return eventId === undefined
    ? create(deps, { target, stored, request }, event)
    : update(deps, { target, stored, request, eventId }, event);
}

/** Notes first that it is being made and by which key: whoever comes after a crash finds what was made by it. */
async function create(deps: WriteDeps, { target, stored, request }: Writing, event: EventContent): Promise<boolean> {
  const generation = stored.content.remote?.generation ?? 0;
  // Made by an earlier attempt that nobody heard the end of, and perhaps as something else.
  const isRepeated = stored.content.remote?.isBegun === true;
  const invitations = await cancelledByMail(deps, target, stored);
  const reserved = await storeEvent(deps, { target, stored }, { content: { event, remote: { generation, isBegun: true } }, invitations });
  if (reserved === undefined) return false;
  if (invitations.length > 0) deps.work.nudge();
  const idempotencyKey = keyOf(reserved, generation);
  const calendarId = target.calendar.providerCalendarId;
  const draft = toDraft(event, { isNew: true, asksConferencing: true });
  const made = await ask(deps, target, (reader, credential) =>
    reader.createEvent(credential, { calendarId, idempotencyKey, event: draft }),
  );
  if (made.outcome === 'conflict') {
    // The person deleted what this key made: it is made anew, by another.
    await storeEvent(deps, { target, stored: reserved }, { content: { event, remote: { generation: generation + 1 } } });
    return false;
  }
  const { providerEventId } = valueOf(made);
  const noted = await storeEvent(
    deps,
    { target, stored: reserved },
    { content: { event, remote: { generation, eventId: providerEventId } } },
  );
  if (noted === undefined) return false;
  return isRepeated ? update(deps, { target, stored: noted, request, eventId: providerEventId }, event) : true;
}

async function update(
  deps: WriteDeps,
  { target, stored, request, eventId }: Writing & { readonly eventId: string },
  event: EventContent,
): Promise<boolean> {
  const calendarId = target.calendar.providerCalendarId;
  const asksConferencing = request.conferencing !== undefined || hasMoved(stored.content.event?.meeting, event.meeting);
  const draft = toDraft(event, { isNew: false, asksConferencing });
  const guests =
    request.invite.length + request.remove.length === 0 ? undefined : await guestsNow(deps, { target, stored, request, eventId });
  const { attendees: _ofTheApplication, ...rest } = draft;
  const changes: Partial<EventDraft> = guests === undefined ? rest : { ...rest, attendees: guests.list };
  const etag = guests?.etag;
  const changed = await ask(deps, target, (reader, credential) => reader.updateEvent(credential, { calendarId, eventId, etag, changes }));
  const generation = stored.content.remote?.generation ?? 0;
  if (changed.outcome === 'not_found') {
    // The person deleted it meanwhile: who writes it wants it to be there.
    const { event: known = event, mailed } = stored.content;
    await storeEvent(
      deps,
      { target, stored },
      { content: { event: known, remote: { generation: generation + 1 }, ...(mailed && { mailed }) } },
    );
    return false;
  }
  if (changed.outcome === 'conflict') return false;
  const { providerEventId } = valueOf(changed);
  const invitations = await cancelledByMail(deps, target, stored);
  const content = { event, remote: { generation, eventId: providerEventId } };
  const saved = await storeEvent(deps, { target, stored }, { content, invitations });
  if (saved !== undefined && invitations.length > 0) deps.work.nudge();
  return saved !== undefined;
}

/** Whoever was invited by mail, while less was shared, is invited by the provider from now on. */
async function cancelledByMail(deps: WriteDeps, target: WriteTarget, stored: StoredEvent): ReturnType<typeof cancellations> {
  return deps.mailer === undefined ? [] : cancellations(deps, target, stored);
}

function hasMoved(before: EventContent['meeting'], now: EventContent['meeting']): boolean {
  return JSON.stringify(before) !== JSON.stringify(now);
}

/**
 * The guests that the event really has, with those of the request: the provider takes the whole list, and whom the person has invited must not
 * be thrown out by it. By its etag, so that nobody who comes in between is. Where it was moved out of sight, those of the application are all.
 */
async function guestsNow(deps: WriteDeps, { target, stored, request, eventId }: Writing & { readonly eventId: string }) {
  const known = stored.content.event;
  const calendarId = target.calendar.providerCalendarId;
  const { fromMs, toMs } = rangeOf(known?.time ?? request.time, known?.timeZone ?? 'UTC');
  const range = { calendarId, fromMs: fromMs - DAY_MS, toMs: toMs + DAY_MS };
  const listed = await ask(deps, target, (reader, credential) => reader.listEvents(credential, range));
  if (listed.outcome !== 'ok') throw refusalOf(listed);
  const there = listed.value.find(({ providerEventId }) => providerEventId === eventId);
  const organizer = there?.organizer?.email;
  const before =
    there === undefined
      ? (known?.guests ?? [])
      : there.attendees.flatMap(({ email, name }) => (email === undefined || email === organizer ? [] : [{ email, name }]));
  return { etag: there?.etag, list: mergeGuests(before, request) };
}

/** Deletes an event at its provider. `false` as {@link writeAtProvider}. @throws CalendarRefusal */
export async function deleteAtProvider(deps: WriteDeps, target: WriteTarget, stored: StoredEvent): Promise<boolean> {
  const { event, remote } = stored.content;
  const calendarId = target.calendar.providerCalendarId;
  const generation = remote?.generation ?? 0;
  const invitations = await cancelledByMail(deps, target, stored);
  const eventId = remote?.eventId ?? (event && remote?.isBegun && (await findHalfMade(deps, target, { stored, event, generation })));
  if (eventId !== undefined) {
    valueOf(await ask(deps, target, (reader, credential) => reader.deleteEvent(credential, { calendarId, eventId })));
  }
  const saved = await storeEvent(deps, { target, stored }, { content: { remote: { generation: generation + 1 } }, invitations });
  if (saved !== undefined && invitations.length > 0) deps.work.nudge();
  return saved !== undefined;
}

/** Nobody knows whether it was made: asked for once more by its key, the provider says which it is. */
async function findHalfMade(
  deps: WriteDeps,
  target: WriteTarget,
  { stored, event, generation }: { readonly stored: StoredEvent; readonly event: EventContent; readonly generation: number },
): Promise<string | undefined> {
  const request = {
    calendarId: target.calendar.providerCalendarId,
    idempotencyKey: keyOf(stored, generation),
    event: toDraft({ ...event, guests: [], meeting: undefined }, { isNew: true, asksConferencing: false }),
  };
  const made = await ask(deps, target, (reader, credential) => reader.createEvent(credential, request));
  return made.outcome === 'conflict' ? undefined : valueOf(made).providerEventId;
}

/** Of profile, calendar and event, so that no two events ever share one. */
function keyOf({ row }: StoredEvent, generation: number): string {
  return createHash('sha256')
    .update(JSON.stringify([row.profileId, row.calendarId, row.eventHash, generation]))
    .digest('hex');
}

type Asked<T> = EventChangeOutcome<T> | NobodyToAsk;

function ask<T>(deps: WriteDeps, { account, profile }: WriteTarget, call: CalendarCall<EventChangeOutcome<T>>): Promise<Asked<T>> {
  return askProvider(deps, { profileId: profile.id, dataKey: account.dataKey }, call);
}

function valueOf<T>(asked: Asked<T>): T {
  if (asked.outcome === 'ok') return asked.value;
  throw refusalOf(asked);
}

/** What a provider's no means to a partner. */
function refusalOf(asked: Exclude<Asked<ProviderEvent>, { outcome: 'ok' }>): CalendarRefusal {
  switch (asked.outcome) {
    case 'disconnected':
      return profileDisconnected();
    case 'forbidden':
      return new CalendarRefusal({ reason: 'forbidden' });
    case 'denied':
      return calendarReadonly();
    case 'not_found':
      return new CalendarRefusal({ reason: 'not_found' });
    case 'no_mailbox':
      return invalidField('calendar_id', 'no_mailbox', 'the login has no calendar at its provider any longer');
    case 'invalid':
      return invalidField('event', 'not_accepted', 'the provider does not take this event: check its times, reminders and attendees');
    case 'conflict':
      return new CalendarRefusal({ reason: 'locked' });
    case 'unavailable':
      return new CalendarRefusal({ reason: 'unavailable', retryAfterMs: asked.retryAfterMs });
    case 'unauthorized':
    case 'no_credential':
      return new CalendarRefusal({ reason: 'unavailable', retryAfterMs: undefined });
  }
}

/** The person has to connect again. */
export function profileDisconnected(): CalendarRefusal {
  return invalidField(
    'calendar_id',
    'profile_disconnected',
    'the profile of this calendar is not connected: send the person through the authorization again',
  );
}

/** Nothing can be written there. */
export function calendarReadonly(): CalendarRefusal {
  return invalidField('calendar_id', 'calendar_readonly', 'this calendar is read-only (calendar_readonly): use another one');
}
