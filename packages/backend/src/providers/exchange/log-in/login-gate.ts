import { createHash } from 'node:crypto';
import type { LogInRequest } from './log-in.ts';
import type { SessionAnswer } from './session.ts';

/**
 * Lets one of an account's connections log in before the others. Calls that come together have a connection each, and after a change of password
 * every one of them would be a wrong try: ten at once lock the account.
 */
export interface LoginGate {
  /** Opens a connection and sends its first request, which logs it in; or answers as another one was, where that password was just refused there. */
  first(account: Omit<LogInRequest, 'signal'>, send: () => Promise<SessionAnswer>): Promise<SessionAnswer>;
}

/** Makes one. It knows only of what is under way, and keeps nothing. */
export function createLoginGate(): LoginGate {
  const underWay = new Map<string, Promise<SessionAnswer>>();
  return {
    async first(account, send) {
      const key = keyOf(account);
      const before = underWay.get(key);
      if (before === undefined) {
        const sent = send().finally(() => underWay.delete(key));
        underWay.set(key, sent);
        return sent;
      }
      const answer = await before.catch(() => undefined);
      // Else the password is right, or nobody could tell; then they need not wait for each other.
      return answer?.outcome === 'wrong_password' ? answer : send();
    },
  };
}

/** Another password is another account: it may be right. Hashed, so that none is kept in the clear a moment longer. */
function keyOf({ url, login }: Omit<LogInRequest, 'signal'>): string {
  return createHash('sha256')
    .update(JSON.stringify([url.href, login.userName, login.password]))
    .digest('hex');
}
