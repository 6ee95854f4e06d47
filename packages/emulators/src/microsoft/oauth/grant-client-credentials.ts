import { AadstsError } from './aadsts.ts';
import { appValues } from './authorization-request.ts';
import { required } from './grant-authorization-code.ts';
import { findResource } from './permissions.ts';
import type { TokenAnswer, TokenDeps, TokenRequest } from './token.ts';

/**
 * Gives a token to an app that acts for itself. It says that the app is known in the tenant and nothing about any person's consent.
 * @throws AadstsError 9001023, 1002012, 500011, 700016 or 7000112.
 * @see {@link https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow}
 */
export function grantClientCredentials({ form, client, authority }: TokenRequest, deps: TokenDeps): TokenAnswer {
  if (authority.kind !== 'tenant' || authority.tenant === undefined) throw new AadstsError(9001023);
  const scope = required(form, 'scope');
  const match = /^(.+)\/\.default$/.exec(scope);
  if (match === null || scope.includes(' ')) throw new AadstsError(1002012, { scope });
  const resource = findResource(match[1] ?? '');
  if (resource === undefined) throw new AadstsError(500011, { resource: match[1] ?? '' });
  const { tenant } = authority;
  const isAtHome = deps.tenants.find(client.homeTenant ?? '') === tenant;
  if (!isAtHome && !deps.consents.isKnown(tenant.id, client.clientId)) {
    throw new AadstsError(700016, { ...appValues(client), tenant: tenant.displayName });
  }
  const roles = deps.consents.rolesOf(tenant.id, client.clientId);
  const access = deps.tokens.issueAccessToken(
    { email: undefined, tenantId: tenant.id, clientId: client.clientId, resource: resource.uri, scopes: [], roles },
    false,
  );
  return { token_type: 'Bearer', expires_in: access.expiresSeconds, ext_expires_in: access.expiresSeconds, access_token: access.token };
}
