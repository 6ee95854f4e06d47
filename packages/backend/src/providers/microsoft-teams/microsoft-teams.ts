import type { Network } from '../../outbound/network.ts';
import type { Meetings } from '../meetings.ts';
import { TEAMS_MODES } from '../microsoft/manifest.ts';
import { type MicrosoftOptions, parseTeamsOptions } from '../microsoft/options.ts';
import type { ConferencingService, OAuthConnect } from '../provider.ts';

/** What the operator says about Microsoft Teams: an app registration as for Microsoft 365, or the same one, with `OnlineMeetings.ReadWrite`. */
export interface MicrosoftTeamsOptions extends Omit<MicrosoftOptions, 'legacyEws'> {}

/**
 * Microsoft Teams, connected apart from any calendar. For work and school accounts alone: Microsoft has no such meetings for personal ones.
 *
 * Where an administrator has to approve first, connecting ends as `admin_approval_needed`. Only the manifest is made here; each part is loaded
 * when it is first used.
 *
 * @example
 * const service = microsoftTeams({ clientId: '11111111-2222-4333-8444-555555555555', clientSecret: '…' });
 *
 * @throws CalendarConnectError `option_invalid`
 */
export function microsoftTeams(options: MicrosoftTeamsOptions): ConferencingService {
  const settings = parseTeamsOptions(options);
  const through = (network: Network | undefined) =>
    options.outbound !== undefined || network === undefined ? settings : { ...settings, outbound: network.configured };
  let connect: Promise<OAuthConnect> | undefined;
  let meetings: Promise<Meetings> | undefined;
  return {
    id: 'microsoft_teams',
    name: 'Microsoft Teams',
    modes: TEAMS_MODES,
    client: settings.client,
    family: 'microsoft',
    providerName: () => 'ms_teams',
    providerService: () => 'ms_teams',
    connect(network) {
      connect ??= import('../microsoft/connect.ts').then((part) => part.createMicrosoftConnect(through(network)));
      connect.catch(() => (connect = undefined));
      return connect;
    },
    meetings(network) {
      meetings ??= import('./meetings.ts').then((part) => part.createTeamsMeetings(through(network)));
      meetings.catch(() => (meetings = undefined));
      return meetings;
    },
  };
}
