import type { Principal } from '../directory/people.ts';
import { AadstsError } from './aadsts.ts';
import { appValues } from './authorization-request.ts';
import { issueIdToken } from './id-token.ts';
import { GRAPH, type Resource } from './permissions.ts';
import { answerScope, parseScopes, resourceOf } from './scopes.ts';
import type { TokenAnswer, TokenDeps, TokenRequest } from './token.ts';

/** What a person's tokens are issued for. */
export interface DelegatedGrant {
  readonly principal: Principal;
  /** Everything that was asked at the authorization endpoint, in full spelling. */
  readonly scopes: readonly string[];
  readonly asUrls: boolean;
  /** The API of the last token, which a refresh without `scope` repeats. */
  readonly resource: string | undefined;
  readonly nonce: string | undefined;
}

/**
 * Issues a person's tokens for one API: what `scope` asks for, and whatever else was consented to for that API.
 * @throws AadstsError 28000 or 28003 for other than one API, 65001 for what is not consented to.
 */
export function issueTokens(request: TokenRequest, grant: DelegatedGrant, deps: TokenDeps): TokenAnswer {
  const { client, form } = request;
  const { user, tenantId } = grant.principal;
  const asked = askedScopes(form.get('scope'), request, grant);
  const consented = deps.consents.scopesFor(grant.principal, client.clientId);
  if (asked.access.some((scope) => !consented.has(scope))) throw new AadstsError(65001, appValues(client));
  const signIn = grant.scopes.filter((scope) => resourceOf(scope) === undefined);
  const granted = [...signIn, ...[...consented].filter((scope) => resourceOf(scope) === asked.resource)];
  const { switches, tokens } = deps;
  const subject = { email: user.email, tenantId, clientId: client.clientId, resource: asked.resource.uri, scopes: granted, roles: [] };
  const access = tokens.issueAccessToken(subject, user.isPersonal);
  const withRefreshToken = grant.scopes.includes('offline_access') && !switches.forUser(user.email).dropRefreshToken;
  const refresh = withRefreshToken
    ? tokens.issueRefreshToken({ ...subject, scopes: grant.scopes, asUrls: asked.asUrls }, user.isPersonal)
    : undefined;
  return {
    token_type: 'Bearer',
    scope: answerScope(granted, asked.asUrls),
    expires_in: access.expiresSeconds,
    ext_expires_in: access.expiresSeconds,
    access_token: access.token,
    ...(refresh === undefined ? {} : { refresh_token: refresh.token }),
    ...(signIn.includes('openid')
      ? { id_token: issueIdToken({ principal: grant.principal, client, scopes: signIn, nonce: grant.nonce }, deps) }
      : {}),
  };
}

interface AskedOfOneResource {
  readonly access: readonly string[];
  readonly resource: Resource;
  readonly asUrls: boolean;
}

/** The authorization endpoint takes several APIs at once, the token endpoint one. */
function askedScopes(scope: string | null, { client }: TokenRequest, grant: DelegatedGrant): AskedOfOneResource {
  if (scope === null || scope.trim() === '') return rememberedScopes(grant);
  const asked = parseScopes(scope, client);
  if (asked.resources.length > 1) throw new AadstsError(28000, { scope });
  const [resource = GRAPH] = asked.resources;
  return { access: asked.access, resource, asUrls: asked.resources.length === 0 ? grant.asUrls : asked.asUrls };
}

function rememberedScopes({ scopes, resource, asUrls }: DelegatedGrant): AskedOfOneResource {
  const access = scopes.filter(
    (scope) => resourceOf(scope) !== undefined && (resource === undefined || resourceOf(scope)?.uri === resource),
  );
  const [only = GRAPH, ...others] = new Set(access.map(resourceOf));
  if (others.length > 0) throw new AadstsError(28003);
  return { access, resource: only, asUrls };
}
