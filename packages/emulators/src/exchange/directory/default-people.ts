import type { EventSeed } from '../../microsoft/mailbox/events.ts';
import type { ExchangePersonSeed } from './people.ts';

const DAY_MS = 86_400_000;
const ZONE = 'W. Europe Standard Time';

/**
 * The people every new emulator starts with. For two of them the address is no name to log in with. The events lie in the week of `nowMs`.
 */
export function defaultExchangePeople(nowMs: number): readonly ExchangePersonSeed[] {
  const week = createWeek(nowMs);
  return [
    {
      email: 'amira@corp.example',
      name: 'Amira Haddad',
      password: 'Amira-s Password 1',
      userName: 'ahaddad',
      aliases: ['amira.haddad@corp.example'],
      events: [
        {
          id: 'AAMkAGamirastandup',
          subject: 'Stand-up',
          location: { displayName: 'Room Elbe' },
          ...week(0, '09:30', '09:45'),
          recurrence: {
            pattern: { type: 'weekly', interval: 1, daysOfWeek: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] },
            range: { type: 'noEnd', startDate: week(0, '09:30', '09:45').start.dateTime.slice(0, 10) },
          },
        },
        { id: 'AAMkAGamirabudget', subject: 'Budget talk', ...week(1, '11:00', '12:00') },
        { id: 'AAMkAGamiradoctor', subject: 'Doctor', sensitivity: 'private', ...week(2, '15:00', '16:00') },
        { id: 'AAMkAGamirafocus', subject: 'Writing time', showAs: 'free', ...week(3, '09:00', '12:00') },
      ],
      calendars: [{ name: 'Team holidays' }, { name: 'Room plan', canEdit: false }],
    },
    {
      email: 'jonas@corp.example',
      name: 'Jonas Weber',
      password: 'Jonas-s Password 2',
      userName: 'jweber',
      userPrincipalName: 'jweber@corp.local',
      events: [{ id: 'AAMkAGjonasdentist', subject: 'Dentist', ...week(1, '08:15', '09:00') }],
    },
    { email: 'lea@corp.example', name: 'Lea Sommer', password: 'Lea-s Password 3', userName: 'lsommer', mailbox: 'exchange_online' },
    { email: 'otto@corp.example', name: 'Otto Brandt', password: 'Otto-s Password 4', userPrincipalName: 'o.brandt@corp.example' },
  ];
}

/** Times on a day of this week, Monday being 0. */
function createWeek(nowMs: number): (weekday: number, from: string, to: string) => Pick<EventSeed, 'start' | 'end'> {
  const mondayMs = nowMs - ((new Date(nowMs).getUTCDay() + 6) % 7) * DAY_MS;
  return (weekday, from, to) => {
    const date = new Date(mondayMs + weekday * DAY_MS).toISOString().slice(0, 10);
    const time = (clock: string): EventSeed['start'] => ({ dateTime: `${date}T${clock}:00`, timeZone: ZONE });
    return { start: time(from), end: time(to) };
  };
}
