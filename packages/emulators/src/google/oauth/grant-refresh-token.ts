import type { GoogleParts } from '../parts.ts';
import type { GoogleClient } from './clients.ts';
import { ACCESS_TOKEN_SECONDS } from './grants.ts';
import { issueIdToken, wantsIdToken } from './id-token.ts';
import { canonicalScope } from './scopes.ts';
import { TokenError } from './token-error.ts';
import type { TokenAnswer } from './token.ts';

/** What refreshing uses. */
export type RefreshTokenDeps = Pick<GoogleParts, 'grants' | 'world' | 'switches' | 'issuer' | 'keys' | 'now'>;

/**
 * Gives a new access token for a refresh token. Google does not rotate: the answer carries no refresh token.
 * @throws TokenError as Google refuses.
 * @see {@link https://developers.google.com/identity/protocols/oauth2/web-server#offline}
 */
export function refreshAccessToken(form: URLSearchParams, client: GoogleClient, deps: RefreshTokenDeps): TokenAnswer {
  const token = form.get('refresh_token');
  if (token === null) throw new TokenError(400, 'invalid_request', 'Missing required parameter: refresh_token');
  if (!token.startsWith('1//')) throw new TokenError(400, 'invalid_grant', 'Bad Request');
  const found = deps.grants.useRefreshToken(token);
  const user = found === undefined ? undefined : deps.world.userBySub(found.sub);
  if (found === undefined || user === undefined) throw new TokenError(400, 'invalid_grant', 'Token has been expired or revoked.');
  if (found.clientId !== client.clientId) throw new TokenError(401, 'unauthorized_client', 'Unauthorized');
  const switches = deps.switches.forUser(user.email);
  if (switches.denyRefresh) throw new TokenError(400, 'invalid_grant', 'Token has been expired or revoked.');
  if (switches.adminPolicyEnforced) {
    throw new TokenError(400, 'admin_policy_enforced', 'Access to your account data is restricted by policies within your organization.');
  }
  const scopes = narrowedScopes(found.scopes, form.get('scope'));
  const access = deps.grants.issueAccessToken({ ...found, scopes }, true);
  return {
    access_token: access.token,
    expires_in: ACCESS_TOKEN_SECONDS,
    scope: scopes.join(' '),
    token_type: 'Bearer',
    ...(wantsIdToken(scopes)
      ? { id_token: issueIdToken({ user, clientId: client.clientId, scopes, accessToken: access.token, nonce: undefined }, deps) }
      : {}),
    ...(found.expiresMs === undefined ? {} : { refresh_token_expires_in: Math.floor((found.expiresMs - deps.now()) / 1000) }),
  };
}

function narrowedScopes(granted: readonly string[], asked: string | null): readonly string[] {
  if (asked === null || asked.trim() === '') return granted;
  const scopes = asked.trim().split(/\s+/).map(canonicalScope);
  if (scopes.some((scope) => !granted.includes(scope))) throw new TokenError(400, 'invalid_scope', 'Bad Request');
  return scopes;
}
