import type { Context, MiddlewareHandler } from 'hono';
import { answerApiError, ApiError } from './calendar/api-error.ts';
import { endpointGroup, type Fault } from './faults.ts';
import { answerMeetError, MeetError } from '../meet/meet-error.ts';
import { bearerToken } from '../oauth/bearer-token.ts';
import { errorPage } from './pages/error-page.ts';
import type { GoogleParts } from './parts.ts';

/** Makes the trouble that the faults say, in the shape that each group of endpoints has for it. */
export function makeTrouble({ faults, grants, world }: Pick<GoogleParts, 'faults' | 'grants' | 'world'>): MiddlewareHandler {
  return async function strike(c, next) {
    const callersEmail = (): string | undefined => world.userBySub(grants.findAccessToken(bearerToken(c) ?? '')?.sub ?? '')?.email;
    const striking = faults.strike(endpointGroup(c.req.path), callersEmail);
    const delayMs = striking.reduce((sum, fault) => sum + (fault.delayMs ?? 0), 0);
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    const fault = striking.find(({ status }) => status !== undefined);
    return fault?.status === undefined ? next() : answerFault(c, fault, fault.status);
  };
}

function answerFault(c: Context, fault: Fault, status: NonNullable<Fault['status']>): Response | Promise<Response> {
  if (fault.retryAfterSeconds !== undefined) c.header('Retry-After', String(fault.retryAfterSeconds));
  switch (endpointGroup(c.req.path)) {
    case 'calendar':
      return answerApiError(c, calendarError(fault, status));
    case 'meet':
      return answerMeetError(c, meetError(status));
    case 'authorize':
      return c.html(
        errorPage({ status, error: status < 500 ? 'rate_limit_exceeded' : 'server_error', detail: 'Something went wrong. Try again.' }),
        status,
      );
    default:
      // The texts of outages at the OAuth endpoints are not documented.
      return status < 500
        ? c.json({ error: 'rate_limit_exceeded', error_description: 'Rate Limit Exceeded' }, status)
        : c.json({ error: 'internal_failure', error_description: 'Backend Error' }, status);
  }
}

function meetError(status: NonNullable<Fault['status']>): MeetError {
  if (status >= 500)
    return new MeetError(status, status === 500 ? 'INTERNAL' : 'UNAVAILABLE', { message: 'The service is currently unavailable.' });
  return status === 429
    ? new MeetError(429, 'RESOURCE_EXHAUSTED', { message: 'Quota exceeded.', reason: 'RATE_LIMIT_EXCEEDED' })
    : new MeetError(403, 'PERMISSION_DENIED', { message: 'The caller does not have permission' });
}

function calendarError({ reason }: Fault, status: NonNullable<Fault['status']>): ApiError {
  if (status >= 500) return new ApiError(status, { reason: reason ?? 'backendError', message: 'Backend Error' });
  return new ApiError(status, { reason: reason ?? 'rateLimitExceeded', domain: 'usageLimits', message: 'Rate Limit Exceeded' });
}
