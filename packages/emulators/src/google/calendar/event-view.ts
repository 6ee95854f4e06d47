import { viewConference } from '../world/conferences.ts';
import type { StoredEvent, EventTime } from '../world/events.ts';
import type { TimeZones } from '../../time-zones.ts';
import type { AccessRole, GoogleUser } from '../world/world.ts';
import { roleIncludes, type SeenCalendar } from './caller.ts';

/** Who looks at an event, and how times are to be written. */
export interface Onlooker {
  readonly user: GoogleUser;
  readonly seen: SeenCalendar;
  readonly timeZone: string;
  readonly zones: TimeZones;
  /** Milliseconds since 1970: a conference that was pending may be there by now. */
  readonly nowMs: number;
}

/** Returns an event's etag. */
export function eventEtag(event: StoredEvent): string {
  return `"${event.version}"`;
}

/** Says whether only the time of this event may be seen: by scope, by role, or because it is private. */
function isVeiled(event: StoredEvent, { view, role }: Pick<SeenCalendar, 'view' | 'role'>): boolean {
  const isPrivate = event.fields.visibility === 'private' || event.fields.visibility === 'confidential';
  return view === 'busy' || (isPrivate && hidesPrivateEvents(role));
}

/**
 * Says whether the event is shown at all. Whoever sees only free and busy does not see events that leave one free.
 * That is how Google's own calendar behaves; for the API it is unverified.
 */
export function isShown(event: StoredEvent, { view }: Pick<SeenCalendar, 'view'>): boolean {
  return view === 'full' || event.fields.transparency !== 'transparent';
}

/** Writes an event as the API does. */
export function viewEvent(event: StoredEvent, onlooker: Onlooker): object {
  const time = {
    start: viewTime(event.fields.start, event.startMs, onlooker),
    end: viewTime(event.fields.end, event.endMs, onlooker),
    ...(event.instanceOf === undefined
      ? {}
      : { recurringEventId: event.instanceOf.eventId, originalStartTime: event.instanceOf.originalStart }),
  };
  const common = { kind: 'calendar#event', etag: eventEtag(event), id: event.id, status: event.fields.status ?? 'confirmed' };
  // Which fields the busy view really has is unverified; nothing that says what the event is about is among them.
  if (isVeiled(event, onlooker.seen)) return { ...common, updated: iso(event.updatedMs), visibility: 'private', ...time };
  return { ...common, ...viewDetails(event, onlooker), ...time };
}

function viewDetails(event: StoredEvent, { user, seen, nowMs }: Onlooker): object {
  const { start: _start, end: _end, status: _status, attendees, eventType, transparency, visibility, ...plain } = event.fields;
  const person = (email: string): object => ({ email, ...(email === user.email ? { self: true } : {}) });
  return {
    htmlLink: `https://www.google.com/calendar/event?eid=${Buffer.from(`${event.id} ${seen.calendar.id}`).toString('base64url')}`,
    created: iso(event.createdMs),
    updated: iso(event.updatedMs),
    ...plain,
    ...(transparency === 'transparent' ? { transparency } : {}),
    ...(visibility === undefined || visibility === 'default' ? {} : { visibility }),
    creator: person(event.creatorEmail),
    organizer: person(event.creatorEmail),
    iCalUID: event.iCalUid,
    sequence: event.sequence,
    ...(attendees === undefined ? {} : { attendees: attendees.map((attendee) => ({ ...attendee, ...person(attendee.email) })) }),
    ...viewConference(event.conference, nowMs),
    reminders: plain.reminders ?? { useDefault: true },
    eventType: eventType ?? 'default',
  };
}

function viewTime(time: EventTime, instantMs: number, { timeZone, zones, seen }: Onlooker): EventTime {
  if (time.date !== undefined) return { date: time.date };
  return { dateTime: zones.format(instantMs, timeZone), timeZone: time.timeZone ?? seen.calendar.timeZone };
}

function hidesPrivateEvents(role: AccessRole): boolean {
  return !roleIncludes(role, 'writer');
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
