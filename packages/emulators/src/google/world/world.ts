import { createHash, randomBytes } from 'node:crypto';
import type { GoogleSwitches } from '../switches.ts';
import { MEET_SOLUTION, type StoredConference } from './conferences.ts';
import type { EventFields, EventSeed, EventTime, StoredEvent } from './events.ts';
import { createTimeZones, parseRfc3339, type TimeZones } from '../../time-zones.ts';

/** What somebody may do with a calendar, from least to most. @see {@link https://developers.google.com/workspace/calendar/api/v3/reference/calendarList} */
export const ACCESS_ROLES = ['freeBusyReader', 'reader', 'writerWithoutPrivateAccess', 'writer', 'owner'] as const;

/** One of {@link ACCESS_ROLES}. */
export type AccessRole = (typeof ACCESS_ROLES)[number];

/** A calendar on somebody's list, to start with. */
export interface CalendarSeed {
  /** The default is an address as Google makes it for secondary calendars. A calendar that exists already is joined, not made anew. */
  readonly id?: string;
  readonly summary: string;
  /** What this person may do with it; the default is `owner`. */
  readonly accessRole?: AccessRole;
  readonly timeZone?: string;
  readonly hidden?: boolean;
  /** Whether anybody may read it, as with public holidays. */
  readonly isPublic?: boolean;
  /** The conferences that can be made in it; the default is `hangoutsMeet`. */
  readonly conferenceSolutions?: readonly string[];
  readonly events?: readonly EventSeed[];
}

/** A person with a Google account, to start with. The primary calendar is made by itself. */
export interface UserSeed {
  readonly email: string;
  readonly name: string;
  /** The Workspace domain; absent for a Gmail address. */
  readonly hostedDomain?: string;
  /** The default is `Europe/Berlin`. */
  readonly timeZone?: string;
  readonly locale?: string;
  /** Events of the primary calendar. */
  readonly events?: readonly EventSeed[];
  /** The conferences that can be made in the primary calendar; the default is `hangoutsMeet`. */
  readonly conferenceSolutions?: readonly string[];
  readonly calendars?: readonly CalendarSeed[];
  /** Switches for this person alone. */
  readonly switches?: Partial<GoogleSwitches>;
}

/** A person with a Google account. */
export interface GoogleUser {
  /** 21 digits, as Google's. */
  readonly sub: string;
  readonly email: string;
  readonly name: string;
  readonly hostedDomain: string | undefined;
  readonly timeZone: string;
  readonly locale: string;
  /** The ids of the calendars on this person's list, the primary one first. */
  readonly calendarIds: readonly string[];
}

/** A calendar and who may do what with it. */
export interface GoogleCalendar {
  readonly id: string;
  readonly summary: string;
  readonly timeZone: string;
  readonly isPublic: boolean;
  readonly hidden: boolean;
  /** The conferences that can be made in it. */
  readonly conferenceSolutions: readonly string[];
  /** By address. */
  readonly roles: Map<string, AccessRole>;
  readonly events: Map<string, StoredEvent>;
  /** When something in it changed last, and how often something did. */
  updatedMs: number;
  changes: number;
}

/** The people, calendars and events. */
export interface World {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly zones: TimeZones;
  readonly users: () => readonly GoogleUser[];
  readonly addUser: (seed: UserSeed) => GoogleUser;
  readonly userByEmail: (email: string) => GoogleUser | undefined;
  readonly userBySub: (sub: string) => GoogleUser | undefined;
  readonly calendar: (id: string) => GoogleCalendar | undefined;
  /** Puts an event in a calendar, or in place of the one with its id. */
  readonly putEvent: (calendar: GoogleCalendar, event: EventToPut) => StoredEvent;
  /** A group whose members free/busy queries look up. */
  readonly addGroup: (email: string, members: readonly string[]) => void;
  readonly group: (email: string) => readonly string[] | undefined;
}

/** An event on its way into a calendar; what is absent is made up. */
export interface EventToPut {
  readonly id?: string;
  readonly fields: EventFields;
  readonly creatorEmail: string;
  readonly previous?: StoredEvent;
  readonly instanceOf?: StoredEvent['instanceOf'];
  /** What is absent goes: the caller says what stays. */
  readonly conference?: StoredConference | undefined;
}

const DEFAULT_TIME_ZONE = 'Europe/Berlin';

/**
 * Creates the world.
 * @throws TypeError for a time zone or an event time that is none.
 */
export function createWorld(seeds: readonly UserSeed[], now: () => number): World {
  const zones = createTimeZones();
  const users = new Map<string, GoogleUser>();
  const usersBySub = new Map<string, GoogleUser>();
  const calendars = new Map<string, GoogleCalendar>();
  const groups = new Map<string, readonly string[]>();

  const putEvent = (calendar: GoogleCalendar, event: EventToPut): StoredEvent => {
    const stored = toStored(calendar, event, { nowMs: now(), zones });
    calendar.events.set(stored.id, stored);
    calendar.updatedMs = stored.updatedMs;
    calendar.changes += 1;
    return stored;
  };
  const addCalendar = (seed: CalendarSeed & { id: string }, user: { email: string; timeZone: string }): string => {
    const calendar = calendars.get(seed.id) ?? newCalendar(seed, user.timeZone);
    calendars.set(calendar.id, calendar);
    calendar.roles.set(user.email, seed.accessRole ?? 'owner');
    for (const { id, ...fields } of seed.events ?? [])
      putEvent(calendar, { ...(id === undefined ? {} : { id }), fields, creatorEmail: user.email });
    return calendar.id;
  };
  const addUser = (seed: UserSeed): GoogleUser => {
    const timeZone = seed.timeZone ?? DEFAULT_TIME_ZONE;
    if (!zones.has(timeZone)) throw new TypeError(`users[].timeZone: expected an IANA time zone, received ${timeZone}`);
    const { events = [], conferenceSolutions = [MEET_SOLUTION] } = seed;
    const primary = { id: seed.email, summary: seed.email, events, conferenceSolutions };
    const listed = [primary, ...(seed.calendars ?? []).map((calendar) => ({ ...calendar, id: calendar.id ?? secondaryCalendarId() }))];
    const calendarIds = listed.map((calendar) => addCalendar(calendar, { email: seed.email, timeZone }));
    const { email, name, hostedDomain } = seed;
    const user = { sub: subOf(email), email, name, hostedDomain, timeZone, locale: seed.locale ?? 'en', calendarIds };
    users.set(email, user);
    usersBySub.set(user.sub, user);
    return user;
  };
  for (const seed of seeds) addUser(seed);

  return {
    now,
    zones,
    users: () => [...users.values()],
    addUser,
    userByEmail: (email) => users.get(email),
    userBySub: (sub) => usersBySub.get(sub),
    calendar: (id) => calendars.get(id),
    putEvent,
    addGroup: (email, members) => {
      groups.set(email, members);
    },
    group: (email) => groups.get(email),
  };
}

/** Returns the instant of an event's start or end, or `undefined` when it does not say one. */
export function instantOf(time: EventTime, calendarTimeZone: string, zones: TimeZones): number | undefined {
  const zone = time.timeZone ?? calendarTimeZone;
  if (!zones.has(zone)) return undefined;
  if (time.date !== undefined) return wallToInstant(`${time.date}T00:00:00`, calendarTimeZone, zones);
  if (time.dateTime === undefined) return undefined;
  const instant = parseRfc3339(time.dateTime);
  if (instant !== undefined) return instant;
  // Without an offset Google wants the zone beside it.
  return time.timeZone === undefined ? undefined : wallToInstant(time.dateTime, zone, zones);
}

function wallToInstant(wall: string, timeZone: string, zones: TimeZones): number | undefined {
  const wallMs = parseRfc3339(`${wall}Z`);
  return wallMs === undefined ? undefined : zones.toInstant(wallMs, timeZone);
}

function newCalendar(seed: CalendarSeed & { id: string }, ownersTimeZone: string): GoogleCalendar {
  return {
    id: seed.id,
    summary: seed.summary,
    timeZone: seed.timeZone ?? ownersTimeZone,
    isPublic: seed.isPublic ?? false,
    hidden: seed.hidden ?? false,
    conferenceSolutions: seed.conferenceSolutions ?? [MEET_SOLUTION],
    roles: new Map(),
    events: new Map(),
    updatedMs: 0,
    changes: 0,
  };
}

function toStored(calendar: GoogleCalendar, event: EventToPut, { nowMs, zones }: { nowMs: number; zones: TimeZones }): StoredEvent {
  const { fields, previous } = event;
  const startMs = instantOf(fields.start, calendar.timeZone, zones);
  const endMs = instantOf(fields.end, calendar.timeZone, zones);
  if (startMs === undefined || endMs === undefined) throw new TypeError('events[]: expected start and end as Google writes them');
  const id = event.id ?? previous?.id ?? BigInt(`0x${randomBytes(16).toString('hex')}`).toString(32);
  return {
    id,
    fields,
    startMs,
    endMs,
    creatorEmail: event.creatorEmail,
    iCalUid: previous?.iCalUid ?? `${event.instanceOf?.eventId ?? id}@google.com`,
    sequence: previous === undefined ? 0 : previous.sequence + 1,
    createdMs: previous?.createdMs ?? nowMs,
    updatedMs: nowMs,
    version: (previous?.version ?? nowMs * 1000) + 1,
    ...(event.instanceOf === undefined ? {} : { instanceOf: event.instanceOf }),
    ...(event.conference === undefined ? {} : { conference: event.conference }),
  };
}

function secondaryCalendarId(): string {
  return `c_${randomBytes(32).toString('hex')}@group.calendar.google.com`;
}

/** An account's `sub` is 21 digits and never changes; here it follows from the address, so that runs can be compared. */
function subOf(email: string): string {
  const digits = BigInt(`0x${createHash('sha256').update(email).digest('hex')}`)
    .toString()
    .slice(0, 20);
  return `1${digits.padStart(20, '0')}`;
}
