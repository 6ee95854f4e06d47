import type { FailureReason } from '@calendar-connect/protocol';
import { modeOf } from '../mode-of.ts';
import type { IdTokenReading } from '../openid/id-token.ts';
import type { SigningKeys } from '../openid/signing-keys.ts';
import type { ExchangeOutcome, ExchangeRequest, Identity, ProviderClient } from '../provider.ts';
import { verifyMicrosoftIdToken } from './id-token.ts';
import { withMailbox } from './legacy-ews/legacy-ews.ts';
import type { MicrosoftSettings } from './options.ts';
import { missingScopes } from './scopes.ts';
import { type IssuedTokens, toCredential } from './token-answer.ts';
import { requestTokens, type TokenOutcome } from './token-request.ts';

type NotIssued = Extract<TokenOutcome, { outcome: 'not_issued' }>;
type Failed = Extract<ExchangeOutcome, { outcome: 'failed' }>;

/** A code to redeem, where it was asked for. */
export interface CodeRedemption extends Omit<ExchangeRequest, 'mode'> {
  readonly authority: string;
}

/** Tokens, and whose they are; or why there are none. */
export type Redeemed = { readonly outcome: 'redeemed'; readonly issued: IssuedTokens; readonly identity: Identity } | NotIssued | Failed;

/** Exchanges a code, once: a code that was sent may be used up even where no answer came (AADSTS54005). */
export async function exchange(
  settings: MicrosoftSettings,
  keys: SigningKeys,
  { client, request }: { client: ProviderClient; request: ExchangeRequest },
): Promise<ExchangeOutcome> {
  const mode = modeOf('microsoft', settings, request.mode);
  const redeemed = await redeem(settings, keys, { client, request: { ...request, authority: settings.authority } });
  if (redeemed.outcome === 'not_issued') return refused(redeemed);
  if (redeemed.outcome === 'failed') return redeemed;

  const { issued, identity } = redeemed;
  if (issued.refreshToken === undefined)
    return failed('no_refresh_token', 'Microsoft gave no refresh token, although offline_access was asked for');
  const credential = withMailbox(toCredential(issued, issued.refreshToken), identity.email);
  const missing = missingScopes(mode.scopes, credential.grantedScopes);
  return missing.length === 0
    ? { outcome: 'connected', identity, credential }
    : { outcome: 'scopes_missing', missing, identity, credential };
}

/** Redeems a code for tokens whose id token is to be believed. */
export async function redeem(
  settings: MicrosoftSettings,
  keys: SigningKeys,
  { client, request }: { client: ProviderClient; request: CodeRedemption },
): Promise<Redeemed> {
  const { authority, code, codeVerifier, redirectUri, nonce } = request;
  const grant = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: codeVerifier };
  const answered = await requestTokens(settings, { client, authority, grant });
  if (answered.outcome === 'not_issued') return answered;
  const { issued } = answered;
  const reading = await verifyMicrosoftIdToken(settings, keys, { idToken: issued.idToken, clientId: client.clientId, nonce });
  return reading.verdict === 'verified' ? { outcome: 'redeemed', issued, identity: reading.identity } : unbelieved(reading);
}

function unbelieved(reading: Exclude<IdTokenReading, { verdict: 'verified' }>): Failed {
  return reading.verdict === 'keys_unavailable'
    ? failed('provider_unavailable', 'the keys that Microsoft signs with could not be fetched')
    : failed('identity_unverified', `the id token is not believed: ${reading.because}`);
}

function refused({ kind, code, operatorHint }: NotIssued): ExchangeOutcome {
  if (kind.exchange === 'admin_approval_needed') return { outcome: kind.exchange, operatorHint };
  return { ...failed(kind.exchange, operatorHint), ...(code === undefined ? {} : { code }) };
}

function failed(reason: FailureReason, operatorHint: string): Failed {
  return { outcome: 'failed', reason, operatorHint };
}
