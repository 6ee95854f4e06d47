import type { GoogleEndpoints } from '../../src/index.ts';

/**
 * Where Google is when it is emulated.
 *
 * @param pagesUrl The address of it that browsers know, and that it calls itself; otherwise the same.
 */
export function googleEndpointsAt(url: string, pagesUrl: string = url): GoogleEndpoints {
  return {
    issuer: pagesUrl,
    authorization: `${pagesUrl}/o/oauth2/v2/auth`,
    token: `${url}/token`,
    revocation: `${url}/revoke`,
    keys: `${url}/oauth2/v3/certs`,
    api: `${url}/`,
  };
}
