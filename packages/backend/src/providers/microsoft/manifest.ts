import type { AccessMode } from '@calendar-connect/protocol';
import type { ProviderMode } from '../provider.ts';

/** Where Microsoft answers. Another installation of the same protocol, such as an emulator, has others. All without a slash at the end. */
export interface MicrosoftEndpoints {
  /** The origin in `iss` of its id tokens, which goes on with the tenant. */
  readonly issuerOrigin: string;
  /** Where browsers go: what comes before `/{tenant}/oauth2/v2.0/authorize` and `/{tenant}/v2.0/adminconsent`. */
  readonly authority: string;
  /** Where we go: what comes before `/{tenant}/oauth2/v2.0/token`, the keys and the discovery documents. */
  readonly tokenAuthority: string;
  /** Microsoft Graph, without `v1.0`. */
  readonly graph: string;
  /** Exchange Web Services of Exchange Online, the whole address. */
  readonly ews: string;
}

/**
 * Microsoft's own addresses, of its worldwide cloud. An administrator is asked for that cloud's permissions, so a national one needs more
 * than other addresses.
 *
 * @see [National clouds](https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud)
 */
export const MICROSOFT_ENDPOINTS: MicrosoftEndpoints = {
  issuerOrigin: 'https://login.microsoftonline.com',
  authority: 'https://login.microsoftonline.com',
  tokenAuthority: 'https://login.microsoftonline.com',
  graph: 'https://graph.microsoft.com',
  ews: 'https://outlook.office365.com/EWS/Exchange.asmx',
};

/** Work and personal accounts alike. A code is redeemed where it was asked for, so it is one name for both. [Endpoints](https://learn.microsoft.com/entra/identity-platform/v2-protocols#endpoints) */
export const COMMON_AUTHORITY = 'common';

/** Work accounts of any organisation. `/adminconsent` does not know `common`. */
export const ORGANIZATIONS_AUTHORITY = 'organizations';

/** The tenant that every personal account is in. [Id token claims, `tid`](https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference#payload-claims) */
export const PERSONAL_TENANT = '9188040d-6c67-4c5b-b112-36a304b66dad';

/** What permissions of Microsoft Graph may be written with; a bare name is one of Graph's. [Scopes](https://learn.microsoft.com/entra/identity-platform/scopes-oidc) */
export const GRAPH_SCOPE_PREFIX = 'https://graph.microsoft.com/';

/** Makes Microsoft give a refresh token; an answer never lists it among what was granted. [offline_access](https://learn.microsoft.com/entra/identity-platform/scopes-oidc#the-offline_access-scope) */
export const OFFLINE_ACCESS = 'offline_access';

/** Whose login it is: `oid` and `tid` come with `profile`, a label with `email`. */
export const SIGN_IN_SCOPES: readonly string[] = ['openid', 'email', 'profile', OFFLINE_ACCESS];

/** What each access mode asks of Graph: the one calendar permission that does what it promises, and the name of the person. [Permissions](https://learn.microsoft.com/graph/permissions-reference#calendars-permissions) */
const GRAPH_PERMISSIONS = {
  full: ['User.Read', 'Calendars.ReadWrite'],
  free_busy: ['User.Read', 'Calendars.ReadBasic'],
} as const;

/** The access modes that Microsoft can do, with exactly what each asks for. */
export const MICROSOFT_MODES: Readonly<Partial<Record<AccessMode, ProviderMode>>> = {
  full: { requestNames: ['office365', 'live_connect'], scopes: [...SIGN_IN_SCOPES, ...GRAPH_PERMISSIONS.full] },
  free_busy: { requestNames: ['ms_graph_free_busy'], scopes: [...SIGN_IN_SCOPES, ...GRAPH_PERMISSIONS.free_busy] },
};

/** What Microsoft Teams asks of Graph, connected apart from any calendar: meetings of the person's own, and their name. [Permissions](https://learn.microsoft.com/graph/permissions-reference#onlinemeetings-permissions) */
export const TEAMS_MODES: Readonly<Partial<Record<AccessMode, ProviderMode>>> = {
  full: { requestNames: ['ms_teams'], scopes: [...SIGN_IN_SCOPES, 'User.Read', 'OnlineMeetings.ReadWrite'] },
};
