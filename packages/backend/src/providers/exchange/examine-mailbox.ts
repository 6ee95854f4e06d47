import type { CalendarOutcome } from '../calendar-reader.ts';
import type { EwsCaller } from '../ews/caller.ts';
import { listCalendars } from '../ews/folders.ts';
import type { AccountConnection } from './log-in/account-connection.ts';
import { listRooms, type RoomsOutcome } from './library/rooms.ts';
import { syncCalendarItems, type SyncOutcome } from './library/sync-items.ts';
import { readAvailability } from './operations/availability.ts';
import { createExchangeCaller } from './operations/exchange-caller.ts';

const WEEK_MS = 7 * 86_400_000;

/** What is looked for in a mailbox, in this order. */
export type MailboxQuestion = 'calendars' | 'free_busy' | 'changes' | 'rooms';

type Failure = Exclude<SyncOutcome | RoomsOutcome | CalendarOutcome<never>, { outcome: 'ok' }>;

/** What a mailbox answered: how much there is, and never what; or why nothing. */
export interface MailboxLook {
  readonly question: MailboxQuestion;
  /** As it is to be read: `3 calendars`, or what the server answered instead, in its codes. */
  readonly answered: string;
  readonly outcome: 'ok' | Failure['outcome'];
}

/** Whose mailbox it is, and how it is asked. */
export interface MailboxParts {
  readonly connection: AccountConnection;
  readonly now: () => number;
  readonly mailbox: string;
  readonly serverVersion: string | undefined;
}

/** Tries what is asked of a mailbox, one after the other, and changes nothing. One that fails does not end it. */
export async function examineMailbox({ connection, now, mailbox, serverVersion }: MailboxParts): Promise<readonly MailboxLook[]> {
  const caller = createExchangeCaller({ connection, now, serverVersion });
  return [
    await look(
      'calendars',
      () => listCalendars(caller),
      (calendars) => count(calendars.length, 'calendar'),
    ),
    await look(
      'free_busy',
      () => freeBusyOf(caller, mailbox, now()),
      (spans) => `${count(spans.length, 'span')} in the next 7 days`,
    ),
    await look('changes', () => syncCalendarItems({ connection, now, hints: caller.hints }, {}), tellChanges),
    await look('rooms', () => listRooms({ connection, now, hints: caller.hints }), tellRooms),
  ];
}

type Answered<T> = { readonly outcome: 'ok'; readonly value: T } | Failure;

async function look<T>(question: MailboxQuestion, ask: () => Promise<Answered<T>>, tell: (value: T) => string): Promise<MailboxLook> {
  const answer = await ask();
  if (answer.outcome === 'ok') return { question, answered: tell(answer.value), outcome: 'ok' };
  return { question, answered: 'operatorHint' in answer ? answer.operatorHint : '401', outcome: answer.outcome };
}

function freeBusyOf(caller: EwsCaller, mailbox: string, nowMs: number) {
  return readAvailability(caller, mailbox, { mode: 'free_busy', fromMs: nowMs, toMs: nowMs + WEEK_MS });
}

function tellChanges({ created, complete }: Extract<SyncOutcome, { outcome: 'ok' }>['value']): string {
  return `${count(created.length, 'item')}${complete ? '' : ', and more'}`;
}

function tellRooms({ lists, leftOut }: Extract<RoomsOutcome, { outcome: 'ok' }>['value']): string {
  const rooms = lists.reduce((sum, list) => sum + list.rooms.length, 0);
  return `${count(lists.length, 'list')}, ${count(rooms, 'room')}${leftOut === 0 ? '' : `, ${leftOut} not read`}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
