import type { AccessMode } from '@calendar-connect/protocol';
import { CalendarConnectError } from '../../errors.ts';
import { isLoopbackHost } from '../../loopback-host.ts';
import { createOutbound, type Outbound } from '../../outbound/outbound.ts';
import type { ProviderMode } from '../provider.ts';
import { FREE_BUSY_SCOPE_CHOICES, GOOGLE_ENDPOINTS, type FreeBusyScopes, type GoogleEndpoints, googleModes } from './manifest.ts';

/** What the operator says about Google. */
export interface GoogleOptions {
  /** Of the OAuth client, from [APIs & Services → Credentials](https://console.cloud.google.com/apis/credentials). */
  readonly clientId: string;
  readonly clientSecret: string;
  /** Default: the backend's, with its egress proxy and authorities. */
  readonly outbound?: Outbound | undefined;
  /** Default `calendar.events.freebusy`. `calendar.freebusy` needs no verification by Google, and covers the primary calendar only. */
  readonly freeBusyScopes?: FreeBusyScopes | undefined;
  /** Default: Google's own. Plain http is for loopback addresses only. */
  readonly endpoints?: Partial<GoogleEndpoints> | undefined;
  /** Milliseconds since 1970. Default: the clock. */
  readonly now?: (() => number) | undefined;
}

/** The options, checked and completed. */
export interface GoogleSettings {
  readonly client: { readonly clientId: string; readonly clientSecret: string };
  readonly outbound: Outbound;
  readonly modes: Readonly<Partial<Record<AccessMode, ProviderMode>>>;
  /** Whether free/busy mode is without the list of calendars. */
  readonly primaryCalendarOnly: boolean;
  readonly endpoints: GoogleEndpoints;
  readonly now: () => number;
}

/**
 * Checks and completes the options.
 *
 * @throws CalendarConnectError `option_invalid`
 */
export function parseGoogleOptions(options: GoogleOptions): GoogleSettings {
  const freeBusyScopes = options.freeBusyScopes ?? 'calendar.events.freebusy';
  if (!FREE_BUSY_SCOPE_CHOICES.includes(freeBusyScopes)) {
    throw invalid('freeBusyScopes', `one of ${FREE_BUSY_SCOPE_CHOICES.join(', ')}`, JSON.stringify(freeBusyScopes));
  }
  return {
    client: { clientId: credential('clientId', options.clientId), clientSecret: credential('clientSecret', options.clientSecret) },
    outbound: options.outbound ?? createOutbound(),
    modes: googleModes(freeBusyScopes),
    primaryCalendarOnly: freeBusyScopes === 'calendar.freebusy',
    endpoints: parseEndpoints(options.endpoints ?? {}),
    now: options.now ?? Date.now,
  };
}

/** What was received is only described: it may be the secret, or the secret in the wrong place. */
function credential(name: string, value: unknown): string {
  if (typeof value !== 'string') throw invalid(name, 'a string', typeof value);
  if (value === '') throw invalid(name, 'a string', 'an empty string');
  if (/\s/.test(value)) throw invalid(name, 'a string without white space', 'a string with white space');
  return value;
}

function parseEndpoints(given: Partial<GoogleEndpoints>): GoogleEndpoints {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(GOOGLE_ENDPOINTS, name)) {
      throw invalid(`endpoints.${name}`, `one of ${Object.keys(GOOGLE_ENDPOINTS).join(', ')}`, name);
    }
    if (!isSafeAddress(value)) {
      throw invalid(`endpoints.${name}`, 'an https address, or http on a loopback host', JSON.stringify(value));
    }
  }
  return { ...GOOGLE_ENDPOINTS, ...given };
}

function isSafeAddress(value: unknown): boolean {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (url === null || url.username !== '' || url.password !== '' || url.hash !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
}

function invalid(option: string, expected: string, received: string): CalendarConnectError {
  return new CalendarConnectError('option_invalid', `google: ${option}: expected ${expected}, received ${received}`);
}
