import { CalendarConnectError } from '../errors.ts';
import { isLoopbackHost } from '../loopback-host.ts';

/** Parameters that an authorization response adds; a registered address that has one already would pollute it (ACSAC'23, "code pollution"). */
const RESERVED_PARAMETERS = ['code', 'state', 'iss', 'error', 'error_description', 'error_uri'];

const MAX_ADDRESS_LENGTH = 2000;

/** Visible ASCII only: what a browser would re-encode can never be compared exactly. */
const PLAIN_ASCII = /^[\x21-\x7e]+$/;

/**
 * Checks a redirect URI that is to be registered. It is stored as given and later compared byte for byte.
 *
 * @throws CalendarConnectError `redirect_uri_invalid`, saying what is wrong with it
 * @see [RFC 9700 §4.1](https://www.rfc-editor.org/rfc/rfc9700#section-4.1)
 */
export function validateRedirectUri(value: string): string {
  const fail = (why: string) => new CalendarConnectError('redirect_uri_invalid', `redirect URI ${JSON.stringify(value)}: ${why}`);
  const url = parseAddress(value, fail);
  if (value.includes('#')) throw fail('expected no fragment (#…)');
  if (value.includes('*')) throw fail('expected an address in full: there are no wildcards');
  const reserved = RESERVED_PARAMETERS.find((name) => url.searchParams.has(name));
  if (reserved !== undefined) throw fail(`expected no "${reserved}" parameter, because the answer adds its own`);
  return value;
}

/**
 * Checks an origin that is to be registered.
 *
 * @returns the origin as browsers write it, such as `https://partner.example`
 * @throws CalendarConnectError `origin_invalid`, saying what is wrong with it
 */
export function validateOrigin(value: string): string {
  const fail = (why: string) => new CalendarConnectError('origin_invalid', `origin ${JSON.stringify(value)}: ${why}`);
  const url = parseAddress(value, fail);
  if (value !== url.origin && value !== `${url.origin}/`) {
    throw fail(`expected scheme, host and port only, as a browser writes it; did you mean ${url.origin}?`);
  }
  return url.origin;
}

/**
 * Checks the address of a partner's server that is to be told of things. It may have a query of its own.
 *
 * @throws CalendarConnectError `notification_url_invalid`, saying what is wrong with it
 */
export function validateNotificationUrl(value: string): string {
  // Partners put secrets into such queries.
  const withoutQuery = (text: string) => text.replace(/\?\S*/g, '?…');
  const shown = JSON.stringify(withoutQuery(value.replace(/\/\/[^/?#]*@/, '//…@')));
  const fail = (why: string) => new CalendarConnectError('notification_url_invalid', `notification URL ${shown}: ${withoutQuery(why)}`);
  parseAddress(value, fail);
  if (value.includes('#')) throw fail('expected no fragment (#…), which no server gets to see');
  return value;
}

/**
 * Checks the address of a page on which an application says what it does with calendars. People follow it from hosted pages.
 *
 * @throws CalendarConnectError `privacy_url_invalid`, saying what is wrong with it
 */
export function validatePrivacyUrl(value: string): string {
  const shown = JSON.stringify(value.replace(/\/\/[^/?#]*@/, '//…@'));
  const fail = (why: string) => new CalendarConnectError('privacy_url_invalid', `privacy URL ${shown}: ${why}`);
  if (parseAddress(value, fail).protocol !== 'https:') throw fail('expected https');
  return value;
}

function parseAddress(value: string, fail: (why: string) => CalendarConnectError): URL {
  if (value.length > MAX_ADDRESS_LENGTH) throw fail(`expected at most ${MAX_ADDRESS_LENGTH} characters, received ${value.length}`);
  if (!PLAIN_ASCII.test(value)) throw fail('expected visible ASCII characters only; percent-encode the others');
  if (!URL.canParse(value)) throw fail('expected an absolute address such as https://partner.example');
  const url = new URL(value);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw fail(`expected https, received ${url.protocol.slice(0, -1)}`);
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname))
    throw fail('expected https; plain http is for this computer only (localhost)');
  if (url.username !== '' || url.password !== '') throw fail('expected no user name or password');
  if (url.hostname.includes('*')) throw fail('expected a full host name, wildcards are not supported');
  if (value !== url.href && `${value}/` !== url.href) throw fail(`expected its normal form ${url.href}`);
  return url;
}

/**
 * Adds the parameters of an authorization response to a registered redirect URI, keeping its own query.
 *
 * Ends with an empty fragment. A browser gives a redirect that has none the fragment of the address before, so that whoever makes the link
 * to us would choose what the partner's page finds behind `#`; an empty one counts as a fragment (tried in Chromium) and is nothing to read.
 *
 * @see [RFC 9700 §4.1.3](https://www.rfc-editor.org/rfc/rfc9700#section-4.1.3)
 */
export function withResponseParameters(redirectUri: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.append(name, value);
  return `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${query.toString()}#`;
}
