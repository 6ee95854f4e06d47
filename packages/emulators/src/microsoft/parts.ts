import type { SigningKeys } from '../oauth/signing-keys.ts';
import type { Faults } from '../serving/faults.ts';
import type { MeetingStore } from '../serving/meeting-store.ts';
import type { RequestLog } from '../serving/request-log.ts';
import type { Switchboard } from '../serving/switchboard.ts';
import type { TimeZones } from '../time-zones.ts';
import type { ApprovalRequests } from './approval-requests.ts';
import type { Consents } from './directory/consents.ts';
import type { People } from './directory/people.ts';
import type { Tenants } from './directory/tenants.ts';
import type { MicrosoftFault } from './faults.ts';
import type { StoredOnlineMeeting } from './graph/online-meetings.ts';
import type { Mailboxes } from './mailbox/mailboxes.ts';
import type { Clients } from './oauth/clients.ts';
import type { Codes } from './oauth/codes.ts';
import type { Tokens } from './oauth/tokens.ts';
import type { MicrosoftSwitches } from './switches.ts';

/** What handlers find in their context. */
export interface MicrosoftEnv {
  Variables: {
    /** The AADSTS code that a fault wants in the callback. */
    forcedCode?: number;
  };
}

/** Everything an emulator is made of. Handlers take the parts they use. */
export interface MicrosoftParts {
  /** The origin in `iss` of ID tokens. */
  readonly issuerOrigin: string;
  /** Where browsers find the emulator. */
  readonly publicUrl: string;
  /** Where servers find the emulator. */
  readonly serverUrl: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly zones: TimeZones;
  readonly clients: Clients;
  readonly tenants: Tenants;
  readonly people: People;
  readonly consents: Consents;
  readonly approvalRequests: ApprovalRequests;
  readonly mailboxes: Mailboxes;
  readonly onlineMeetings: MeetingStore<StoredOnlineMeeting>;
  readonly tokens: Tokens;
  readonly codes: Codes;
  readonly keys: SigningKeys;
  readonly switches: Switchboard<MicrosoftSwitches>;
  readonly faults: Faults<MicrosoftFault>;
  readonly requests: RequestLog;
}
