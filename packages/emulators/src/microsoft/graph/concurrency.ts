import type { MiddlewareHandler } from 'hono';
import { bearerToken } from '../../oauth/bearer-token.ts';
import type { MicrosoftParts } from '../parts.ts';
import { answerGraphError, GraphError } from './graph-error.ts';

/** Calls of one app on one mailbox that Exchange Online serves at a time. @see {@link https://learn.microsoft.com/graph/throttling-limits} */
const CONCURRENT_MOST = 4;

/** Refuses a fifth call at a time of one app on one mailbox, as Outlook does. */
export function limitConcurrency({ tokens, now }: Pick<MicrosoftParts, 'tokens' | 'now'>): MiddlewareHandler {
  const running = new Map<string, number>();
  return async function countCall(c, next) {
    const access = tokens.findAccessToken(bearerToken(c) ?? '');
    if (access === undefined) return next();
    const key = `${access.clientId} ${access.email ?? ''}`;
    const count = running.get(key) ?? 0;
    if (count >= CONCURRENT_MOST) {
      c.header('Retry-After', '1');
      return answerGraphError(c, throttled(), now());
    }
    running.set(key, count + 1);
    try {
      return await next();
    } finally {
      const left = (running.get(key) ?? 1) - 1;
      if (left > 0) running.set(key, left);
      else running.delete(key);
    }
  };
}

/** Returns what Outlook answers where an app asks too much. */
export function throttled(): GraphError {
  return new GraphError(429, 'ApplicationThrottled', 'Application is over its MailboxConcurrency limit.');
}
