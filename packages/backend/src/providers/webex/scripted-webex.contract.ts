import { ROOT, type ScriptedVendor } from '../oauth2/oauth2.contract.ts';
import { webex, type WebexEndpoints } from './webex.ts';

/** Webex as its documentation shows it. */
export const SCRIPTED_WEBEX: ScriptedVendor<WebexEndpoints> = {
  make: webex,
  endpoints: { authorization: `${ROOT}/v1/authorize`, token: `${ROOT}/v1/access_token`, api: ROOT },
  tokenPath: '/v1/access_token',
  identityPath: '/v1/people/me',
  tokenAnswer: {
    access_token: 'access-very-secret',
    expires_in: 1_209_599,
    refresh_token: 'refresh-very-secret',
    refresh_token_expires_in: 7_775_999,
    token_type: 'Bearer',
    scope: 'meeting:schedules_write spark:kms spark:people_read',
  },
  identityAnswer: {
    id: 'Y2lzY29zcGFyazovL3VzL1BFT1BMRS8x',
    emails: ['jane@example.com'],
    displayName: 'Jane Doe',
    orgId: 'Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi8x',
    type: 'person',
  },
};
