import { CalendarConnectError } from './calendar-connect-error.ts';

/**
 * Checks the backend's address and gives it as a base that ends with a slash, so that a backend mounted under a path works.
 *
 * @throws `backend_missing` without a value, `backend_invalid` for anything but http(s) without user, query and fragment.
 */
export function parseBackend(value: string | null | undefined): URL {
  if (!value) throw new CalendarConnectError('backend_missing', 'backend is missing.');
  const url = parseHttp(value);
  // One comparison for user, password, query and fragment: none of them is part of either.
  if (url?.href !== `${url?.origin}${url?.pathname}`) {
    throw new CalendarConnectError(
      'backend_invalid',
      `backend: expected an http(s) address without user, query and fragment, not ${value}`,
    );
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

/** Checks the address that gets the code, relative to the page; `undefined` where it is the backend. @throws `exchange_invalid` where it is not http(s). */
export function parseExchange(value: string | null | undefined): URL | undefined {
  if (!value) return undefined;
  const url = parseHttp(value, document.baseURI);
  if (!url) throw new CalendarConnectError('exchange_invalid', `exchange: expected an http(s) address, not ${value}`);
  return url;
}

function parseHttp(value: string, base?: string): URL | undefined {
  const url = URL.canParse(value, base) ? new URL(value, base) : undefined;
  return url && /^https?:$/.test(url.protocol) ? url : undefined;
}
