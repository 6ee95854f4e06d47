import { type IssuedTokens, readIssuedTokens } from '../openid/token-answer.ts';
import type { Credential } from '../provider.ts';
import { OFFLINE_ACCESS } from './manifest.ts';
import { parseScopes } from './scopes.ts';

export type { IssuedTokens };

/**
 * Reads tokens; `undefined` where the answer holds none, whatever its status was.
 *
 * @see [Successful response](https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#successful-response-2)
 */
export function parseTokenAnswer(body: unknown, askedAtMs: number): IssuedTokens | undefined {
  return readIssuedTokens(body, askedAtMs, parseScopes);
}

/** The credential that an exchange gave. A refresh token is the only sign that `offline_access` was granted. */
export function toCredential(issued: IssuedTokens, refreshToken: string): Credential {
  return {
    accessToken: issued.accessToken,
    accessTokenExpiresAtMs: issued.accessTokenExpiresAtMs,
    refreshToken,
    grantedScopes: withOfflineAccess(issued.grantedScopes ?? []),
    endsAtMs: undefined,
  };
}

/** The credential after a refresh, with the refresh token that takes the place of the old. */
export function refreshedCredential(before: Credential, issued: IssuedTokens): Credential {
  return {
    accessToken: issued.accessToken,
    accessTokenExpiresAtMs: issued.accessTokenExpiresAtMs,
    refreshToken: issued.refreshToken ?? before.refreshToken,
    grantedScopes: issued.grantedScopes === undefined ? before.grantedScopes : withOfflineAccess(issued.grantedScopes),
    endsAtMs: before.endsAtMs,
    ...(before.mailbox !== undefined && { mailbox: before.mailbox }),
  };
}

function withOfflineAccess(scopes: readonly string[]): readonly string[] {
  return [...new Set([...scopes, OFFLINE_ACCESS])];
}
