import type { Network } from '../../outbound/network.ts';
import type { Meetings } from '../meetings.ts';
import { parseServiceOptions } from '../oauth2/service-options.ts';
import type { ConferencingService, OAuthConnect } from '../provider.ts';
import { WEBEX_ENDPOINTS, WEBEX_MODES, type WebexOptions } from './manifest.ts';

export type { WebexEndpoints, WebexOptions } from './manifest.ts';

/**
 * Cisco Webex Meetings.
 *
 * The integration at Webex has to be registered with the scopes `spark:people_read` and `meeting:schedules_write`. Only the manifest is made
 * here; each part is loaded when it is first used.
 *
 * @example
 * const service = webex({ clientId: '…', clientSecret: '…' });
 *
 * @throws CalendarConnectError `option_invalid`
 */
export function webex(options: WebexOptions): ConferencingService {
  const settings = parseServiceOptions('webex', WEBEX_ENDPOINTS, options);
  const through = (network: Network | undefined) =>
    options.outbound !== undefined || network === undefined ? settings : { ...settings, outbound: network.configured };
  let connect: Promise<OAuthConnect> | undefined;
  let meetings: Promise<Meetings> | undefined;
  return {
    id: 'webex',
    name: 'Webex',
    modes: WEBEX_MODES,
    client: settings.client,
    providerName: () => 'webex',
    providerService: () => 'webex',
    connect(network) {
      connect ??= import('./connect.ts').then((part) => part.createWebexConnect(through(network)));
      connect.catch(() => (connect = undefined));
      return connect;
    },
    meetings(network) {
      meetings ??= import('./meetings.ts').then((part) => part.createWebexMeetings(through(network)));
      meetings.catch(() => (meetings = undefined));
      return meetings;
    },
  };
}
