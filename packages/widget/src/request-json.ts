import type { ConnectErrorCode } from '@calendar-connect/protocol';
import { CalendarConnectError } from './calendar-connect-error.ts';

/** Asks for JSON, which the caller has to name. */
export type RequestJson = (url: URL, init?: RequestInit) => Promise<unknown>;

/**
 * Fetches JSON. Cookies are not sent unless `init` says so.
 *
 * @throws the backend's own code for a refusal, `server_error` for any 5xx, `backend_unreachable` for no answer or one that is not JSON.
 */
export const requestJson: RequestJson = async (url, init) => {
  const unreachable = (cause: unknown): never => {
    throw new CalendarConnectError('backend_unreachable', `No answer from ${url.origin}: is this page’s origin registered?`, cause);
  };
  const response = await fetch(url, { credentials: 'omit', ...init }).catch(unreachable);
  const body: unknown = await response.json().catch((cause: unknown) => response.ok && unreachable(cause));
  if (response.ok) return body;
  const { error, error_description: description } = (body || {}) as Record<string, unknown>;
  // A newer backend may refuse with a code that is not known here yet.
  const refusal = typeof error === 'string' ? (error as ConnectErrorCode) : 'backend_unreachable';
  throw new CalendarConnectError(
    response.status < 500 ? refusal : 'server_error',
    typeof description === 'string' ? description : `${url} answered ${response.status}.`,
  );
};
