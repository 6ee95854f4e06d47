import type { AccessMode } from '@calendar-connect/protocol';
import { createOutbound, type Outbound } from '../../outbound/outbound.ts';
import { modeOf } from '../mode-of.ts';
import { optionInvalid, parseClientCredential, parseEndpoints } from '../provider-options.ts';
import type { ProviderMode } from '../provider.ts';
import { EWS_FULL_MODE, isEwsOver } from './legacy-ews/legacy-ews.ts';
import {
  COMMON_AUTHORITY,
  MICROSOFT_ENDPOINTS,
  MICROSOFT_MODES,
  type MicrosoftEndpoints,
  ORGANIZATIONS_AUTHORITY,
  TEAMS_MODES,
} from './manifest.ts';

/** What the operator says about Microsoft. */
export interface MicrosoftOptions {
  /** *Application (client) ID* of the app registration, a GUID, from [Entra → App registrations](https://entra.microsoft.com/). */
  readonly clientId: string;
  /** The *Value* of a client secret, not its *Secret ID*. */
  readonly clientSecret: string;
  /** Default: the backend's, with its egress proxy and authorities. */
  readonly outbound?: Outbound | undefined;
  /** Default: Microsoft's worldwide cloud. Plain http is for loopback addresses only. */
  readonly endpoints?: Partial<MicrosoftEndpoints> | undefined;
  /**
   * Asks for full access over Exchange Web Services and not over Microsoft Graph, for organisations that cannot change yet. Microsoft has
   * been switching EWS in Exchange Online off since 2026-10-01 and switches it off for all on 2027-04-01: from then on this is refused, and a
   * backend that runs on asks for Graph's permissions. Default `false`.
   */
  readonly legacyEws?: boolean | undefined;
  /** Milliseconds since 1970. Default: the clock. */
  readonly now?: (() => number) | undefined;
}

/** The options, checked and completed. */
export interface MicrosoftSettings {
  readonly client: { readonly clientId: string; readonly clientSecret: string };
  readonly outbound: Outbound;
  readonly modes: Readonly<Partial<Record<AccessMode, ProviderMode>>>;
  /** Who may sign in: the segment of the addresses where people do. A code is redeemed where it was asked for (AADSTS700005). */
  readonly authority: string;
  readonly endpoints: MicrosoftEndpoints;
  readonly now: () => number;
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Checks and completes the options.
 *
 * @throws CalendarConnectError `option_invalid`
 */
export function parseMicrosoftOptions(options: MicrosoftOptions): MicrosoftSettings {
  const now = options.now ?? Date.now;
  return parseSettings('microsoft', options, { modes: modesFor(options.legacyEws, now), authority: COMMON_AUTHORITY, now });
}

/**
 * The same for Microsoft Teams, which has no meetings for personal accounts.
 *
 * @throws CalendarConnectError `option_invalid`
 */
export function parseTeamsOptions(options: Omit<MicrosoftOptions, 'legacyEws'>): MicrosoftSettings {
  const settled = { modes: TEAMS_MODES, authority: ORGANIZATIONS_AUTHORITY, now: options.now ?? Date.now };
  return parseSettings('microsoft_teams', options, settled);
}

function parseSettings(
  provider: string,
  options: MicrosoftOptions,
  settled: Pick<MicrosoftSettings, 'modes' | 'authority' | 'now'>,
): MicrosoftSettings {
  return {
    client: {
      clientId: parseClientId(provider, options.clientId),
      clientSecret: parseClientSecret(provider, options.clientSecret),
    },
    outbound: options.outbound ?? createOutbound(),
    endpoints: withoutTrailingSlashes(parseEndpoints(provider, MICROSOFT_ENDPOINTS, options.endpoints ?? {})),
    ...settled,
  };
}

/** Looked at whenever it is asked: a backend may run on past the day on which EWS ends. */
function modesFor(legacyEws: unknown, now: () => number): MicrosoftSettings['modes'] {
  if (legacyEws === undefined || legacyEws === false) return MICROSOFT_MODES;
  if (legacyEws !== true) throw optionInvalid('microsoft', 'legacyEws', { expected: 'true or false', received: typeof legacyEws });
  if (isEwsOver(now())) {
    throw optionInvalid('microsoft', 'legacyEws', {
      expected: 'false, because Microsoft switched Exchange Web Services in Exchange Online off on 2027-04-01',
      received: 'true; leave it (MICROSOFT_LEGACY_EWS) out: who was connected by it moves to Microsoft Graph by connecting again',
    });
  }
  return {
    ...MICROSOFT_MODES,
    get full() {
      return isEwsOver(now()) ? modeOf('microsoft', { modes: MICROSOFT_MODES }, 'full') : EWS_FULL_MODE;
    },
  };
}

function parseClientId(provider: string, value: unknown): string {
  const clientId = parseClientCredential(provider, 'clientId', value);
  if (GUID.test(clientId)) return clientId.toLowerCase();
  throw optionInvalid(provider, 'clientId', {
    expected: 'the application (client) id of the app registration, a GUID',
    received: 'another string',
  });
}

/** Entra shows the id of a secret beside its value, for ever, and the value once: the commonest mistake is to take the id. */
function parseClientSecret(provider: string, value: unknown): string {
  const clientSecret = parseClientCredential(provider, 'clientSecret', value);
  if (!GUID.test(clientSecret)) return clientSecret;
  throw optionInvalid(provider, 'clientSecret', {
    expected: 'the value of a client secret',
    received: 'a GUID, which is the id of one',
  });
}

function withoutTrailingSlashes(endpoints: MicrosoftEndpoints): MicrosoftEndpoints {
  const { issuerOrigin, authority, tokenAuthority, graph, ews } = endpoints;
  return {
    issuerOrigin: bare(issuerOrigin),
    authority: bare(authority),
    tokenAuthority: bare(tokenAuthority),
    graph: bare(graph),
    ews: bare(ews),
  };
}

function bare(address: string): string {
  return address.replace(/\/+$/, '');
}
