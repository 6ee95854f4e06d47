import { LRUCache } from 'lru-cache';
import { type AccountAtServer, accountKey } from './log-in/account-limits.ts';
import type { LogInRequest } from './log-in/log-in.ts';
import { createLookLimits } from './look-limits.ts';
import type { ServerTrouble } from './server-trouble.ts';
import type { FindSettings } from './sign-in/find.ts';

/** What a look came to is good for so long: nobody is to look again sooner. */
const LOOK_EVERY_MS = 60 * 60_000;
/** Longer than servers are usually worked on. Whoever is told in vain has lost nothing: the profile is well again with the server. */
const LASTING_MS = 6 * 60 * 60_000;
/** Between two times that are further apart, nobody knows what the server was. */
const SILENCE_MS = 90 * 60_000;
const MAX_ACCOUNTS = 10_000;

/** A mailbox, and where it was; a look for it ends with the signal. */
export type MailboxAtServer = AccountAtServer & Pick<LogInRequest, 'mailbox' | 'signal'>;

/** Looks where the mailbox is now. `undefined`: there is no other server that may have the password. Rejects where the look was not made to its end. */
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
  /** An account was answered by Exchange (`undefined`), or met trouble. What is neither says nothing. */
  heard(account: AccountAtServer, trouble: ServerTrouble | undefined): void;
  /** Where the mailbox is now, by a look that is good still. */
  found(account: AccountAtServer): URL | undefined;
  /** Looks, where nobody has within the hour and not too many do; a look that rejects has not been. Never rejects. */
  look(account: MailboxAtServer, look: ServerLook): Promise<URL | undefined>;
  /**
   * The login does not hold at the server that was found: it is not tried there again before the account was answered where it was, because each
   * time counts towards locking the account.
   */
  refused(account: AccountAtServer): void;
  /** Whether the server is gone for so long, by what was heard of it all the time, that somebody has to be told. */
  isLasting(account: AccountAtServer): boolean;
}

interface Known {
  lookedAtMs?: number | undefined;
  found?: URL | undefined;
  refused?: boolean | undefined;
  gone?: Gone | undefined;
}

/** When that was heard for the first time, and for the last. */
interface Gone {
  readonly sinceMs: number;
  readonly heardAtMs: number;
}

/** Makes the memory of one process. What it knows of accounts whose trouble is longest ago is forgotten first. */
export function createServerMoves(now: () => number = Date.now): ServerMoves {
  // Made when first needed: most servers stay where they are.
  let accounts: LRUCache<string, Known> | undefined;
  const underWay = new Map<string, Promise<URL | undefined>>();
  const limits = createLookLimits(now);

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
    try {
      const elsewhere = await look();
      if (known.refused !== true) known.found = elsewhere;
    } catch {
      // Whoever asks has an answer that is not to get lost: that of their call.
      known.lookedAtMs = undefined;
    }
    return known.found;
  }

  return {
    heard: (account, trouble) => {
      const known = trouble === 'gone' ? noteOf(account) : knownOf(account);
      if (known === undefined) return;
      if (trouble === 'gone') known.gone = goneOn(known.gone, now());
      // It is where it was, whatever was found meanwhile.
      if (trouble === undefined) Object.assign(known, { gone: undefined, found: undefined, refused: undefined });
    },
    found,
    look: async (account, look) => {
      const key = accountKey(account);
      const running = underWay.get(key);
      if (running !== undefined) return running;
      const known = noteOf(account);
      if (isGood(known) || known.refused === true) return found(account);
      const end = limits.begin(domainOf(account.mailbox));
      if (end === undefined) return undefined;
      const looking = lookOnce(known, look).finally(() => {
        underWay.delete(key);
        end();
      });
      underWay.set(key, looking);
      return looking;
    },
    refused: (account) => void Object.assign(noteOf(account), { refused: true, found: undefined }),
    isLasting: (account) => isLasting(knownOf(account)?.gone, now()),
  };
}

/** Begins anew behind a silence. */
function goneOn(gone: Gone | undefined, nowMs: number): Gone {
  const goesOn = gone !== undefined && nowMs - gone.heardAtMs <= SILENCE_MS;
  return { sinceMs: goesOn ? gone.sinceMs : nowMs, heardAtMs: nowMs };
}

function isLasting(gone: Gone | undefined, nowMs: number): boolean {
  return gone !== undefined && nowMs - gone.heardAtMs <= SILENCE_MS && gone.heardAtMs - gone.sinceMs >= LASTING_MS;
}

function domainOf(mailbox: string): string {
  return mailbox.slice(mailbox.lastIndexOf('@') + 1).toLowerCase();
}

/** Looks by Autodiscover, which is loaded only then, with the mail address and nothing else of the person's. */
export async function lookForServer(settings: FindSettings, account: MailboxAtServer): Promise<URL | undefined> {
  const { findMovedServer } = await import('./find-moved-server.ts');
  return findMovedServer(settings, account);
}
