import { LRUCache } from 'lru-cache';
import { RETRY_AFTER_CAP_MS } from '../../../outbound/retry-after.ts';
import type { LogInRequest } from './log-in.ts';

/** Exchange 2010 lets an account have ten connections at once, and the person’s own programs need some of them. */
const MOST_AT_ONCE = 3;
const MAX_RESTING = 10_000;

/** A login at a server. */
export type AccountAtServer = Pick<LogInRequest, 'url' | 'login'>;

/**
 * How much of a server one account takes, and when: servers count and throttle by account. Each process knows of its own calls alone, so several
 * may have as many connections each, and each has to be told by a busy server by itself.
 *
 * @see [EWS throttling in Exchange](https://learn.microsoft.com/exchange/client-developer/exchange-web-services/ews-throttling-in-exchange)
 */
export interface AccountLimits {
  /** How long the server still wants to be left alone by the account, in milliseconds; 0: it may be asked. */
  restMs(account: AccountAtServer): number;
  /** The server wants to be left alone so long, and is: for {@link RETRY_AFTER_CAP_MS} at most. */
  rest(account: AccountAtServer, wishMs: number): void;
  /** Waits, in order, for one of three turns of the account, and gives what ends it; `undefined` where none came within the time. */
  takeTurn(account: AccountAtServer, timeoutMs: number): Promise<(() => void) | undefined>;
}

/** Makes the limits of one process; what they know is forgotten with it. */
export function createAccountLimits(now: () => number = Date.now): AccountLimits {
  // Made when first needed: few servers are ever busy.
  let resting: LRUCache<string, number> | undefined;
  const takeTurn = createTurns();
  return {
    restMs: (account) => Math.max(0, (resting?.get(accountKey(account)) ?? 0) - now()),
    rest: (account, wishMs) => {
      const key = accountKey(account);
      resting ??= new LRUCache({ max: MAX_RESTING });
      resting.set(key, Math.max(resting.get(key) ?? 0, now() + Math.min(wishMs, RETRY_AFTER_CAP_MS)));
    },
    takeTurn: (account, timeoutMs) => takeTurn(accountKey(account), timeoutMs),
  };
}

/** The account of a login at its server, whatever its password is. */
export function accountKey({ url, login }: AccountAtServer): string {
  return `${url.host} ${login.userName.trim().toLowerCase()}`;
}

type Turn = () => void;

interface Line {
  held: number;
  readonly waiting: ((turn: Turn) => void)[];
}

function createTurns(): (key: string, timeoutMs: number) => Promise<Turn | undefined> {
  const lines = new Map<string, Line>();

  function turnIn(key: string, line: Line): Turn {
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      const next = line.waiting.shift();
      if (next !== undefined) return next(turnIn(key, line));
      line.held -= 1;
      if (line.held === 0) lines.delete(key);
    };
  }

  return (key, timeoutMs) => {
    const line = lines.get(key) ?? { held: 0, waiting: [] };
    lines.set(key, line);
    if (line.held < MOST_AT_ONCE) {
      line.held += 1;
      return Promise.resolve(turnIn(key, line));
    }
    return new Promise((resolve) => {
      const give = (turn: Turn): void => {
        clearTimeout(timer);
        resolve(turn);
      };
      const timer = setTimeout(() => {
        line.waiting.splice(line.waiting.indexOf(give), 1);
        resolve(undefined);
      }, timeoutMs);
      line.waiting.push(give);
    });
  };
}
