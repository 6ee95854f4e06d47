import type { Network } from '../../outbound/network.ts';
import type { Meetings } from '../meetings.ts';
import { parseServiceOptions } from '../oauth2/service-options.ts';
import { googleProjectOf } from '../google/manifest.ts';
import type { ConferencingService, OAuthConnect } from '../provider.ts';
import { GOOGLE_MEET_ENDPOINTS, GOOGLE_MEET_MODES, type GoogleMeetOptions, type GoogleMeetSettings } from './manifest.ts';

export type { GoogleMeetEndpoints, GoogleMeetOptions } from './manifest.ts';

/**
 * Google Meet, connected apart from any calendar.
 *
 * Its OAuth client may be that of Google Calendar. A revocation at Google ends everything that a person granted to any client of the project,
 * so both are of one family. Only the manifest is made here; each part is loaded when it is first used.
 *
 * @example
 * const service = googleMeet({ clientId: '…apps.googleusercontent.com', clientSecret: 'GOCSPX-…' });
 *
 * @throws CalendarConnectError `option_invalid`
 */
export function googleMeet(options: GoogleMeetOptions): ConferencingService {
  const settings: GoogleMeetSettings = {
    ...parseServiceOptions('google_meet', GOOGLE_MEET_ENDPOINTS, options),
    modes: GOOGLE_MEET_MODES,
  };
  const through = (network: Network | undefined) =>
    options.outbound !== undefined || network === undefined ? settings : { ...settings, outbound: network.configured };
  let connect: Promise<OAuthConnect> | undefined;
  let meetings: Promise<Meetings> | undefined;
  return {
    id: 'google_meet',
    name: 'Google Meet',
    modes: GOOGLE_MEET_MODES,
    client: settings.client,
    family: 'google',
    grantGroup: googleProjectOf,
    providerName: () => 'google_meet_api',
    providerService: () => 'google_meet_api',
    connect(network) {
      connect ??= import('../google/connect.ts').then((part) => part.createGoogleConnect(through(network)));
      connect.catch(() => (connect = undefined));
      return connect;
    },
    meetings(network) {
      meetings ??= import('./meetings.ts').then((part) => part.createGoogleMeetMeetings(through(network)));
      meetings.catch(() => (meetings = undefined));
      return meetings;
    },
  };
}
