import type { Context } from 'hono';
import { basicCredentials } from '../oauth/basic-credentials.ts';
import { readForm } from '../oauth/read-form.ts';
import { TokenRefused, type TokenRefusal } from '../oauth/redeem.ts';
import { clientOf, serviceToken } from '../oauth/service-token.ts';
import type { ZoomParts } from './parts.ts';

/** Zoom says 3599 in its examples. */
export const ACCESS_TOKEN_SECONDS = 3599;

type TokenDeps = Pick<ZoomParts, 'clients' | 'codes' | 'tokens' | 'switches' | 'serverUrl'>;

/**
 * `POST /oauth/token`, at Zoom `https://zoom.us/oauth/token`. The client comes in a Basic header, the parameters in a form or in the
 * query. Refresh tokens rotate: the old one is refused.
 * @see {@link https://developers.zoom.us/docs/integrations/oauth/}
 */
export function token(deps: TokenDeps): (c: Context) => Promise<Response> {
  return serviceToken(deps, {
    read: readParameters,
    credentials: (c) => basicCredentials(c.req.header('Authorization')),
    refreshRule: () => 'rotates',
    beforeIssue: ({ email, clientId }) => {
      if (deps.switches.forUser(email).onePairPerApp) deps.tokens.endAllOf(email, clientId);
    },
    answer: (c, { accessToken, refreshToken, grant }) =>
      c.json({
        access_token: accessToken,
        token_type: 'bearer',
        refresh_token: refreshToken,
        expires_in: ACCESS_TOKEN_SECONDS,
        scope: grant.scopes.join(' '),
        api_url: deps.serverUrl,
      }),
    refuse: (c, refusal) => refuse(c, refusal, deps.switches.forAll().deadTokensAreInvalidRequest),
  });
}

/** `POST /oauth/revoke`: ends what the consent gave, refresh token and all. Whether Zoom's ends the refresh token too is unverified. */
export function revoke(deps: TokenDeps): (c: Context) => Promise<Response> {
  return async function answerRevoke(c) {
    const text = (await readParameters(c)).get('token');
    try {
      const { clientId } = clientOf(basicCredentials(c.req.header('Authorization')), deps);
      if (text === null || !deps.tokens.revoke(text, clientId)) throw new TokenRefused('bad_refresh_token');
      return c.json({ status: 'success' });
    } catch (error) {
      if (error instanceof TokenRefused) return refuse(c, error.refusal, deps.switches.forAll().deadTokensAreInvalidRequest);
      throw error;
    }
  };
}

async function readParameters(c: Context): Promise<URLSearchParams> {
  return new URLSearchParams([...new URL(c.req.url).searchParams, ...(await readForm(c.req.raw))]);
}

/** @see {@link https://developers.zoom.us/docs/integrations/oauth-error-messages/} */
const REASONS: Readonly<Record<TokenRefusal, { readonly error: string; readonly reason: string }>> = {
  missing_grant_type: { error: 'unsupported_grant_type', reason: 'Missing grant type' },
  unknown_grant_type: { error: 'unsupported_grant_type', reason: 'Unsupported grant type' },
  missing_parameter: { error: 'invalid_request', reason: 'Token cannot be empty.' },
  bad_client: { error: 'invalid_client', reason: 'Invalid client_id or client_secret' },
  bad_code: { error: 'invalid_grant', reason: 'Invalid authorization code' },
  bad_redirect_uri: { error: 'invalid_request', reason: 'Redirect URI mismatch.' },
  bad_verifier: { error: 'invalid_grant', reason: 'Code verifier does not match.' },
  bad_refresh_token: { error: 'invalid_grant', reason: 'Invalid Token!' },
};

function refuse(c: Context, refusal: TokenRefusal, isOlder: boolean): Response {
  const { error, reason } = REASONS[refusal];
  const isDead = error === 'invalid_grant';
  return c.json({ reason, error: isDead && isOlder ? 'invalid_request' : error }, refusal === 'bad_client' ? 401 : 400);
}
