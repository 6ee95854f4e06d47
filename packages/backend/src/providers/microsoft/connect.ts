import { createHash } from 'node:crypto';
import { modeOf } from '../mode-of.ts';
import { createSigningKeys } from '../openid/signing-keys.ts';
import type { AuthorizationRequest, OAuthConnect, ProviderClient } from '../provider.ts';
import { readCallback } from './callback.ts';
import { exchange } from './exchange.ts';
import { COMMON_AUTHORITY } from './manifest.ts';
import { explain } from './oauth-errors.ts';
import type { MicrosoftSettings } from './options.ts';
import { refresh } from './refresh.ts';

/** `choose` may be somebody who is signed in with the wrong one of their accounts. [`prompt`](https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#request-an-authorization-code) */
const PROMPTS: Readonly<Record<AuthorizationRequest['interaction'], string | undefined>> = {
  choose: 'select_account',
  continue: undefined,
  none: 'none',
};

/** The part of the Microsoft provider that makes, keeps and ends a connection. */
export function createMicrosoftConnect(settings: MicrosoftSettings): OAuthConnect {
  const keys = createMicrosoftKeys(settings);
  return {
    authorizationUrl: (client, request) => authorizationUrl(settings, client, request),
    readCallback,
    explain,
    exchange: (client, request) => exchange(settings, keys, { client, request }),
    refresh: (client, credential) => refresh(settings, client, credential),
    // Microsoft has no RFC 7009. What it has (`revokeSignInSessions`) signs the person out of every application there is.
    revoke: () => Promise.resolve({ outcome: 'unsupported' }),
  };
}

/** The keys of every organisation and of personal accounts, at the one address for all. */
export function createMicrosoftKeys({ outbound, endpoints, now }: MicrosoftSettings): ReturnType<typeof createSigningKeys> {
  return createSigningKeys({ outbound, address: `${endpoints.tokenAuthority}/${COMMON_AUTHORITY}/discovery/v2.0/keys`, now });
}

/** What a trip to the authorization endpoint is made of. */
export interface AuthorizationTrip extends Omit<AuthorizationRequest, 'mode' | 'loginHint' | 'interaction'> {
  readonly authority: string;
  readonly scopes: readonly string[];
}

/**
 * An address of the authorization endpoint.
 *
 * `prompt=consent` is never sent: where an administrator has consented, it would ask people again for what they may not give.
 *
 * @see [Request an authorization code](https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#request-an-authorization-code)
 */
export function authorizationAddress(settings: MicrosoftSettings, client: ProviderClient, trip: AuthorizationTrip): URL {
  const url = new URL(`${settings.endpoints.authority}/${encodeURIComponent(trip.authority)}/oauth2/v2.0/authorize`);
  url.search = new URLSearchParams({
    client_id: client.clientId,
    response_type: 'code',
    redirect_uri: trip.redirectUri,
    response_mode: 'query',
    scope: trip.scopes.join(' '),
    state: trip.state,
    nonce: trip.nonce,
    code_challenge: createHash('sha256').update(trip.codeVerifier, 'ascii').digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  return url;
}

function authorizationUrl(settings: MicrosoftSettings, client: ProviderClient, request: AuthorizationRequest): URL {
  const { scopes } = modeOf('microsoft', settings, request.mode);
  const url = authorizationAddress(settings, client, { ...request, authority: settings.authority, scopes });
  const prompt = PROMPTS[request.interaction];
  if (prompt !== undefined) url.searchParams.set('prompt', prompt);
  if (request.loginHint !== undefined) url.searchParams.set('login_hint', request.loginHint);
  return url;
}
