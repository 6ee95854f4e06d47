import type { AccessMode } from '@calendar-connect/protocol';
import type { ServiceOptions, ServiceSettings } from '../oauth2/service-options.ts';
import type { OAuth2Endpoints } from '../oauth2/vendor.ts';
import type { ProviderMode } from '../provider.ts';

/** Where GoTo answers. Another installation of the same protocol, such as an emulator, has others. */
export interface GoToEndpoints extends OAuth2Endpoints {
  readonly revocation: string;
  /** Root of the APIs, without `G2M` and `identity`. */
  readonly api: string;
}

/** What the operator says about GoTo: an *OAuth client* with the GoTo Meeting scope, from [OAuth Clients](https://developer.logmeininc.com/clients). */
export interface GoToOptions extends ServiceOptions<GoToEndpoints> {}

/** The options, checked and completed. */
export type GoToSettings = ServiceSettings<GoToEndpoints>;

/**
 * GoTo's own addresses. That for revocation is said by nothing but the metadata of its authorization server, which calls itself
 * `identity.goto.com`.
 *
 * @see [How to obtain an OAuth access token](https://developer.goto.com/guides/Authentication/03_HOW_accessToken/), [authorization server metadata](https://identity.goto.com/.well-known/oauth-authorization-server)
 */
export const GOTO_ENDPOINTS: GoToEndpoints = {
  authorization: 'https://authentication.logmeininc.com/oauth/authorize',
  token: 'https://authentication.logmeininc.com/oauth/token',
  revocation: 'https://identity.goto.com/oauth/revoke',
  api: 'https://api.getgo.com',
};

/**
 * What the OAuth client has to be registered with, since GoTo grants what is registered: GoTo Meeting, whose scope is Webinar's and Training's
 * too, and whose login it is.
 *
 * @see [How to create an OAuth client](https://developer.goto.com/guides/Get%20Started/02_HOW_createClient/)
 */
export const GOTO_SCOPES: readonly string[] = ['collab:', 'identity:scim.me'];

/** The one mode of a conferencing service. */
export const GOTO_MODES: Readonly<Partial<Record<AccessMode, ProviderMode>>> = {
  full: { requestNames: ['go_to'], scopes: GOTO_SCOPES },
};
