import type { Hono } from 'hono';
import { createSigningKeys } from '../oauth/signing-keys.ts';
import { createFaults } from '../serving/faults.ts';
import { createMeetingStore } from '../serving/meeting-store.ts';
import { createRequestLog } from '../serving/request-log.ts';
import { createSwitchboard } from '../serving/switchboard.ts';
import { toOrigin } from '../serving/to-origin.ts';
import { createTimeZones } from '../time-zones.ts';
import { createApp } from './app.ts';
import { createApprovalRequests } from './approval-requests.ts';
import { addUser, createControl, type MicrosoftControl } from './control.ts';
import { createConsents } from './directory/consents.ts';
import { DEFAULT_TENANTS, defaultUsers } from './directory/default-directory.ts';
import { createPeople, type UserSeed } from './directory/people.ts';
import { createTenants, type TenantSeed } from './directory/tenants.ts';
import type { MicrosoftFault } from './faults.ts';
import type { StoredOnlineMeeting } from './graph/online-meetings.ts';
import { createMailboxes } from './mailbox/mailboxes.ts';
import { createClients, type MicrosoftClient } from './oauth/clients.ts';
import { createCodes } from './oauth/codes.ts';
import { createTokens } from './oauth/tokens.ts';
import type { MicrosoftEnv, MicrosoftParts } from './parts.ts';
import { DEFAULT_SWITCHES, type MicrosoftSwitches } from './switches.ts';

/** How an emulator begins. */
export interface MicrosoftEmulatorOptions {
  /** The apps that are registered. */
  readonly clients: readonly MicrosoftClient[];
  /** The organisations; the default is three, one for each usual consent policy. */
  readonly tenants?: readonly TenantSeed[];
  /** The people with accounts; the default has some in each organisation and one personal account. */
  readonly users?: readonly UserSeed[];
  /** Where browsers find the emulator: an origin. The `Host` of a request is never believed. The default is `http://127.0.0.1`. */
  readonly publicUrl?: string;
  /** Where servers find the emulator, Graph too: an origin. The default is `publicUrl`. */
  readonly serverUrl?: string;
  /** The origin in `iss` of ID tokens. The default is `publicUrl`; Microsoft's is `https://login.microsoftonline.com`. */
  readonly issuerOrigin?: string;
  readonly switches?: Partial<MicrosoftSwitches>;
  readonly faults?: readonly MicrosoftFault[];
  /** The emulator's clock, in milliseconds since 1970. The default is the computer's. */
  readonly now?: () => number;
}

/** An emulator that is not listening: requests go to `app.request()` or `app.fetch()`. */
export interface MicrosoftEmulator {
  readonly app: Hono<MicrosoftEnv>;
  readonly control: MicrosoftControl;
}

/**
 * Creates an emulator of Microsoft's sign-in service and of what Microsoft Graph has of calendars, with all its state in memory.
 * @throws TypeError for an option that cannot be.
 * @example
 * ```ts
 * const microsoft = createMicrosoftEmulator({
 *   clients: [
 *     {
 *       clientId: '11111111-2222-4333-8444-555555555555',
 *       clientSecret: 'an~example~secret',
 *       redirectUris: ['http://localhost:3000/callback'],
 *       permissions: { delegated: ['User.Read', 'Calendars.ReadWrite'] },
 *     },
 *   ],
 * });
 * microsoft.control.approve({ tenant: 'partner.example', clientId: '11111111-2222-4333-8444-555555555555' });
 * const response = await microsoft.app.request('/common/v2.0/.well-known/openid-configuration');
 * ```
 */
export function createMicrosoftEmulator(options: MicrosoftEmulatorOptions): MicrosoftEmulator {
  const parts = createParts(options);
  for (const seed of options.users ?? (options.tenants === undefined ? defaultUsers(parts.now()) : [])) addUser(seed, parts);
  return { app: createApp(parts), control: createControl(parts) };
}

function createParts(options: MicrosoftEmulatorOptions): MicrosoftParts {
  const now = options.now ?? Date.now;
  const publicUrl = toOrigin('publicUrl', options.publicUrl ?? 'http://127.0.0.1');
  const zones = createTimeZones();
  const tenants = createTenants(options.tenants ?? DEFAULT_TENANTS);
  const perUser = new Map((options.users ?? []).map((user) => [user.email.toLowerCase(), user.switches ?? {}]));
  return {
    issuerOrigin: toOrigin('issuerOrigin', options.issuerOrigin ?? publicUrl),
    publicUrl,
    serverUrl: toOrigin('serverUrl', options.serverUrl ?? publicUrl),
    now,
    zones,
    clients: createClients(options.clients),
    tenants,
    people: createPeople(tenants),
    consents: createConsents(now),
    approvalRequests: createApprovalRequests(),
    mailboxes: createMailboxes(zones, now),
    onlineMeetings: createMeetingStore<StoredOnlineMeeting>(),
    tokens: createTokens(now),
    codes: createCodes(now),
    keys: createSigningKeys(),
    switches: createSwitchboard({ defaults: DEFAULT_SWITCHES, everybody: options.switches ?? {}, perUser }),
    faults: createFaults<MicrosoftFault>(options.faults ?? []),
    requests: createRequestLog(),
  };
}
