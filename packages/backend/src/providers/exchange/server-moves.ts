import { LRUCache } from 'lru-cache';
import type { EwsAnswer } from '../ews/caller.ts';
import { meaningOf } from '../ews/ews-errors.ts';
import { isOwnProxysFault, isShutOut } from './autodiscover/judge-ews.ts';
import { type AccountAtServer, accountKey } from './log-in/account-limits.ts';
import type { LogInRequest } from './log-in/log-in.ts';
import type { Refusal } from './log-in/outcome.ts';
import type { FindSettings } from './sign-in/find.ts';

/** What a look came to is good for so long: nobody is to look again sooner. */
const LOOK_EVERY_MS = 60 * 60_000;
/** Longer than servers are usually worked on. Whoever is told in vain has lost nothing: the profile is well again with the server. */
const LASTING_MS = 6 * 60 * 60_000;
const MAX_ACCOUNTS = 10_000;

/** What may mean that the mailbox is elsewhere by now. `gone`: no outage says that; the server or the mailbox on it is not there. */
export type ServerTrouble = 'passing' | 'gone';

/** A mailbox, and where it was. */
export type MailboxAtServer = AccountAtServer & Pick<LogInRequest, 'mailbox'>;

/** Looks where the mailbox is now. `undefined`: there is no other server that may have the password. */
export type ServerLook = () => Promise<URL | undefined>;

/**
 * Knows which accounts have lost their server, and finds it again.
 *
 * Nothing but the address of the credential changes, and by the one way in which credentials change: a call that meets such trouble looks for the
 * server, and where there is another one, ends as `unauthorized`. That has the credential renewed, once in all processes; the renewal logs in at
 * the new server, as carefully as ever, and what it stores names that one. Where there is none for hours, the same way ends with the person being
 * asked to come back. A passing outage stays what it was, `unavailable`. Each process looks and counts for itself.
 */
export interface ServerMoves {
  /** An account was answered (`undefined`), or met trouble. */
  heard(account: AccountAtServer, trouble: ServerTrouble | undefined): void;
  /** Where the mailbox is now, by a look that is good still. */
  found(account: AccountAtServer): URL | undefined;
  /** Looks, where nobody has within the hour. */
  look(account: AccountAtServer, look: ServerLook): Promise<URL | undefined>;
  /** The login does not hold at the server that was found: it is not tried there again, because each time counts towards locking the account. */
  refused(account: AccountAtServer): void;
  /** Whether the server is gone for so long that somebody has to be told. */
  isLasting(account: AccountAtServer): boolean;
}

interface Known {
  lookedAtMs?: number;
  found?: URL | undefined;
  refused?: boolean;
  goneSinceMs?: number | undefined;
}

/** Makes the memory of one process. What it knows of accounts whose trouble is longest ago is forgotten first. */
export function createServerMoves(now: () => number = Date.now): ServerMoves {
  // Made when first needed: most servers stay where they are.
  let accounts: LRUCache<string, Known> | undefined;
  const underWay = new Map<string, Promise<URL | undefined>>();

  const knownOf = (account: AccountAtServer): Known | undefined => accounts?.get(accountKey(account));

  function noteOf(account: AccountAtServer): Known {
    const known = knownOf(account) ?? {};
    accounts ??= new LRUCache({ max: MAX_ACCOUNTS });
    accounts.set(accountKey(account), known);
    return known;
  }

  const isGood = ({ lookedAtMs }: Known): boolean => lookedAtMs !== undefined && now() - lookedAtMs < LOOK_EVERY_MS;

  function found(account: AccountAtServer): URL | undefined {
    const known = knownOf(account);
    return known !== undefined && isGood(known) ? known.found : undefined;
  }

  async function lookOnce(known: Known, look: ServerLook): Promise<URL | undefined> {
    known.lookedAtMs = now();
    known.found = undefined;
    const elsewhere = await look();
    if (known.refused !== true) known.found = elsewhere;
    return known.found;
  }

  return {
    heard: (account, trouble) => {
      if (trouble === 'gone') noteOf(account).goneSinceMs ??= now();
      const known = trouble === undefined ? knownOf(account) : undefined;
      // It is where it was, whatever was found meanwhile.
      if (known !== undefined) Object.assign(known, { goneSinceMs: undefined, found: undefined });
    },
    found,
    look: async (account, look) => {
      const key = accountKey(account);
      const running = underWay.get(key);
      if (running !== undefined) return running;
      const known = noteOf(account);
      if (isGood(known) || known.refused === true) return found(account);
      const looking = lookOnce(known, look).finally(() => underWay.delete(key));
      underWay.set(key, looking);
      return looking;
    },
    refused: (account) => void Object.assign(noteOf(account), { refused: true, found: undefined }),
    isLasting: (account) => now() - (knownOf(account)?.goneSinceMs ?? Infinity) >= LASTING_MS,
  };
}

/** Looks by Autodiscover, which is loaded only then, with the mail address and nothing else of the person's. */
export async function lookForServer(settings: FindSettings, account: MailboxAtServer): Promise<URL | undefined> {
  const { findMovedServer } = await import('./find-moved-server.ts');
  return findMovedServer(settings, account);
}

/** Exchange’s codes of mailboxes that are being moved, or that it has lost the way to. */
const MOVING: readonly (string | undefined)[] = ['ErrorMailboxMoveInProgress', 'ErrorConnectionFailed'];

/** What a refused login says of the server. */
export function troubleOfRefusal(refusal: Refusal): ServerTrouble | undefined {
  switch (refusal.outcome) {
    case 'unreachable':
      if (isOwnProxysFault(refusal)) return undefined;
      return refusal.reason === 'ENOTFOUND' ? 'gone' : 'passing';
    case 'not_exchange':
      return isShutOut(refusal) ? 'passing' : 'gone';
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

function troubleOfCode(code: string | undefined): ServerTrouble | undefined {
  if (meaningOf(code) === 'no_mailbox') return 'gone';
  return MOVING.includes(code) && code !== undefined ? 'passing' : undefined;
}
