import type { Context } from 'hono';
import { basicCredentials } from '../oauth/basic-credentials.ts';
import { readForm } from '../oauth/read-form.ts';
import { TokenRefused, type TokenRefusal } from '../oauth/redeem.ts';
import { clientOf, serviceToken } from '../oauth/service-token.ts';
import type { GoToParts } from './parts.ts';

/** An hour. */
export const ACCESS_TOKEN_SECONDS = 3600;

/**
 * `POST /oauth/token`, at GoTo `https://authentication.logmeininc.com/oauth/token`. The client comes in a Basic header; `principal` says
 * whose the token is.
 * @see {@link https://developer.goto.com/guides/Authentication/03_HOW_accessToken/}
 */
export function token(deps: Pick<GoToParts, 'clients' | 'codes' | 'tokens' | 'switches'>): (c: Context) => Promise<Response> {
  return serviceToken(deps, {
    read: (c) => readForm(c.req.raw),
    credentials: (c) => basicCredentials(c.req.header('Authorization')),
    refreshRule: (email) => (deps.switches.forUser(email).rotateRefreshTokens ? 'rotates' : 'stays'),
    answer: (c, { accessToken, refreshToken, grant }, by) =>
      c.json({
        access_token: accessToken,
        token_type: 'Bearer',
        ...(by === 'code' || deps.switches.forUser(grant.email).rotateRefreshTokens ? { refresh_token: refreshToken } : {}),
        expires_in: ACCESS_TOKEN_SECONDS,
        scope: grant.scopes.join(' '),
        principal: grant.email,
      }),
    refuse,
  });
}

/**
 * `POST /oauth/revoke`, which nothing but the server's metadata names. Whatever becomes of the token, a client that is accepted gets a 200.
 * @see [RFC 7009](https://www.rfc-editor.org/rfc/rfc7009#section-2.2), {@link https://identity.goto.com/.well-known/oauth-authorization-server}
 */
export function revoke(deps: Pick<GoToParts, 'clients' | 'tokens'>): (c: Context) => Promise<Response> {
  return async function answerRevoke(c) {
    const text = (await readForm(c.req.raw)).get('token');
    try {
      const { clientId } = clientOf(basicCredentials(c.req.header('Authorization')), deps);
      if (text === null) throw new TokenRefused('missing_parameter');
      deps.tokens.revoke(text, clientId);
      return c.body(null, 200);
    } catch (error) {
      if (error instanceof TokenRefused) return refuse(c, error.refusal);
      throw error;
    }
  };
}

/** The codes are those of [RFC 6749 §5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2); the texts are unverified. */
const REFUSALS: Readonly<Record<TokenRefusal, readonly [string, string]>> = {
  missing_grant_type: ['invalid_request', 'Required parameter grant_type is missing.'],
  unknown_grant_type: ['unsupported_grant_type', 'The grant type is not supported.'],
  missing_parameter: ['invalid_request', 'A required parameter is missing.'],
  bad_client: ['invalid_client', 'Client authentication failed.'],
  bad_code: ['invalid_grant', 'The authorization code is invalid, expired, or was used.'],
  bad_redirect_uri: ['invalid_grant', 'The redirect URI does not match.'],
  bad_verifier: ['invalid_grant', 'The code verifier does not match.'],
  bad_refresh_token: ['invalid_grant', 'The refresh token is invalid, expired, or was revoked.'],
};

function refuse(c: Context, refusal: TokenRefusal): Response {
  const [error, description] = REFUSALS[refusal];
  return c.json({ error, error_description: description }, refusal === 'bad_client' ? 401 : 400);
}
