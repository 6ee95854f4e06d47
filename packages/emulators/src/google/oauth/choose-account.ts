import type { Context } from 'hono';
import { setCookie } from 'hono/cookie';
import { askOrAnswer } from './consent.ts';
import { beginStep, refuseUnknownAccount, SESSION_COOKIE, signedInUsers, type ConversationDeps } from './conversation.ts';
import { readForm } from '../../oauth/read-form.ts';

/** `POST /o/oauth2/v2/auth/account`: somebody chose an account, which stands for signing in. */
export function chooseAccount(deps: ConversationDeps): (c: Context) => Promise<Response> {
  return async function takeAccount(c) {
    const step = await beginStep(c, deps);
    if (step instanceof Response) return step;
    const user = deps.world.userByEmail((await readForm(c.req.raw)).get('account') ?? '');
    if (user === undefined) return refuseUnknownAccount(c, deps);
    const emails = new Set([...signedInUsers(c, deps).map((signedIn) => signedIn.email), user.email]);
    setCookie(c, SESSION_COOKIE, [...emails].join(' '), { path: '/o/oauth2/v2', httpOnly: true, sameSite: 'Lax' });
    return askOrAnswer(step, user);
  };
}
