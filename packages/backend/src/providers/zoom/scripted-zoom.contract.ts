import { ROOT, type ScriptedVendor } from '../oauth2/oauth2.contract.ts';
import type { ZoomEndpoints } from './zoom.ts';
import { zoom } from './zoom.ts';

/** Zoom as its documentation shows it. */
export const SCRIPTED_ZOOM: ScriptedVendor<ZoomEndpoints> = {
  make: zoom,
  endpoints: { authorization: `${ROOT}/oauth/authorize`, token: `${ROOT}/oauth/token`, revocation: `${ROOT}/oauth/revoke`, api: ROOT },
  tokenPath: '/oauth/token',
  identityPath: '/v2/users/me',
  tokenAnswer: {
    access_token: 'access-very-secret',
    token_type: 'bearer',
    refresh_token: 'refresh-very-secret',
    expires_in: 3599,
    scope: 'meeting:delete:meeting meeting:update:meeting meeting:write:meeting user:read:user',
    api_url: 'https://api-eu.zoom.us',
  },
  identityAnswer: {
    id: 'KDcuGIm1QgePTO8WbOqwIQ',
    first_name: 'Jane',
    last_name: 'Doe',
    display_name: 'Jane Doe',
    email: 'jane@example.com',
    type: 1,
    account_id: 'q6gBJVO5TzexKYTb_I2rpg',
  },
};
