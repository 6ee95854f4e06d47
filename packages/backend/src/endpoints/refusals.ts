import { routePath } from 'hono/route';
import type { ConnectErrorCode } from '@calendar-connect/protocol';
import type { Context, ErrorHandler } from 'hono';
import { answerJson } from './json-answer.ts';
import { ConnectError } from '../connect/connect-error.ts';
import { describeError, type Log } from '../log.ts';
import { answerPage } from '../pages/page.ts';
import { problemPage } from '../pages/end-page.ts';
import { RateLimited } from '../limits/rate-limited.ts';
import { StorageError } from '../storage/storage-error.ts';
import { TokenError, tokenErrorAnswer } from './oauth/token-error.ts';
import { BodyError } from './request-body.ts';

const STATUS = {
  invalid_request: 400,
  unknown_application: 404,
  invalid_client: 401,
  origin_not_registered: 403,
  provider_not_offered: 400,
  access_mode_not_offered: 400,
  profile_not_found: 404,
  session_not_found: 404,
  session_ended: 409,
  session_already_claimed: 409,
  approval_not_applicable: 409,
  organisation_unknown: 400,
  invalid_grant: 400,
  rate_limited: 429,
  server_error: 500,
} as const satisfies Record<ConnectErrorCode, number>;

/** The one place where what was thrown becomes an answer. What nobody foresaw is logged by its name and told as `server_error`. */
export function refusals(log: Log): ErrorHandler {
  return function refuse(error, c) {
    if (error instanceof TokenError) return tokenErrorAnswer(c, error);
    const known = asRefusal(error);
    // The database's troubles have an answer of their own, and are the operator's to know of all the same.
    const stopping = error instanceof StorageError && error.code === 'closed';
    if (known === undefined || (error instanceof StorageError && !stopping)) {
      log({ level: 'error', event: 'unexpected_error', method: c.req.method, path: routePath(c, -1), ...describeError(error) });
    }
    const refusal = known ?? { status: 500 as const, code: 'server_error' as const, message: 'An error of ours. Try again.' };
    if (refusal.status === 503) c.header('Retry-After', '1');
    if (refusal.retryAfterSeconds !== undefined) c.header('Retry-After', String(refusal.retryAfterSeconds));
    return wantsPage(c) ? refusalPage(c, refusal) : refusalJson(c, refusal);
  };
}

interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 429 | 500 | 503;
  readonly code: ConnectErrorCode;
  readonly message: string;
  readonly retryAfterSeconds?: number;
}

function asRefusal(error: Error): Refusal | undefined {
  if (error instanceof ConnectError) return { status: STATUS[error.code], code: error.code, message: error.message };
  if (error instanceof RateLimited) {
    return { status: 429, code: 'rate_limited', message: error.message, retryAfterSeconds: error.retryAfterSeconds };
  }
  if (error instanceof BodyError) return { status: error.status, code: 'invalid_request', message: error.message };
  if (error instanceof StorageError && error.code === 'busy') {
    return { status: 503, code: 'server_error', message: 'The database is busy. Try again in a moment.' };
  }
  if (error instanceof StorageError && (error.code === 'unavailable' || error.code === 'read_only')) {
    return { status: 503, code: 'server_error', message: 'Nothing can be asked of the database just now. Try again in a moment.' };
  }
  if (error instanceof StorageError && error.code === 'outcome_unknown') {
    return { status: 503, code: 'server_error', message: 'The database was lost in the middle of this. It may or may not have been done.' };
  }
  if (error instanceof StorageError && error.code === 'closed') {
    return { status: 503, code: 'server_error', message: 'The backend is being stopped. Try again in a moment.' };
  }
  if (error instanceof StorageError && error.code === 'full') {
    return { status: 503, code: 'server_error', message: 'Nothing can be stored just now. Try again later.' };
  }
  return undefined;
}

function wantsPage(c: Context): boolean {
  return (c.req.header('accept') ?? '').includes('text/html');
}

function refusalJson(c: Context, refusal: Refusal): Response {
  c.header('Cache-Control', 'no-store');
  if (refusal.status === 401) c.header('WWW-Authenticate', 'Bearer');
  return answerJson(c, { error: refusal.code, error_description: refusal.message }, refusal.status);
}

function refusalPage(c: Context, refusal: Refusal): Promise<Response> {
  const status = refusal.status === 401 ? 403 : refusal.status === 413 || refusal.status === 415 ? 400 : refusal.status;
  return answerPage(
    c,
    problemPage({
      title: 'This did not work',
      what: refusal.message,
      todo: 'Go back to where you came from and start again.',
      code: refusal.code,
      status,
    }),
  );
}
