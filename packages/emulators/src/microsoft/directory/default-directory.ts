import type { EventSeed } from '../mailbox/events.ts';
import type { UserSeed } from './people.ts';
import type { TenantSeed } from './tenants.ts';

const DAY_MS = 86_400_000;
const ZONE = 'W. Europe Standard Time';

/** The organisations every new emulator starts with, one for each way in which consent can be had. */
export const DEFAULT_TENANTS: readonly TenantSeed[] = [
  { domain: 'partner.example', displayName: 'Partner Ltd', consentPolicy: 'admin' },
  { domain: 'studio.example', displayName: 'Open Studio', consentPolicy: 'user' },
  { domain: 'council.example', displayName: 'City Council', consentPolicy: 'workflow' },
];

/**
 * The people every new emulator starts with. Their events lie in the week of `nowMs`, so that a demonstration always shows a full week.
 */
export function defaultUsers(nowMs: number): readonly UserSeed[] {
  const week = createWeek(nowMs);
  return [
    {
      email: 'amira@partner.example',
      name: 'Amira Haddad',
      tenant: 'partner.example',
      events: amirasWeek(week),
      calendars: [
        { name: 'Team holidays', events: [{ subject: 'Mareike away', isAllDay: true, ...week(0).all(5) }] },
        { name: 'Room plan', canEdit: false, owner: { name: 'Noor Demir', address: 'noor@partner.example' } },
      ],
    },
    { email: 'noor@partner.example', name: 'Noor Demir', tenant: 'partner.example', isAdmin: true, events: [] },
    { email: 'otto@partner.example', name: 'Otto Brandt', tenant: 'partner.example', mailbox: 'on_premises' },
    { email: 'lea@studio.example', name: 'Lea Sommer', tenant: 'studio.example', guestOf: ['partner.example'] },
    { email: 'mika@council.example', name: 'Mika Lindholm', tenant: 'council.example' },
    { email: 'petra@council.example', name: 'Petra Vogel', tenant: 'council.example', isAdmin: true },
    {
      email: 'jonas@outlook.example',
      name: 'Jonas Weber',
      events: [
        { subject: 'Dentist', location: { displayName: 'Dr. Sommer' }, ...week(1).at('08:15', '09:00') },
        { subject: 'Swimming', ...week(2).at('18:00', '19:30') },
      ],
      calendars: [{ name: 'Family', events: [{ subject: 'Dinner at home', ...week(6).at('18:30', '21:00') }] }],
    },
  ];
}

/** Days of this week, Monday being 0. */
type Week = (weekday: number) => {
  at: (from: string, to: string) => Pick<EventSeed, 'start' | 'end'>;
  all: (days?: number) => Pick<EventSeed, 'start' | 'end'>;
};

function createWeek(nowMs: number): Week {
  const mondayMs = nowMs - ((new Date(nowMs).getUTCDay() + 6) % 7) * DAY_MS;
  return (weekday) => {
    const time = (offset: number, clock: string): EventSeed['start'] => {
      const date = new Date(mondayMs + (weekday + offset) * DAY_MS).toISOString().slice(0, 10);
      return { dateTime: `${date}T${clock}:00`, timeZone: ZONE };
    };
    return {
      at: (from, to) => ({ start: time(0, from), end: time(0, to) }),
      all: (days = 1) => ({ start: time(0, '00:00'), end: time(days, '00:00') }),
    };
  };
}

function amirasWeek(week: Week): EventSeed[] {
  const standUp = week(0).at('09:30', '09:45');
  const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];
  const range = { type: 'noEnd', startDate: standUp.start.dateTime.slice(0, 10) } as const;
  return [
    {
      id: 'amirastandup',
      subject: 'Stand-up',
      location: { displayName: 'Room Elbe' },
      ...standUp,
      recurrence: { pattern: { type: 'weekly', interval: 1, daysOfWeek: weekdays }, range },
    },
    {
      id: 'amirabudget',
      subject: 'Budget talk with Jonas',
      body: { contentType: 'html', content: '<p>Numbers for next year. Bring the draft.</p>' },
      location: { displayName: 'Lindenstraße 12, Berlin' },
      ...week(1).at('11:00', '12:00'),
      attendees: [{ type: 'required', emailAddress: { name: 'Jonas Weber', address: 'jonas@outlook.example' } }],
    },
    { id: 'amiradoctor', subject: 'Doctor', sensitivity: 'private', ...week(2).at('15:00', '16:00') },
    { id: 'amirafocus', subject: 'Writing time', showAs: 'free', ...week(3).at('09:00', '12:00') },
    { id: 'amiratrade', subject: 'Trade fair', showAs: 'oof', location: { displayName: 'Leipzig' }, isAllDay: true, ...week(3).all(2) },
  ];
}
