import { CONNECT_ERROR_CODES } from '@calendar-connect/protocol';
import { CalendarConnectError } from './calendar-connect-error.ts';

/** Asks for JSON, which the caller has to name. */
export type RequestJson = (url: URL, init?: RequestInit) => Promise<unknown>;

/**
 * Fetches JSON. Cookies are not sent unless `init` says so.
 *
 * @throws the backend's own code for a refusal, `server_error` for another 5xx, `backend_unreachable` for no answer or one that is not JSON.
 */
export const requestJson: RequestJson = async (url, init) => {
  let response: Response | undefined;
  let body: unknown;
  try {
    response = await fetch(url, { credentials: 'omit', ...init });
    body = await response.json();
  } catch (cause) {
    if (!response || response.ok) {
      throw new CalendarConnectError(
        'backend_unreachable',
        `No answer from ${url.origin}: is it running, and is this page’s origin registered?`,
        cause,
      );
    }
  }
  if (response.ok) return body;
  const { error, error_description: description } = (body ?? {}) as Record<string, unknown>;
  const code = CONNECT_ERROR_CODES.find((known) => known === error) ?? (response.status < 500 ? 'backend_unreachable' : 'server_error');
  throw new CalendarConnectError(code, typeof description === 'string' ? description : `${url.href} answered ${response.status}.`);
};
