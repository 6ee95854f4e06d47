import type { MailboxState } from '../ews-operations/mailbox-state.ts';
import type { Mailboxes } from '../microsoft/mailbox/mailboxes.ts';
import type { TimeZones } from '../time-zones.ts';
import type { NtlmConnections } from './authentication/ntlm-connections.ts';
import type { AutodiscoverAnswers } from './autodiscover/answers.ts';
import type { HostCertificates } from './certificates/host-certificates.ts';
import type { Logins } from './directory/logins.ts';
import type { ExchangePeople, WindowsDomain } from './directory/people.ts';
import type { RoomListSeed } from './directory/rooms.ts';
import type { SyncStates } from './ews/sync-states.ts';
import type { ExchangeFaults } from './faults.ts';
import type { ExchangeHosts } from './network/hosts.ts';
import type { WatchedNameService } from './network/name-service.ts';
import type { ExchangeRequestLog } from './request-log.ts';
import type { ExchangeSwitches } from './switches.ts';
import type { Personality } from './versions.ts';

/** What an Exchange emulator is made of. */
export interface ExchangeParts {
  readonly personality: Personality;
  /** Whether Extended Protection is on for EWS unless a site says otherwise. */
  readonly protectsEws: boolean;
  readonly windowsDomain: WindowsDomain;
  readonly people: ExchangePeople;
  readonly logins: Logins;
  readonly roomLists: readonly RoomListSeed[];
  readonly mailboxes: Mailboxes;
  readonly state: MailboxState;
  readonly syncStates: SyncStates;
  readonly zones: TimeZones;
  readonly hosts: ExchangeHosts;
  readonly names: WatchedNameService;
  readonly certificates: HostCertificates;
  readonly connections: NtlmConnections;
  readonly autodiscover: AutodiscoverAnswers;
  readonly switches: { current: ExchangeSwitches };
  readonly switchesAtStart: Partial<ExchangeSwitches>;
  /** Counts connections over both ports. */
  readonly nextConnection: () => number;
  readonly faults: ExchangeFaults;
  readonly requests: ExchangeRequestLog;
  /** What Autodiscover tells. */
  readonly ewsUrls: { readonly external: string; readonly internal: string | undefined };
  readonly now: () => number;
}
