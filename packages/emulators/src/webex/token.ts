import type { Context } from 'hono';
import { readForm } from '../oauth/read-form.ts';
import type { TokenRefusal } from '../oauth/redeem.ts';
import { serviceToken } from '../oauth/service-token.ts';
import { answerWebexError, WebexError } from './api-error.ts';
import type { WebexParts } from './parts.ts';

/** Fourteen days, and a second less, as Webex says it. */
export const ACCESS_TOKEN_SECONDS = 1_209_599;

/**
 * `POST /v1/access_token`: the client comes in the form. A refresh token stays what it is, and its ninety days begin anew with each use.
 * @see {@link https://developer.webex.com/docs/integrations#getting-an-access-token}
 */
export function token(deps: Pick<WebexParts, 'clients' | 'codes' | 'tokens' | 'switches'>): (c: Context) => Promise<Response> {
  return serviceToken(deps, {
    read: (c) => readForm(c.req.raw),
    credentials: (_c, form) => ({ clientId: form.get('client_id') ?? '', clientSecret: form.get('client_secret') ?? '' }),
    refreshRule: () => 'renews',
    answer: (c, { accessToken, refreshToken, refreshTokenExpiresIn, grant }) =>
      c.json({
        access_token: accessToken,
        expires_in: ACCESS_TOKEN_SECONDS,
        refresh_token: refreshToken,
        refresh_token_expires_in: refreshTokenExpiresIn,
        token_type: 'Bearer',
        scope: grant.scopes.join(' '),
      }),
    refuse: (c, refusal) => answerWebexError(c, new WebexError(refusal === 'bad_client' ? 401 : 400, MESSAGES[refusal])),
  });
}

/** Only the one about refresh tokens was seen; the others are unverified. */
const MESSAGES: Readonly<Record<TokenRefusal, string>> = {
  missing_grant_type: 'Missing required parameter: grant_type',
  unknown_grant_type: 'Unsupported grant type.',
  missing_parameter: 'Missing required parameter.',
  bad_client: 'Client authentication failed.',
  bad_code: 'The authorization code provided is expired, revoked, malformed, or invalid.',
  bad_redirect_uri: 'The redirect_uri provided does not match the one of the authorization request.',
  bad_verifier: 'The code_verifier provided does not match the code_challenge.',
  bad_refresh_token: 'The refresh token provided is expired, revoked, malformed, or invalid.',
};
