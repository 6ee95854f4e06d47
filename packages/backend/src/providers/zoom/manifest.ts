import type { AccessMode } from '@calendar-connect/protocol';
import type { ProviderMode } from '../provider.ts';
import type { ServiceOptions, ServiceSettings } from '../oauth2/service-options.ts';
import type { OAuth2Endpoints } from '../oauth2/vendor.ts';

/** Where Zoom answers. Another installation of the same protocol, such as an emulator, has others. */
export interface ZoomEndpoints extends OAuth2Endpoints {
  readonly revocation: string;
  /** Root of the API, without `v2`. */
  readonly api: string;
}

/** What the operator says about Zoom: the client of a *General app*, user-managed, from the [App Marketplace](https://marketplace.zoom.us/develop/create). */
export interface ZoomOptions extends ServiceOptions<ZoomEndpoints> {}

/** The options, checked and completed. */
export type ZoomSettings = ServiceSettings<ZoomEndpoints>;

/** Zoom's own addresses. @see [OAuth 2.0](https://developers.zoom.us/docs/integrations/oauth/), [Using Zoom APIs](https://developers.zoom.us/docs/api/using-zoom-apis/) */
export const ZOOM_ENDPOINTS: ZoomEndpoints = {
  authorization: 'https://zoom.us/oauth/authorize',
  token: 'https://zoom.us/oauth/token',
  revocation: 'https://zoom.us/oauth/revoke',
  api: 'https://api.zoom.us',
};

/**
 * What the app has to be registered with: Zoom grants what the registration lists and is not asked for less.
 *
 * @see [Granular scopes](https://developers.zoom.us/docs/integrations/oauth-scopes-granular/)
 */
export const ZOOM_SCOPES: readonly string[] = [
  'user:read:user',
  'meeting:write:meeting',
  'meeting:update:meeting',
  'meeting:delete:meeting',
];

/** The one mode of a conferencing service. */
export const ZOOM_MODES: Readonly<Partial<Record<AccessMode, ProviderMode>>> = {
  full: { requestNames: ['zoom'], scopes: ZOOM_SCOPES },
};
