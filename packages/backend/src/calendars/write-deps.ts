import type { Backend } from '../backend.ts';
import type { AuthorizedAccount } from '../storage/questions/authorized-account.ts';
import type { AccountCalendar } from './account-calendars.ts';
import type { ActingDeps } from './acting.ts';
import type { EventMeetings } from './arrange-meeting.ts';
import type { Turns } from './turns.ts';

/** What writing events needs. */
export type WriteDeps = ActingDeps &
  Pick<Backend, 'mailer' | 'work' | 'limits' | 'publicUrl'> & {
    readonly eventMeetings: EventMeetings;
    readonly turns: Turns;
  };

/** Where an event is written. */
export interface WriteTarget extends AccountCalendar {
  readonly account: AuthorizedAccount;
}
