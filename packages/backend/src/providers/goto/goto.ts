import type { Network } from '../../outbound/network.ts';
import type { Meetings } from '../meetings.ts';
import { parseServiceOptions } from '../oauth2/service-options.ts';
import type { ConferencingService, OAuthConnect } from '../provider.ts';
import { GOTO_ENDPOINTS, GOTO_MODES, type GoToOptions } from './manifest.ts';

export type { GoToEndpoints, GoToOptions } from './manifest.ts';

/**
 * GoTo Meeting.
 *
 * The OAuth client at GoTo has to be registered with the scopes `collab:` and `identity:scim.me`: GoTo grants what is registered. Only the
 * manifest is made here; each part is loaded when it is first used.
 *
 * @example
 * const service = goTo({ clientId: '…', clientSecret: '…' });
 *
 * @throws CalendarConnectError `option_invalid`
 */
export function goTo(options: GoToOptions): ConferencingService {
  const settings = parseServiceOptions('goto', GOTO_ENDPOINTS, options);
  const through = (network: Network | undefined) =>
    options.outbound !== undefined || network === undefined ? settings : { ...settings, outbound: network.configured };
  let connect: Promise<OAuthConnect> | undefined;
  let meetings: Promise<Meetings> | undefined;
  return {
    id: 'goto',
    name: 'GoTo',
    modes: GOTO_MODES,
    client: settings.client,
    providerName: () => 'go_to',
    providerService: () => 'go_to',
    connect(network) {
      connect ??= import('./connect.ts').then((part) => part.createGoToConnect(through(network)));
      connect.catch(() => (connect = undefined));
      return connect;
    },
    meetings(network) {
      meetings ??= import('./meetings.ts').then((part) => part.createGoToMeetings(through(network)));
      meetings.catch(() => (meetings = undefined));
      return meetings;
    },
  };
}
