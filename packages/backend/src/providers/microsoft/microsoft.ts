import type { Network } from '../../outbound/network.ts';
import type { AdminApproval } from '../admin-approval.ts';
import type { CalendarReader } from '../calendar-reader.ts';
import type { OAuthConnect, Provider } from '../provider.ts';
import { isForEws } from './legacy-ews/legacy-ews.ts';
import { type MicrosoftOptions, parseMicrosoftOptions } from './options.ts';

export type { MicrosoftEndpoints } from './manifest.ts';
export type { MicrosoftOptions } from './options.ts';

/** Where people see what they allowed, and take it back: of a work or school account, and of a personal one. */
const KEPT_AT = ['https://myapps.microsoft.com', 'https://account.live.com/consent/Manage'] as const;

/**
 * Microsoft 365 and Outlook.com, over Microsoft Graph.
 *
 * Only the manifest is made here; each part is loaded when it is first used.
 *
 * @example
 * const provider = microsoft({ clientId: '11111111-2222-4333-8444-555555555555', clientSecret: '…' });
 *
 * @throws CalendarConnectError `option_invalid`
 */
export function microsoft(options: MicrosoftOptions): Provider {
  const settings = parseMicrosoftOptions(options);
  const through = (network: Network | undefined) =>
    options.outbound !== undefined || network === undefined ? settings : { ...settings, outbound: network.configured };
  let connect: Promise<OAuthConnect> | undefined;
  let calendar: Promise<CalendarReader> | undefined;
  let adminApproval: Promise<AdminApproval> | undefined;
  return {
    id: 'microsoft',
    name: 'Microsoft',
    modes: settings.modes,
    client: settings.client,
    family: 'microsoft',
    narrowing: { how: 'kept', keptAt: KEPT_AT },
    providerProtocol: (credential) => (isForEws(credential) ? 'exchange_web_services' : 'graph_api'),
    providerName(identity, mode) {
      if (mode === 'free_busy') return 'ms_graph_free_busy';
      return identity.organisation === undefined ? 'live_connect' : 'exchange';
    },
    providerService(identity, mode) {
      if (mode === 'free_busy') return 'ms_graph_free_busy';
      return identity.organisation === undefined ? 'outlook_com' : 'office365';
    },
    connect(network) {
      connect ??= import('./connect.ts').then((part) => part.createMicrosoftConnect(through(network)));
      connect.catch(() => (connect = undefined));
      return connect;
    },
    calendar(network) {
      calendar ??= import('./calendar.ts').then((part) => part.createMicrosoftCalendar(through(network)));
      calendar.catch(() => (calendar = undefined));
      return calendar;
    },
    adminApproval(network) {
      adminApproval ??= import('./admin-approval.ts').then((part) => part.createMicrosoftAdminApproval(through(network)));
      adminApproval.catch(() => (adminApproval = undefined));
      return adminApproval;
    },
  };
}
