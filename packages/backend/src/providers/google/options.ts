import type { AccessMode } from '@calendar-connect/protocol';
import { createOutbound, type Outbound } from '../../outbound/outbound.ts';
import { optionInvalid, parseClientCredential, parseEndpoints } from '../provider-options.ts';
import type { ProviderMode } from '../provider.ts';
import {
  FREE_BUSY_SCOPE_CHOICES,
  GOOGLE_ENDPOINTS,
  type FreeBusyScopes,
  type GoogleEndpoints,
  type GoogleOAuthEndpoints,
  googleModes,
} from './manifest.ts';

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

/** What signing in at Google takes, for whichever of its services. */
export interface GoogleOAuthSettings {
  readonly client: { readonly clientId: string; readonly clientSecret: string };
  readonly outbound: Outbound;
  readonly modes: Readonly<Partial<Record<AccessMode, ProviderMode>>>;
  readonly endpoints: GoogleOAuthEndpoints;
  readonly now: () => number;
}

/** The options, checked and completed. */
export interface GoogleSettings extends GoogleOAuthSettings {
  /** Whether free/busy mode is without the list of calendars. */
  readonly primaryCalendarOnly: boolean;
  readonly endpoints: GoogleEndpoints;
}

/**
 * Checks and completes the options.
 *
 * @throws CalendarConnectError `option_invalid`
 */
export function parseGoogleOptions(options: GoogleOptions): GoogleSettings {
  const freeBusyScopes = options.freeBusyScopes ?? 'calendar.events.freebusy';
  if (!FREE_BUSY_SCOPE_CHOICES.includes(freeBusyScopes)) {
    throw optionInvalid('google', 'freeBusyScopes', {
      expected: `one of ${FREE_BUSY_SCOPE_CHOICES.join(', ')}`,
      received: JSON.stringify(freeBusyScopes),
    });
  }
  return {
    client: {
      clientId: parseClientCredential('google', 'clientId', options.clientId),
      clientSecret: parseClientCredential('google', 'clientSecret', options.clientSecret),
    },
    outbound: options.outbound ?? createOutbound(),
    modes: googleModes(freeBusyScopes),
    primaryCalendarOnly: freeBusyScopes === 'calendar.freebusy',
    endpoints: parseEndpoints('google', GOOGLE_ENDPOINTS, options.endpoints ?? {}),
    now: options.now ?? Date.now,
  };
}
