import type { GoogleParts } from '../parts.ts';
import type { GoogleClient } from './clients.ts';
import type { CodeContents } from './codes.ts';
import { issueIdToken, wantsIdToken } from './id-token.ts';
import { verifierMatches } from '../../oauth/pkce.ts';
import { TokenError } from './token-error.ts';
import type { TokenAnswer } from './token.ts';
import { ACCESS_TOKEN_SECONDS } from './grants.ts';

/** What exchanging a code uses. */
export type AuthorizationCodeDeps = Pick<GoogleParts, 'codes' | 'grants' | 'world' | 'switches' | 'issuer' | 'keys' | 'now'>;

/**
 * Exchanges a code for tokens.
 * @throws TokenError as Google refuses.
 * @see {@link https://developers.google.com/identity/protocols/oauth2/web-server#exchange-authorization-code}
 */
export function exchangeAuthorizationCode(form: URLSearchParams, client: GoogleClient, deps: AuthorizationCodeDeps): TokenAnswer {
  const code = form.get('code');
  if (code === null) throw new TokenError(400, 'invalid_request', 'Missing required parameter: code');
  if (!code.startsWith('4/')) throw new TokenError(400, 'invalid_grant', 'Malformed auth code.');
  const contents = deps.codes.take(code);
  if (contents === undefined || contents.clientId !== client.clientId) throw new TokenError(400, 'invalid_grant', 'Bad Request');
  if (form.get('redirect_uri') !== contents.redirectUri) throw new TokenError(400, 'redirect_uri_mismatch', 'Bad Request');
  checkVerifier(form.get('code_verifier'), contents);
  const user = deps.world.userBySub(contents.sub);
  if (user === undefined) throw new TokenError(400, 'invalid_grant', 'Bad Request');

  const switches = deps.switches.forUser(user.email);
  const access = deps.grants.issueAccessToken(contents, contents.offline);
  const refresh =
    contents.withRefreshToken && !switches.dropRefreshToken
      ? deps.grants.issueRefreshToken(contents, switches.timeBasedAccessSeconds)
      : undefined;
  return {
    access_token: access.token,
    expires_in: ACCESS_TOKEN_SECONDS,
    ...(refresh === undefined ? {} : { refresh_token: refresh.token }),
    scope: contents.scopes.join(' '),
    token_type: 'Bearer',
    ...(wantsIdToken(contents.scopes) ? { id_token: issueIdToken({ ...contents, user, accessToken: access.token }, deps) } : {}),
    ...(refresh?.expiresMs === undefined ? {} : { refresh_token_expires_in: Math.floor((refresh.expiresMs - deps.now()) / 1000) }),
  };
}

function checkVerifier(verifier: string | null, { challenge }: CodeContents): void {
  if (challenge === undefined) {
    if (verifier !== null) throw new TokenError(400, 'invalid_grant', 'code_verifier or verifier is not needed.');
    return;
  }
  if (verifier === null || verifier === '') throw new TokenError(400, 'invalid_grant', 'Missing code verifier.');
  if (!verifierMatches(verifier, challenge)) throw new TokenError(400, 'invalid_grant', 'Invalid code verifier.');
}
