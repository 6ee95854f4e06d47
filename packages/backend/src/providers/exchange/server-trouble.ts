import type { EwsAnswer } from '../ews/caller.ts';
import { meaningOf } from '../ews/ews-errors.ts';
import { isOwnProxysFault } from './autodiscover/judge-ews.ts';
import type { Refusal } from './log-in/outcome.ts';

/** What may mean that the mailbox is elsewhere by now. `gone`: no outage says that; the server or the mailbox on it is not there. */
export type ServerTrouble = 'passing' | 'gone';

/** Exchange’s codes of mailboxes that are being moved, or that it has lost the way to. */
const MOVING: readonly (string | undefined)[] = ['ErrorMailboxMoveInProgress', 'ErrorConnectionFailed'];

/** There is a web server, and no Exchange in it. A page, a redirect or a fault of the server’s may be an update that goes on, or went wrong. */
const NO_EXCHANGE_THERE: readonly number[] = [404, 410];

/** What a refused login says of the server. */
export function troubleOfRefusal(refusal: Refusal): ServerTrouble | undefined {
  switch (refusal.outcome) {
    case 'unreachable':
      if (isOwnProxysFault(refusal)) return undefined;
      return refusal.reason === 'ENOTFOUND' ? 'gone' : 'passing';
    case 'not_exchange':
      return NO_EXCHANGE_THERE.includes(refusal.status) ? 'gone' : 'passing';
    // The name leads to another machine by now.
    case 'certificate_untrusted':
      return 'passing';
    case 'not_allowed':
    case 'throttled':
      return troubleOfCode(refusal.code);
    default:
      return undefined;
  }
}

/** What an answer of Exchange's says of it. */
export function troubleOfAnswer(answer: EwsAnswer): ServerTrouble | undefined {
  const all = answer.refused ? [answer] : answer.messages;
  const troubles = all.map((each) => (each.refused ? troubleOfCode(each.code) : undefined));
  return troubles.includes('gone') ? 'gone' : troubles.find((trouble) => trouble !== undefined);
}

/** Whether it was Exchange that said something, and not a web server in its place. */
export function isFromExchange(answer: EwsAnswer): boolean {
  return !answer.refused || answer.code !== undefined;
}

function troubleOfCode(code: string | undefined): ServerTrouble | undefined {
  if (meaningOf(code) === 'no_mailbox') return 'gone';
  return MOVING.includes(code) ? 'passing' : undefined;
}
