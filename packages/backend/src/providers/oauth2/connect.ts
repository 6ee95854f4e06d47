import { describeAnswer } from '../answer.ts';
import type { IssuedTokens } from '../openid/token-answer.ts';
import type { Credential, ExchangeOutcome, ExchangeRequest, OAuthConnect, ProviderClient, RefreshOutcome } from '../provider.ts';
import { authorizationUrl, readCallback } from './authorization.ts';
import { failureOf, NEEDS_OPERATOR, oauthErrorOf } from './oauth-errors.ts';
import { requestTokens } from './token-request.ts';
import type { OAuth2Vendor } from './vendor.ts';

/** The part that makes, keeps and ends a connection, of a vendor that speaks plain OAuth 2.0. */
export function createOAuth2Connect(vendor: OAuth2Vendor): OAuthConnect {
  return {
    authorizationUrl: (client, request) => authorizationUrl(vendor, client, request),
    readCallback: (query) => readCallback(vendor, query),
    exchange: (client, request) => exchange(vendor, client, request),
    refresh: (client, credential) => refresh(vendor, client, credential),
    revoke: (client, credential) => vendor.revoke(client, credential),
  };
}

/** Exchanges a code, and asks whose login it is: what the vendor answers to its own access token is the proof. */
async function exchange(vendor: OAuth2Vendor, client: ProviderClient, request: ExchangeRequest): Promise<ExchangeOutcome> {
  const { answer, issued } = await requestTokens(vendor, client, {
    grant_type: 'authorization_code',
    code: request.code,
    redirect_uri: request.redirectUri,
    code_verifier: request.codeVerifier,
  });
  if (issued === undefined) {
    const error = oauthErrorOf(answer, vendor.readError);
    if (error !== undefined) return { outcome: 'failed', ...failureOf(vendor.name, error) };
    const operatorHint = describeAnswer(`${vendor.name}’s token endpoint`, answer);
    return { outcome: 'failed', reason: 'provider_unavailable', operatorHint };
  }
  if (issued.refreshToken === undefined) {
    return { outcome: 'failed', reason: 'no_refresh_token', operatorHint: `${vendor.name} gave no refresh token` };
  }
  const credential = toCredential(vendor, issued, issued.refreshToken);
  const missing = vendor.missingScopes(credential.grantedScopes);
  if (missing.length > 0) return { outcome: 'scopes_missing', missing, identity: undefined, credential };
  const reading = await vendor.identify(issued.accessToken);
  return reading.outcome === 'identified' ? { outcome: 'connected', identity: reading.identity, credential } : reading;
}

/** Asks for a new access token. A refresh token that comes with it takes the place of the old. */
async function refresh(vendor: OAuth2Vendor, client: ProviderClient, credential: Credential): Promise<RefreshOutcome> {
  const grant = { grant_type: 'refresh_token', refresh_token: credential.refreshToken };
  const { answer, issued } = await requestTokens(vendor, client, grant);
  if (issued !== undefined) return { outcome: 'refreshed', credential: refreshed(credential, issued) };

  const error = oauthErrorOf(answer, vendor.readError);
  if (error === undefined) {
    const operatorHint = describeAnswer(`${vendor.name}’s token endpoint`, answer);
    return { outcome: 'unavailable', retryAfterMs: answer.answered ? answer.retryAfterMs : undefined, operatorHint };
  }
  const { operatorHint } = failureOf(vendor.name, error);
  // Everything else is our fault or passes: a wrong client secret, above all, must never disconnect everybody.
  if (error === 'invalid_grant') return { outcome: 'rejected', operatorHint };
  const needsOperator = NEEDS_OPERATOR.includes(error);
  return { outcome: 'unavailable', retryAfterMs: undefined, operatorHint, ...(needsOperator && { needsOperator }) };
}

function toCredential(vendor: OAuth2Vendor, issued: IssuedTokens, refreshToken: string): Credential {
  return {
    accessToken: issued.accessToken,
    accessTokenExpiresAtMs: issued.accessTokenExpiresAtMs,
    refreshToken,
    // Left out, it means that all was granted (RFC 6749 §5.1); these vendors show people no boxes to untick.
    grantedScopes: issued.grantedScopes ?? vendor.scopes,
    endsAtMs: undefined,
  };
}

function refreshed(before: Credential, issued: IssuedTokens): Credential {
  return {
    accessToken: issued.accessToken,
    accessTokenExpiresAtMs: issued.accessTokenExpiresAtMs,
    refreshToken: issued.refreshToken ?? before.refreshToken,
    grantedScopes: issued.grantedScopes ?? before.grantedScopes,
    endsAtMs: before.endsAtMs,
  };
}
