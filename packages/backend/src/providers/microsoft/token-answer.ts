import { z } from 'zod';
import type { Credential } from '../provider.ts';
import { OFFLINE_ACCESS } from './manifest.ts';
import { parseScopes } from './scopes.ts';

/** What the token endpoint answers. [Successful response](https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#successful-response-2) */
const TOKEN_ANSWER = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive().max(31_536_000),
  token_type: z.string().regex(/^bearer$/i),
  scope: z.string().optional(),
  refresh_token: z.string().min(1).optional(),
  id_token: z.string().optional(),
});

/** Tokens as they came, times made absolute. */
export interface IssuedTokens {
  readonly accessToken: string;
  readonly accessTokenExpiresAtMs: number;
  readonly refreshToken: string | undefined;
  readonly idToken: string | undefined;
  /** `undefined` where the answer does not name them. */
  readonly grantedScopes: readonly string[] | undefined;
}

/** Reads tokens; `undefined` where the answer holds none, whatever its status was. */
export function parseTokenAnswer(body: unknown, askedAtMs: number): IssuedTokens | undefined {
  const { data } = TOKEN_ANSWER.safeParse(body);
  if (data === undefined) return undefined;
  return {
    accessToken: data.access_token,
    accessTokenExpiresAtMs: askedAtMs + data.expires_in * 1000,
    refreshToken: data.refresh_token,
    idToken: data.id_token,
    grantedScopes: data.scope === undefined ? undefined : parseScopes(data.scope),
  };
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
