import { z } from 'zod';

/** What a token endpoint answers. [RFC 6749 §5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1), [OpenID Connect Core §3.1.3.3](https://openid.net/specs/openid-connect-core-1_0.html#TokenResponse) */
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

/** Reads tokens; `undefined` where the body holds none. `parseScopes` spells scopes as the provider's manifest does. */
export function readIssuedTokens(
  body: unknown,
  askedAtMs: number,
  parseScopes: (scope: string) => readonly string[],
): IssuedTokens | undefined {
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
