import type { CalendarOutcome } from '../calendar-reader.ts';
import type { EwsCaller } from '../ews/caller.ts';
import { ewsFailure } from '../ews/ews-errors.ts';
import { listCalendars } from '../ews/folders.ts';
import type { AccountConnection } from './log-in/account-connection.ts';
import { listRooms, type RoomsOutcome } from './library/rooms.ts';
import { syncCalendarItems, type SyncOutcome } from './library/sync-items.ts';
import { readAvailability } from './operations/availability.ts';
import { createExchangeCaller } from './operations/exchange-caller.ts';
import { refusedLogin } from './operations/refused-login.ts';
import type { OwnMailbox } from './sign-in/own-mailbox.ts';

const WEEK_MS = 7 * 86_400_000;

/** What is looked for in a mailbox, in this order. */
export type MailboxQuestion = 'own_mailbox' | 'calendars' | 'free_busy' | 'changes' | 'rooms';

type Failure = Exclude<SyncOutcome | RoomsOutcome | CalendarOutcome<never>, { outcome: 'ok' }>;

/** What a mailbox answered: how much there is, and never what; or why nothing. */
export interface MailboxLook {
  readonly question: MailboxQuestion;
  /** As it is to be read: `3 calendars`, or what the server answered instead, in its codes. */
  readonly answered: string;
  readonly outcome: 'ok' | 'another_mailbox' | 'unsaid' | Failure['outcome'];
}

/** Whose mailbox it is, and how it is asked. */
export interface MailboxParts {
  readonly connection: AccountConnection;
  readonly now: () => number;
  /** As it was typed. */
  readonly address: string;
  /** What the server says of whose it is. */
  readonly own: OwnMailbox;
  readonly serverVersion: string | undefined;
}

/** Tries what is asked of a mailbox, one after the other, and changes nothing. One that fails does not end it. */
export async function examineMailbox(parts: MailboxParts): Promise<readonly MailboxLook[]> {
  const { connection, now, address, own, serverVersion } = parts;
  const caller = createExchangeCaller({ connection, now, serverVersion });
  const mailbox = own.outcome === 'said' ? own.mailbox.address : address;
  return [
    tellOwn(caller, own, address),
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

/** Whose it is decides who is connected; the address that was typed does not. */
function tellOwn(caller: EwsCaller, own: OwnMailbox, address: string): MailboxLook {
  const question = 'own_mailbox';
  if (own.outcome === 'unsaid') return { question, answered: 'not said', outcome: 'unsaid' };
  if (own.outcome === 'said') {
    const isSame = own.mailbox.address.toLowerCase() === address.trim().toLowerCase();
    return isSame
      ? { question, answered: 'this address', outcome: 'ok' }
      : { question, answered: 'another address', outcome: 'another_mailbox' };
  }
  return failed(question, ewsFailure(caller, 'whose mailbox it is', refusedLogin(own)));
}

type Answered<T> = { readonly outcome: 'ok'; readonly value: T } | Failure;

async function look<T>(question: MailboxQuestion, ask: () => Promise<Answered<T>>, tell: (value: T) => string): Promise<MailboxLook> {
  const answer = await ask().catch(surprise);
  if (answer.outcome === 'ok') return { question, answered: tell(answer.value), outcome: 'ok' };
  return failed(question, answer);
}

/** The name of an error is ours or the platform's; its text may hold what a server wrote. */
function surprise(error: unknown): Failure {
  return { outcome: 'unavailable', retryAfterMs: undefined, operatorHint: `not asked: ${error instanceof Error ? error.name : 'unknown'}` };
}

function failed(question: MailboxQuestion, failure: Failure): MailboxLook {
  return { question, answered: 'operatorHint' in failure ? failure.operatorHint : '401', outcome: failure.outcome };
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
