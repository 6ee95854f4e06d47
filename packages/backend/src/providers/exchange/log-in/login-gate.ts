import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { LogInRequest } from './log-in.ts';
import { createLoginAttempt, type LoginAttempt } from './login-attempt.ts';
import type { Refusal } from './outcome.ts';
import type { SessionAnswer } from './session.ts';

/** How long a refused login is left alone after it was sent once more: directories count wrong tries over ten to thirty minutes. */
const REST_MS = 10 * 60_000;
const MAX_REFUSED = 10_000;
/** Of a login that was sent: what the password was right for. */
const LET_IN: readonly string[] = ['ok', 'not_allowed'];

type Account = Pick<LogInRequest, 'url' | 'login'>;

/**
 * Sees to it that a password that was changed at the server does not lock the account: calls that come together have a connection each, and every
 * one of them would be a wrong try; so would every call that comes after, as long as nobody could find out whether the password is wrong for good.
 */
export interface LoginGate {
  /**
   * Opens a connection and sends its first request, which logs it in; or answers as another one was, where that login was refused there and has
   * not been let in since.
   */
  first(account: Account, send: () => Promise<SessionAnswer>): Promise<SessionAnswer>;
  /**
   * Logs in to see whether a refused login is let in again; `throttled` where it was sent for that within the last ten minutes, whatever came
   * of it: an answer may have been lost.
   */
  again<T extends { readonly outcome: string }>(account: Account, logIn: (attempt: LoginAttempt) => Promise<T>): Promise<T | Refusal>;
  /** Lets a login through from now on: it was let in elsewhere. */
  accept(account: Account): void;
}

/** Makes the gate of one process. What it knows is forgotten with the process, and what was refused longest ago before. */
export function createLoginGate(now: () => number = Date.now): LoginGate {
  const underWay = new Map<string, Promise<SessionAnswer>>();
  // Made when first needed. The time is when the login may be sent once more.
  let refused: LRUCache<string, number> | undefined;
  const setRefused = (key: string, againAtMs: number): void => {
    refused ??= new LRUCache({ max: MAX_REFUSED });
    refused.set(key, againAtMs);
  };

  async function sendFirst(key: string, send: () => Promise<SessionAnswer>): Promise<SessionAnswer> {
    const answer = await send();
    if (answer.outcome === 'answered') refused?.delete(key);
    if (answer.outcome === 'wrong_password' && refused?.has(key) !== true) setRefused(key, 0);
    return answer;
  }

  return {
    async first(account, send) {
      const key = keyOf(account);
      if (refused?.has(key) === true) return { outcome: 'wrong_password' };
      const before = underWay.get(key);
      if (before === undefined) {
        const sent = sendFirst(key, send).finally(() => underWay.delete(key));
        underWay.set(key, sent);
        return sent;
      }
      const answer = await before.catch(() => undefined);
      // Else the password is right, or nobody could tell; then they need not wait for each other.
      return answer?.outcome === 'wrong_password' ? answer : sendFirst(key, send);
    },
    async again(account, logIn) {
      const key = keyOf(account);
      const attempt = createLoginAttempt();
      const againAtMs = refused?.get(key);
      if (againAtMs === undefined) return logIn(attempt);
      if (againAtMs > now()) return { outcome: 'throttled', retryAfterMs: againAtMs - now() };
      setRefused(key, now() + REST_MS);
      const logged = await logIn(attempt);
      // Nothing that could be counted has arrived. Where the login was let in meanwhile, it stays so.
      if (!attempt.isSent && refused?.has(key) === true) setRefused(key, againAtMs);
      if (attempt.isSent && LET_IN.includes(logged.outcome)) refused?.delete(key);
      return logged;
    },
    accept: (account) => void refused?.delete(keyOf(account)),
  };
}

/** Another password is another account: it may be right. Hashed, so that none is kept in the clear a moment longer. */
function keyOf({ url, login }: Account): string {
  return createHash('sha256')
    .update(JSON.stringify([url.href, login.userName.trim(), login.password]))
    .digest('hex');
}
