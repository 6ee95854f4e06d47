import { ROOT, type ScriptedVendor } from '../oauth2/oauth2.contract.ts';
import { goTo, type GoToEndpoints } from './goto.ts';

/** GoTo as its documentation shows it. */
export const SCRIPTED_GOTO: ScriptedVendor<GoToEndpoints> = {
  make: goTo,
  endpoints: { authorization: `${ROOT}/oauth/authorize`, token: `${ROOT}/oauth/token`, revocation: `${ROOT}/oauth/revoke`, api: ROOT },
  tokenPath: '/oauth/token',
  identityPath: '/identity/v1/Users/me',
  tokenAnswer: {
    access_token: 'access-very-secret',
    token_type: 'Bearer',
    refresh_token: 'refresh-very-secret',
    expires_in: 3600,
    scope: 'collab: identity:scim.me',
    principal: 'jane@example.com',
  },
  identityAnswer: {
    schemas: ['urn:scim:schemas:core:1.0'],
    id: '8439885694023999999',
    userName: 'jane@example.com',
    displayName: 'Jane Doe',
    emails: [{ value: 'other@example.com' }, { value: 'jane@example.com', primary: true }],
  },
};
