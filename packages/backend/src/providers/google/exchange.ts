import { describeAnswer } from '../answer.ts';
import type { IdTokenReading } from '../openid/id-token.ts';
import type { SigningKeys } from '../openid/signing-keys.ts';
import { modeOf } from '../mode-of.ts';
import type { Credential, ExchangeOutcome, ExchangeRequest, ProviderClient } from '../provider.ts';
import { ask } from './ask.ts';
import { verifyGoogleIdToken } from './id-token.ts';
import { GOOGLE_ENDPOINTS, GOOGLE_ISSUER_ALIAS } from './manifest.ts';
import { type Failure, failureOf, oauthErrorOf } from './oauth-errors.ts';
import type { GoogleOAuthSettings } from './options.ts';
import { missingScopes } from './scopes.ts';
import { type IssuedTokens, parseTokenAnswer } from './token-answer.ts';

type Failed = Extract<ExchangeOutcome, { outcome: 'failed' }>;

/**
 * Exchanges a code, once: a code that was sent may be used up even where no answer came.
 *
 * @see [Exchange authorization code](https://developers.google.com/identity/protocols/oauth2/web-server#exchange-authorization-code)
 */
export async function exchange(
  settings: GoogleOAuthSettings,
  keys: SigningKeys,
  { client, request }: { client: ProviderClient; request: ExchangeRequest },
): Promise<ExchangeOutcome> {
  const mode = modeOf('google', settings, request.mode);
  const issued = await requestTokens(settings, client, request);
  if ('outcome' in issued) return issued;

  const reading = await readIdentity(settings, keys, { idToken: issued.idToken, clientId: client.clientId, nonce: request.nonce });
  if (reading.verdict === 'keys_unavailable') return failed('provider_unavailable', 'the keys that Google signs with could not be fetched');
  if (reading.verdict === 'unverified') return failed('identity_unverified', `the id token is not believed: ${reading.because}`);

  if (issued.refreshToken === undefined) {
    return failed('no_refresh_token', 'Google gave no refresh token, although offline access and consent were asked for');
  }
  const credential = toCredential(issued, issued.refreshToken);
  const missing = missingScopes(mode.scopes, credential.grantedScopes);
  return missing.length === 0
    ? { outcome: 'connected', identity: reading.identity, credential }
    : { outcome: 'scopes_missing', missing, identity: reading.identity, credential };
}

async function requestTokens(
  settings: GoogleOAuthSettings,
  client: ProviderClient,
  request: ExchangeRequest,
): Promise<IssuedTokens | Failed> {
  const askedAtMs = settings.now();
  const answer = await ask(settings, client, (google) =>
    google.getToken({ code: request.code, codeVerifier: request.codeVerifier, redirect_uri: request.redirectUri }),
  );
  const error = oauthErrorOf(answer);
  if (error !== undefined) return { outcome: 'failed', ...failureOf(error) };
  const issued = answer.answered && answer.status === 200 ? parseTokenAnswer(answer.body, askedAtMs) : undefined;
  return issued ?? failed('provider_unavailable', describeAnswer('Google’s token endpoint', answer));
}

function readIdentity(
  settings: GoogleOAuthSettings,
  keys: SigningKeys,
  { idToken, clientId, nonce }: { idToken: string | undefined; clientId: string; nonce: string },
): Promise<IdTokenReading> {
  if (idToken === undefined) return Promise.resolve({ verdict: 'unverified', because: 'there is none' });
  const { issuer } = settings.endpoints;
  const issuers = issuer === GOOGLE_ENDPOINTS.issuer ? [issuer, GOOGLE_ISSUER_ALIAS] : [issuer];
  return verifyGoogleIdToken(idToken, { issuers, clientId, nonce, nowMs: settings.now() }, keys);
}

function toCredential(issued: IssuedTokens, refreshToken: string): Credential {
  return {
    accessToken: issued.accessToken,
    accessTokenExpiresAtMs: issued.accessTokenExpiresAtMs,
    refreshToken,
    // RFC 6749 §5.1 lets an answer leave `scope` out where all was granted; what a person may untick is believed only when it is said.
    grantedScopes: issued.grantedScopes ?? [],
    endsAtMs: issued.endsAtMs,
  };
}

function failed(reason: Failure['reason'], operatorHint: string): Failed {
  return { outcome: 'failed', reason, operatorHint };
}
