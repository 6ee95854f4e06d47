import type { Context } from 'hono';
import type { GoogleParts } from '../parts.ts';
import { authenticateClient } from './client-authentication.ts';
import { exchangeAuthorizationCode, type AuthorizationCodeDeps } from './grant-authorization-code.ts';
import { refreshAccessToken, type RefreshTokenDeps } from './grant-refresh-token.ts';
import { readForm } from '../../oauth/read-form.ts';
import { answerTokenError, TokenError } from './token-error.ts';

/** What the token endpoint answers. */
export interface TokenAnswer {
  readonly access_token: string;
  readonly expires_in: number;
  readonly refresh_token?: string;
  readonly scope: string;
  readonly token_type: 'Bearer';
  readonly id_token?: string;
  readonly refresh_token_expires_in?: number;
}

/** What the token endpoint uses. */
export type TokenDeps = Pick<GoogleParts, 'clients'> & AuthorizationCodeDeps & RefreshTokenDeps;

/** `POST /token`, at Google `https://oauth2.googleapis.com/token`. */
export function token(deps: TokenDeps): (c: Context) => Promise<Response> {
  return async function answerToken(c) {
    c.header('Cache-Control', 'no-cache, no-store, max-age=0, must-revalidate');
    c.header('Pragma', 'no-cache');
    try {
      return c.json(giveTokens(await readForm(c.req.raw), c.req.header('Authorization'), deps));
    } catch (error) {
      if (error instanceof TokenError) return answerTokenError(c, error);
      throw error;
    }
  };
}

function giveTokens(form: URLSearchParams, authorization: string | undefined, deps: TokenDeps): TokenAnswer {
  const grantType = form.get('grant_type');
  if (grantType === null) throw new TokenError(400, 'invalid_request', 'Required parameter is missing: grant_type');
  if (grantType !== 'authorization_code' && grantType !== 'refresh_token') {
    throw new TokenError(400, 'unsupported_grant_type', `Invalid grant_type: ${grantType}`);
  }
  const client = authenticateClient(form, authorization, deps.clients);
  return grantType === 'authorization_code' ? exchangeAuthorizationCode(form, client, deps) : refreshAccessToken(form, client, deps);
}
