import type { MiddlewareHandler } from 'hono';
import { callerOf, type ServiceEnv } from '../oauth/caller-of.ts';
import { WebexError } from './api-error.ts';
import type { WebexParts } from './parts.ts';
import { WEBEX_CALL_SCOPES } from './scopes.ts';

/** Lets a call pass whose access token is live and has the call's scope. */
export function allow(call: keyof typeof WEBEX_CALL_SCOPES, parts: Pick<WebexParts, 'tokens' | 'accounts'>): MiddlewareHandler<ServiceEnv> {
  return async function checkCaller(c, next) {
    const checked = callerOf(c, parts);
    if (checked.state !== 'live') throw unauthorized();
    if (!checked.caller.scopes.includes(WEBEX_CALL_SCOPES[call])) {
      throw new WebexError(403, `Missing required scope: ${WEBEX_CALL_SCOPES[call]}`);
    }
    c.set('caller', checked.caller);
    await next();
  };
}

/** Returns what Webex answers for a token that is none, or dead. */
export function unauthorized(): WebexError {
  return new WebexError(401, 'The request requires a valid access token set in the Authorization request header.');
}
