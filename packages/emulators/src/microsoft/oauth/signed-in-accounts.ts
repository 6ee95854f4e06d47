import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { MicrosoftUser, People } from '../directory/people.ts';
import type { Prompt } from './authorization-request.ts';

/** The accounts that this browser has chosen before, by address. It stands for being signed in. */
const SESSION_COOKIE = 'microsoft_emulator_accounts';

/** Returns the accounts that are signed in in this browser, in the order in which they were chosen. */
export function signedInUsers(c: Context, people: People): MicrosoftUser[] {
  const emails = (getCookie(c, SESSION_COOKIE) ?? '').split(' ');
  return emails.map((email) => people.find(email)).filter((user) => user !== undefined);
}

/** Notes that an account is signed in. */
export function noteSignIn(c: Context, user: MicrosoftUser, people: People): void {
  const emails = new Set([...signedInUsers(c, people).map(({ email }) => email), user.email]);
  setCookie(c, SESSION_COOKIE, [...emails].join(' '), { path: '/', httpOnly: true, sameSite: 'Lax' });
}

/** Signs every account out in this browser. */
export function noteSignOut(c: Context): void {
  setCookie(c, SESSION_COOKIE, '', { path: '/', maxAge: 0 });
}

/** What single sign-on looks at. */
export interface SingleSignOn {
  readonly signedIn: readonly MicrosoftUser[];
  readonly people: People;
  readonly loginHint: string | undefined;
  readonly prompt: Prompt | undefined;
  /** Whether this account may sign in at the address. */
  readonly isWelcome: (user: MicrosoftUser) => boolean;
}

/**
 * Returns the account that goes on without a question: the hinted one if it is signed in, else the only one.
 * "The default behavior is to either sign in the sole current user, show the account picker if there are multiple users, or show the
 * login page if there are no users signed in."
 */
export function singleSignOn({ signedIn, people, loginHint, prompt, isWelcome }: SingleSignOn): MicrosoftUser | undefined {
  if (prompt === 'login' || prompt === 'select_account') return undefined;
  if (loginHint !== undefined) {
    const hinted = people.find(loginHint);
    return hinted !== undefined && signedIn.includes(hinted) ? hinted : undefined;
  }
  const [only, ...others] = signedIn.filter(isWelcome);
  return others.length === 0 ? only : undefined;
}
