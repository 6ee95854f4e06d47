import type { MiddlewareHandler } from 'hono';
import { callerOf, type ServiceEnv } from '../oauth/caller-of.ts';
import { ZoomError } from './api-error.ts';
import type { ZoomParts } from './parts.ts';
import { ZOOM_CALL_SCOPES, type ZoomCall } from './scopes.ts';

/** Lets a call pass whose access token is live and has one of the call's scopes. A missing scope is a 400, not a 403. */
export function allow(call: ZoomCall, parts: Pick<ZoomParts, 'tokens' | 'accounts'>): MiddlewareHandler<ServiceEnv> {
  return async function checkCaller(c, next) {
    const checked = callerOf(c, parts);
    if (checked.state !== 'live') {
      throw new ZoomError(401, 124, { message: checked.state === 'expired' ? 'Access token is expired.' : 'Invalid access token.' });
    }
    const scopes = ZOOM_CALL_SCOPES[call];
    if (!scopes.some((scope) => checked.caller.scopes.includes(scope))) {
      const message = `Invalid access token, does not contain scopes:[${scopes[0]}].`;
      throw new ZoomError(400, 4711, { message });
    }
    c.set('caller', checked.caller);
    await next();
  };
}
