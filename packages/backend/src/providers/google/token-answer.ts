import { z } from 'zod';
import type { Credential } from '../provider.ts';
import { parseScopes } from './scopes.ts';

/** What the token endpoint answers. [Exchange authorization code](https://developers.google.com/identity/protocols/oauth2/web-server#exchange-authorization-code) */
const TOKEN_ANSWER = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive().max(31_536_000),
  token_type: z.string().regex(/^bearer$/i),
  scope: z.string().optional(),
  refresh_token: z.string().min(1).optional(),
  id_token: z.string().optional(),
  /** Only where the person granted [time-based access](https://developers.google.com/identity/protocols/oauth2#expiration). */
  refresh_token_expires_in: z.number().positive().max(3_153_600_000).optional(),
});

/** Tokens as they came, times made absolute. */
export interface IssuedTokens {
  readonly accessToken: string;
  readonly accessTokenExpiresAtMs: number;
  readonly refreshToken: string | undefined;
  readonly idToken: string | undefined;
  /** `undefined` where the answer does not name them. */
  readonly grantedScopes: readonly string[] | undefined;
  readonly endsAtMs: number | undefined;
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
    endsAtMs: data.refresh_token_expires_in === undefined ? undefined : askedAtMs + data.refresh_token_expires_in * 1000,
  };
}

/** The credential after a refresh: Google repeats only what is new. */
export function refreshedCredential(before: Credential, issued: IssuedTokens): Credential {
  return {
    accessToken: issued.accessToken,
    accessTokenExpiresAtMs: issued.accessTokenExpiresAtMs,
    refreshToken: issued.refreshToken ?? before.refreshToken,
    grantedScopes: issued.grantedScopes ?? before.grantedScopes,
    endsAtMs: issued.endsAtMs ?? before.endsAtMs,
  };
}
