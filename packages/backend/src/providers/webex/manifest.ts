import type { AccessMode } from '@calendar-connect/protocol';
import type { ServiceOptions, ServiceSettings } from '../oauth2/service-options.ts';
import type { OAuth2Endpoints } from '../oauth2/vendor.ts';
import type { ProviderMode } from '../provider.ts';

/** Where Webex answers. Another installation of the same protocol, such as an emulator, has others. */
export interface WebexEndpoints extends OAuth2Endpoints {
  /** Root of the API, without `v1`. */
  readonly api: string;
}

/** What the operator says about Webex: the client of an *Integration*, from [My Webex Apps](https://developer.webex.com/my-apps). */
export interface WebexOptions extends ServiceOptions<WebexEndpoints> {}

/** The options, checked and completed. */
export type WebexSettings = ServiceSettings<WebexEndpoints>;

/** Webex' own addresses. @see [Integrations & Authorization](https://developer.webex.com/docs/integrations) */
export const WEBEX_ENDPOINTS: WebexEndpoints = {
  authorization: 'https://webexapis.com/v1/authorize',
  token: 'https://webexapis.com/v1/access_token',
  api: 'https://webexapis.com',
};

/** Whose login it is, and meetings of theirs. @see [Scopes](https://developer.webex.com/docs/integrations#scopes) */
export const WEBEX_SCOPES: readonly string[] = ['spark:people_read', 'meeting:schedules_write'];

/** The one mode of a conferencing service. */
export const WEBEX_MODES: Readonly<Partial<Record<AccessMode, ProviderMode>>> = {
  full: { requestNames: ['webex'], scopes: WEBEX_SCOPES },
};
