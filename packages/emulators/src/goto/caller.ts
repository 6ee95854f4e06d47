import type { MiddlewareHandler } from 'hono';
import { callerOf, type ServiceEnv } from '../oauth/caller-of.ts';
import { GoToError, invalidToken } from './api-error.ts';
import type { GoToParts } from './parts.ts';

/** Lets a call pass whose access token is live and has the scope. */
export function allow(scope: string, parts: Pick<GoToParts, 'tokens' | 'accounts'>): MiddlewareHandler<ServiceEnv> {
  return async function checkCaller(c, next) {
    const checked = callerOf(c, parts);
    if (checked.state !== 'live') throw invalidToken();
    if (!checked.caller.scopes.includes(scope)) {
      throw new GoToError(403, 'AccessDenied', 'The token does not have the required scope.');
    }
    c.set('caller', checked.caller);
    await next();
  };
}
