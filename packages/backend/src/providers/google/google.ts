import type { Network } from '../../outbound/network.ts';
import type { CalendarReader } from '../calendar-reader.ts';
import type { OAuthConnect, Provider } from '../provider.ts';
import { googleProjectOf } from './manifest.ts';
import { type GoogleOptions, parseGoogleOptions } from './options.ts';

export type { GoogleOptions } from './options.ts';
export type { FreeBusyScopes, GoogleEndpoints } from './manifest.ts';

/**
 * Google Calendar.
 *
 * Only the manifest is made here, in 3 ms: Google's client library and what goes with it cost 120 ms and 33 MB, and are loaded when the
 * first person connects.
 *
 * @example
 * const provider = google({ clientId: '…apps.googleusercontent.com', clientSecret: 'GOCSPX-…' });
 *
 * @throws CalendarConnectError `option_invalid`
 */
export function google(options: GoogleOptions): Provider {
  const settings = parseGoogleOptions(options);
  const through = (network: Network | undefined) =>
    options.outbound !== undefined || network === undefined ? settings : { ...settings, outbound: network.configured };
  let connect: Promise<OAuthConnect> | undefined;
  let calendar: Promise<CalendarReader> | undefined;
  return {
    id: 'google',
    name: 'Google',
    modes: settings.modes,
    client: settings.client,
    family: 'google',
    grantGroup: googleProjectOf,
    narrowing: { how: 'all_ended' },
    providerName: (_identity, mode) => (mode === 'free_busy' ? 'google_free_busy' : 'google'),
    providerService(identity, mode) {
      if (mode === 'free_busy') return 'google_free_busy';
      return identity.organisation === undefined ? 'google' : 'gsuite';
    },
    connect(network) {
      connect ??= import('./connect.ts').then((part) => part.createGoogleConnect(through(network)));
      connect.catch(() => (connect = undefined));
      return connect;
    },
    calendar(network) {
      calendar ??= import('./calendar.ts').then((part) => part.createGoogleCalendar(through(network)));
      calendar.catch(() => (calendar = undefined));
      return calendar;
    },
  };
}
