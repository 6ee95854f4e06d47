import type { EventSeed, EventTime } from './events.ts';
import type { UserSeed } from './world.ts';

const DAY_MS = 86_400_000;
const ZONE = 'Europe/Berlin';

/** A calendar that anybody may read, as Google's own of public holidays. */
const HOLIDAYS = 'en.german#holiday@group.v.calendar.google.com';

/**
 * The people every new emulator starts with: one in a Workspace organisation, one with a Gmail address.
 * Their events lie in the week of `nowMs`, so that a demonstration always shows a full week.
 */
export function defaultUsers(nowMs: number): readonly UserSeed[] {
  const day = createWeek(nowMs);
  return [amira(day), jonas(day)];
}

/** Days of this week, Monday being 0. */
type Week = (weekday: number) => {
  at: (from: string, to: string) => Pick<EventSeed, 'start' | 'end'>;
  all: (days?: number) => Pick<EventSeed, 'start' | 'end'>;
};

function createWeek(nowMs: number): Week {
  const mondayMs = nowMs - ((new Date(nowMs).getUTCDay() + 6) % 7) * DAY_MS;
  return (weekday) => {
    const date = (offset: number): string => new Date(mondayMs + (weekday + offset) * DAY_MS).toISOString().slice(0, 10);
    const time = (clock: string): EventTime => ({ dateTime: `${date(0)}T${clock}:00`, timeZone: ZONE });
    return {
      at: (from, to) => ({ start: time(from), end: time(to) }),
      all: (days = 1) => ({ start: { date: date(0) }, end: { date: date(days) } }),
    };
  };
}

function amira(day: Week): UserSeed {
  return {
    email: 'amira@partner.example',
    name: 'Amira Haddad',
    hostedDomain: 'partner.example',
    timeZone: ZONE,
    events: [
      {
        id: 'amirastandup',
        summary: 'Stand-up',
        ...day(0).at('09:30', '09:45'),
        recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR'],
        location: 'Room Elbe',
      },
      {
        id: 'amirabudget',
        summary: 'Budget talk with Jonas',
        description: 'Numbers for next year. Bring the draft.',
        location: 'Lindenstraße 12, Berlin',
        ...day(1).at('11:00', '12:00'),
        attendees: [
          { email: 'amira@partner.example', displayName: 'Amira Haddad', responseStatus: 'accepted' },
          { email: 'jonas@gmail.example', displayName: 'Jonas Weber', responseStatus: 'needsAction' },
        ],
      },
      { id: 'amiradoctor', summary: 'Doctor', visibility: 'private', ...day(2).at('15:00', '16:00') },
      { id: 'amirafocus', summary: 'Writing time', transparency: 'transparent', ...day(3).at('09:00', '12:00') },
      { id: 'amiratrade', summary: 'Trade fair', location: 'Leipzig', ...day(3).all(2) },
    ],
    calendars: [
      {
        id: 'c_teamholidays@group.calendar.google.com',
        summary: 'Team holidays',
        accessRole: 'writer',
        conferenceSolutions: [],
        events: [{ id: 'mareikeout', summary: 'Mareike away', ...day(0).all(5) }],
      },
      {
        id: 'c_roomplan@group.calendar.google.com',
        summary: 'Room plan',
        accessRole: 'freeBusyReader',
        events: [{ id: 'boardmeeting', summary: 'Board meeting', ...day(2).at('13:00', '14:30') }],
      },
      {
        id: HOLIDAYS,
        summary: 'Holidays in Germany',
        accessRole: 'reader',
        isPublic: true,
        events: [{ id: 'publicrest', summary: 'Public holiday', transparency: 'transparent', ...day(4).all() }],
      },
    ],
  };
}

function jonas(day: Week): UserSeed {
  return {
    email: 'jonas@gmail.example',
    name: 'Jonas Weber',
    timeZone: ZONE,
    events: [
      { id: 'jonasdentist', summary: 'Dentist', location: 'Dr. Sommer', ...day(1).at('08:15', '09:00') },
      { id: 'jonaslaps', summary: 'Swimming', ...day(2).at('18:00', '19:30'), recurrence: ['RRULE:FREQ=WEEKLY'] },
      { id: 'jonastrip', summary: 'Trip to the sea', ...day(5).all(2) },
    ],
    calendars: [
      {
        id: 'c_family@group.calendar.google.com',
        summary: 'Family',
        accessRole: 'owner',
        events: [{ id: 'familidinner', summary: 'Dinner at home', ...day(6).at('18:30', '21:00') }],
      },
      { id: HOLIDAYS, summary: 'Holidays in Germany', accessRole: 'reader', isPublic: true },
    ],
  };
}
