import type { AccountState, ExchangePeople, ExchangePerson } from './people.ts';

/** How an attempt to log in ended. Everything but `ok` is a plain 401 to whoever tries. */
export type LoginOutcome = 'ok' | 'unknown_user' | 'wrong_password' | Exclude<AccountState, 'active'>;

/** The guard of the accounts. */
export interface Logins {
  /** Settles an attempt: counts what failed, and locks the account where it was one too many. */
  readonly settle: (person: ExchangePerson | undefined, passwordIsRight: boolean) => LoginOutcome;
}

/** Creates the guard. `lockoutThreshold` wrong passwords in a row lock an account; 0 never does. */
export function createLogins(people: ExchangePeople, lockoutThreshold: number): Logins {
  return {
    settle: (person, passwordIsRight) => {
      if (person === undefined) return 'unknown_user';
      if (person.state === 'locked') return 'locked';
      if (passwordIsRight) {
        people.change(person.email, { failedLogins: 0 });
        return person.state === 'active' ? 'ok' : person.state;
      }
      const failedLogins = person.failedLogins + 1;
      const isLocked = lockoutThreshold > 0 && failedLogins >= lockoutThreshold;
      people.change(person.email, { failedLogins, ...(isLocked ? { state: 'locked' } : {}) });
      return 'wrong_password';
    },
  };
}
