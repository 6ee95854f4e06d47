import type { Network } from '../../outbound/network.ts';
import type { Meetings } from '../meetings.ts';
import { parseServiceOptions } from '../oauth2/service-options.ts';
import type { ConferencingService, OAuthConnect } from '../provider.ts';
import { ZOOM_ENDPOINTS, ZOOM_MODES, type ZoomOptions } from './manifest.ts';

export type { ZoomEndpoints, ZoomOptions } from './manifest.ts';

/**
 * Zoom Meetings.
 *
 * The app at Zoom has to be registered with the scopes `user:read:user`, `meeting:write:meeting`, `meeting:update:meeting` and
 * `meeting:delete:meeting`: Zoom grants what is registered. Only the manifest is made here; each part is loaded when it is first used.
 *
 * @example
 * const service = zoom({ clientId: '…', clientSecret: '…' });
 *
 * @throws CalendarConnectError `option_invalid`
 */
export function zoom(options: ZoomOptions): ConferencingService {
  const settings = parseServiceOptions('zoom', ZOOM_ENDPOINTS, options);
  const through = (network: Network | undefined) =>
    options.outbound !== undefined || network === undefined ? settings : { ...settings, outbound: network.configured };
  let connect: Promise<OAuthConnect> | undefined;
  let meetings: Promise<Meetings> | undefined;
  return {
    id: 'zoom',
    name: 'Zoom',
    modes: ZOOM_MODES,
    client: settings.client,
    providerName: () => 'zoom',
    providerService: () => 'zoom',
    connect(network) {
      connect ??= import('./connect.ts').then((part) => part.createZoomConnect(through(network)));
      connect.catch(() => (connect = undefined));
      return connect;
    },
    meetings(network) {
      meetings ??= import('./meetings.ts').then((part) => part.createZoomMeetings(through(network)));
      meetings.catch(() => (meetings = undefined));
      return meetings;
    },
  };
}
