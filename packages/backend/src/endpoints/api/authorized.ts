import type { Context, Handler } from 'hono';
import { accountOf } from '../../accounts/userinfo.ts';
import type { Backend } from '../../backend.ts';
import { CalendarRefusal, type Refusal } from '../../calendars/calendar-refusal.ts';
import { allows, type Operation } from '../../oauth/endpoint-access.ts';
import type { AuthorizedAccount } from '../../storage/questions/authorized-account.ts';
import { bearerToken } from '../credentials.ts';
import { answerJson } from '../json-answer.ts';

/** A call on behalf of one account. */
export interface AuthorizedCall {
  readonly c: Context;
  readonly account: AuthorizedAccount;
}

/**
 * A handler behind an access token: 401 without a living one, 403 where its scope does not allow the call, and otherwise what `answer` says or
 * refuses. Nothing here is ever for a page: there is no `Access-Control-Allow-Origin`.
 */
export function authorized(
  deps: Pick<Backend, 'store' | 'now'>,
  operation: Operation,
  answer: (call: AuthorizedCall) => Response | Promise<Response>,
): Handler {
  return async function answerAuthorized(c) {
    const accessToken = bearerToken(c);
    const account = accessToken === undefined ? undefined : await accountOf(deps, accessToken);
    if (account === undefined) return unauthorized(c, accessToken !== undefined);
    if (!allows(account.scope, operation)) return insufficientScope(c);
    try {
      return await answer({ c, account });
    } catch (error) {
      if (error instanceof CalendarRefusal) return refuse(c, error.refusal);
      throw error;
    }
  };
}

/** 401 with an empty body; the reason is in the header where there was a token ([RFC 6750 §3](https://www.rfc-editor.org/rfc/rfc6750#section-3)). */
export function unauthorized(c: Context, hadToken: boolean): Response {
  c.header('WWW-Authenticate', hadToken ? 'Bearer error="invalid_token"' : 'Bearer');
  return empty(c, 401);
}

/** [RFC 6750 §3.1](https://www.rfc-editor.org/rfc/rfc6750#section-3.1) */
function insufficientScope(c: Context): Response {
  c.header('WWW-Authenticate', 'Bearer error="insufficient_scope"');
  return empty(c, 403);
}

/** Longer than most outages that say nothing of themselves take to pass over. */
const DEFAULT_RETRY_AFTER_MS = 10_000;

function refuse(c: Context, refusal: Refusal): Response {
  switch (refusal.reason) {
    case 'not_found':
      return empty(c, 404);
    case 'forbidden':
      return empty(c, 403);
    case 'locked':
      c.header('Retry-After', '1');
      return empty(c, 423);
    case 'unavailable':
      c.header('Retry-After', String(Math.ceil((refusal.retryAfterMs ?? DEFAULT_RETRY_AFTER_MS) / 1000)));
      return empty(c, 503);
    case 'invalid':
      c.header('Cache-Control', 'no-store');
      return answerJson(c, { errors: refusal.errors }, 422);
  }
}

/** 202 with an empty body: the partner API's answer to whatever is written. */
export function accepted(c: Context): Response {
  return empty(c, 202);
}

function empty(c: Context, status: 202 | 401 | 403 | 404 | 423 | 503): Response {
  c.header('Cache-Control', 'no-store');
  return c.body(null, status);
}
