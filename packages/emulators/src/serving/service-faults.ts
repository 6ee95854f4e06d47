import type { Context, MiddlewareHandler } from 'hono';
import { bearerToken } from '../oauth/bearer-token.ts';
import type { ServiceParts } from './service-parts.ts';

/** The endpoints a fault can strike. `authorize` is the pages, `token` tokens and their revocation, `api` everything else. */
export const SERVICE_ENDPOINT_GROUPS = ['authorize', 'token', 'api'] as const;

/** One of {@link SERVICE_ENDPOINT_GROUPS}. */
export type ServiceEndpointGroup = (typeof SERVICE_ENDPOINT_GROUPS)[number];

/** A status that a fault answers with. */
export type FaultStatus = 401 | 403 | 404 | 429 | 500 | 502 | 503 | 504;

/** Trouble to make: a delay, an error, or both. */
export interface ServiceFault {
  /** The default is every group. */
  readonly group?: ServiceEndpointGroup;
  /** Strikes calls of this person only; known for `api` calls with a token. */
  readonly email?: string;
  /** Waits this long before going on. */
  readonly delayMs?: number;
  /** Answers with this status instead of doing the work. */
  readonly status?: FaultStatus;
  /** Sends `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** How many requests it strikes; the default is every one until it is removed. */
  readonly times?: number;
}

/** How a service speaks of trouble. */
export interface TroubleWords {
  readonly groupOf: (path: string) => ServiceEndpointGroup;
  readonly answerOutage: (c: Context, status: FaultStatus, group: ServiceEndpointGroup) => Response;
}

/** Makes the trouble that the faults say, in the shape that the service has for it. */
export function makeServiceTrouble(
  { faults, tokens }: Pick<ServiceParts, 'faults' | 'tokens'>,
  { groupOf, answerOutage }: TroubleWords,
): MiddlewareHandler {
  return async function strike(c, next) {
    const group = groupOf(c.req.path);
    const striking = faults.strike(group, () => tokens.findAccessToken(bearerToken(c) ?? '')?.email);
    const delayMs = striking.reduce((sum, fault) => sum + (fault.delayMs ?? 0), 0);
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    const fault = striking.find(({ status }) => status !== undefined);
    if (fault?.status === undefined) return next();
    if (fault.retryAfterSeconds !== undefined) c.header('Retry-After', String(fault.retryAfterSeconds));
    return answerOutage(c, fault.status, group);
  };
}
