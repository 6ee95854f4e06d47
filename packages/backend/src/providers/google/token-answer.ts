import { z } from 'zod';
import { type IssuedTokens as OpenIdTokens, readIssuedTokens } from '../openid/token-answer.ts';
import type { Credential } from '../provider.ts';
import { parseScopes } from './scopes.ts';

/** What Google's answer has besides. [Exchange authorization code](https://developers.google.com/identity/protocols/oauth2/web-server#exchange-authorization-code) */
const GOOGLE_TOKEN_ANSWER = z.object({
  /** Only where the person granted [time-based access](https://developers.google.com/identity/protocols/oauth2#expiration). */
  refresh_token_expires_in: z.number().positive().max(3_153_600_000).optional(),
});

/** Tokens as they came, and when the grant itself ends. */
export interface IssuedTokens extends OpenIdTokens {
  readonly endsAtMs: number | undefined;
}

/** Reads tokens; `undefined` where the answer holds none, whatever its status was. */
export function parseTokenAnswer(body: unknown, askedAtMs: number): IssuedTokens | undefined {
  const tokens = readIssuedTokens(body, askedAtMs, parseScopes);
  const { data } = GOOGLE_TOKEN_ANSWER.safeParse(body);
  if (tokens === undefined || data === undefined) return undefined;
  const endsInSeconds = data.refresh_token_expires_in;
  return { ...tokens, endsAtMs: endsInSeconds === undefined ? undefined : askedAtMs + endsInSeconds * 1000 };
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
