import { randomBytes } from 'node:crypto';
import { parseRfc3339, type TimeZones } from '../../time-zones.ts';
import type { MicrosoftUser, UserSeed } from '../directory/people.ts';
import type { CalendarSeed, DateTimeTimeZone, EventFields, StoredEvent } from './events.ts';
import { settleMeeting, type OnlineMeetingProvider } from './online-meeting.ts';
import { expandSeries, touches, type Span } from './recurrence.ts';
import { ianaZone } from './zone-names.ts';

/** A calendar of somebody's mailbox. */
export interface MicrosoftCalendar {
  readonly id: string;
  readonly name: string;
  readonly isDefault: boolean;
  readonly canEdit: boolean;
  readonly owner: { readonly name: string; readonly address: string };
  /** The first is the default. */
  readonly onlineMeetingProviders: readonly OnlineMeetingProvider[];
  readonly events: Map<string, StoredEvent>;
  /** How often something in it changed. */
  changes: number;
  /** When something in it last came, changed or went. */
  changedMs: number;
}

/** Whose mailbox is made. */
export type MailboxPerson = Pick<MicrosoftUser, 'email' | 'name' | 'timeZone' | 'isPersonal'>;

/** The calendars of everybody, by address. */
export interface Mailboxes {
  /** Makes the mailbox of a person. @throws TypeError for a time zone or an event time that is none. */
  readonly open: (user: MailboxPerson, seed: Pick<UserSeed, 'events' | 'calendars' | 'allowedOnlineMeetingProviders'>) => void;
  /** Returns a person's calendars, the default one first. */
  readonly calendarsOf: (email: string) => readonly MicrosoftCalendar[];
  /** Adds an empty calendar to a mailbox that is open. */
  readonly addCalendar: (email: string, name: string) => MicrosoftCalendar;
  /** Takes a calendar away, and what is in it. */
  readonly removeCalendar: (email: string, calendar: MicrosoftCalendar) => void;
  /** Puts an event in a calendar, or in place of the one with its id. @throws TypeError for a time that is none. */
  readonly putEvent: (calendar: MicrosoftCalendar, event: EventToPut) => StoredEvent;
  /** Takes an event out of a calendar. */
  readonly removeEvent: (calendar: MicrosoftCalendar, event: StoredEvent) => void;
  /** Returns the single events and the occurrences of series that touch the span, in order. */
  readonly view: (calendar: MicrosoftCalendar, span: Span) => StoredEvent[];
  /** Finds an event, a series, or one occurrence by its id. */
  readonly findEvent: (email: string, eventId: string) => { readonly calendar: MicrosoftCalendar; readonly event: StoredEvent } | undefined;
}

/** An event on its way into a calendar. */
export interface EventToPut {
  readonly id?: string;
  /** The default is one as Exchange makes them. */
  readonly iCalUId?: string;
  readonly fields: EventFields;
  readonly previous?: StoredEvent;
}

/** Creates the mailboxes. */
export function createMailboxes(zones: TimeZones, now: () => number): Mailboxes {
  const byEmail = new Map<string, MicrosoftCalendar[]>();
  const owners = new Map<string, MailboxPerson>();
  const touch = (calendar: MicrosoftCalendar): void => {
    calendar.changes += 1;
    calendar.changedMs = now();
  };
  const putEvent: Mailboxes['putEvent'] = (calendar, event) => {
    const stored = toStored(event, { nowMs: now(), zones, calendar });
    calendar.events.set(stored.id, stored);
    touch(calendar);
    return stored;
  };
  const seedCalendar = (seed: CalendarSeed, user: MailboxPerson, isDefault: boolean): MicrosoftCalendar => {
    const calendar = newCalendar(seed, { user, isDefault, nowMs: now() });
    for (const { id, ...fields } of seed.events ?? []) putEvent(calendar, { ...(id === undefined ? {} : { id }), fields });
    return calendar;
  };
  const view: Mailboxes['view'] = (calendar, span) =>
    [...calendar.events.values()]
      .flatMap((event) => expandSeries(event, span, zones))
      .filter((event) => touches(event, span))
      .toSorted((a, b) => a.startMs - b.startMs);
  return {
    open: (user, { events = [], calendars = [], ...rest }) => {
      if (!zones.has(user.timeZone)) throw new TypeError(`users[].timeZone: expected an IANA time zone, received ${user.timeZone}`);
      const first = seedCalendar({ ...providersOf(rest), name: 'Calendar', events }, user, true);
      byEmail.set(user.email, [first, ...calendars.map((seed) => seedCalendar(seed, user, false))]);
      owners.set(user.email, user);
    },
    addCalendar: (email, name) => {
      const [calendars, owner] = [byEmail.get(email), owners.get(email)];
      if (calendars === undefined || owner === undefined) throw new RangeError('mailboxes: expected the address of a mailbox that is open');
      const calendar = seedCalendar({ name }, owner, false);
      calendars.push(calendar);
      return calendar;
    },
    removeCalendar: (email, calendar) => {
      byEmail.set(
        email,
        (byEmail.get(email) ?? []).filter((each) => each !== calendar),
      );
    },
    calendarsOf: (email) => byEmail.get(email) ?? [],
    putEvent,
    removeEvent: (calendar, { id }) => {
      calendar.events.delete(id);
      touch(calendar);
    },
    view,
    findEvent: (email, eventId) => {
      for (const calendar of byEmail.get(email) ?? []) {
        const stored = calendar.events.get(eventId) ?? occurrenceOf(calendar, eventId, zones);
        if (stored !== undefined) return { calendar, event: stored };
      }
      return undefined;
    },
  };
}

/** Returns the instant of a wall-clock time, or `undefined` when time or zone is none. A zone of its own, as in `…Z`, wins. */
export function instantOf({ dateTime, timeZone }: DateTimeTimeZone, zones: TimeZones): number | undefined {
  const zone = ianaZone(timeZone, zones);
  if (zone === undefined) return undefined;
  const text = /T\d\d:\d\d$/.test(dateTime) ? `${dateTime}:00` : dateTime;
  const instant = parseRfc3339(text);
  if (instant !== undefined) return instant;
  const wall = parseRfc3339(`${/T/.test(text) ? text : `${text}T00:00:00`}Z`);
  return wall === undefined ? undefined : zones.toInstant(wall, zone);
}

function occurrenceOf(calendar: MicrosoftCalendar, id: string, zones: TimeZones): StoredEvent | undefined {
  const match = /^(.+)\.(\d{4})(\d\d)(\d\d)$/.exec(id);
  const series = calendar.events.get(match?.[1] ?? '');
  if (match === null || series === undefined) return undefined;
  const dayMs = Date.UTC(Number(match[2]), Number(match[3]) - 1, Number(match[4]));
  return expandSeries(series, { fromMs: dayMs - 86_400_000, toMs: dayMs + 2 * 86_400_000 }, zones).find((event) => event.id === id);
}

function newCalendar(
  seed: CalendarSeed,
  { user, isDefault, nowMs }: { readonly user: MailboxPerson; readonly isDefault: boolean; readonly nowMs: number },
): MicrosoftCalendar {
  return {
    id: seed.id ?? outlookId('folder'),
    name: seed.name,
    isDefault,
    canEdit: seed.canEdit ?? true,
    owner: seed.owner ?? { name: user.name, address: user.email },
    onlineMeetingProviders: seed.allowedOnlineMeetingProviders ?? (user.isPersonal ? [] : ['teamsForBusiness']),
    events: new Map(),
    changes: 0,
    changedMs: nowMs,
  };
}

function providersOf({ allowedOnlineMeetingProviders: allowed }: Pick<UserSeed, 'allowedOnlineMeetingProviders'>): Partial<CalendarSeed> {
  return allowed === undefined ? {} : { allowedOnlineMeetingProviders: allowed };
}

function toStored(
  { id, iCalUId, fields: wanted, previous }: EventToPut,
  { nowMs, zones, calendar }: { nowMs: number; zones: TimeZones; calendar: MicrosoftCalendar },
): StoredEvent {
  const { fields, onlineMeeting } = settleMeeting(wanted, previous?.onlineMeeting, calendar);
  const startMs = instantOf(fields.start, zones);
  const endMs = instantOf(fields.end, zones);
  if (startMs === undefined || endMs === undefined) throw new TypeError('events[]: expected start and end as Graph writes them');
  return {
    id: id ?? previous?.id ?? outlookId('item'),
    fields,
    startMs,
    endMs,
    iCalUId: previous?.iCalUId ?? iCalUId ?? `040000008200E00074C5B7101A82E008${randomBytes(16).toString('hex').toUpperCase()}`,
    createdMs: previous?.createdMs ?? nowMs,
    changedMs: nowMs,
    version: (previous?.version ?? 0) + 1,
    ...(onlineMeeting === undefined ? {} : { onlineMeeting }),
  };
}

/** What the ids of items and of folders are long, as they were seen. */
const ID_LENGTHS = { item: 152, folder: 120 } as const;

/** Outlook's ids are long and end in `=`, which a path has to escape or may not: both reach the same. */
function outlookId(kind: keyof typeof ID_LENGTHS): string {
  const [start, end] = ['AAMkAG', 'AAA='];
  const length = ID_LENGTHS[kind];
  return `${start}${randomBytes(length)
    .toString('base64url')
    .slice(0, length - start.length - end.length)}${end}`;
}
