import { createHash } from 'node:crypto';
import { auth } from 'googleapis/build/src/apis/calendar/index.js';
import { createSigningKeys } from '../openid/signing-keys.ts';
import { modeOf } from '../mode-of.ts';
import type { AuthorizationRequest, OAuthConnect, ProviderClient } from '../provider.ts';
import { readCallback } from './callback.ts';
import { exchange } from './exchange.ts';
import type { GoogleOAuthSettings } from './options.ts';
import { refresh } from './refresh.ts';
import { revoke } from './revoke.ts';

/** The part of the Google provider that makes, keeps and ends a connection. */
export function createGoogleConnect(settings: GoogleOAuthSettings): OAuthConnect {
  const keys = createSigningKeys({ outbound: settings.outbound, address: settings.endpoints.keys, now: settings.now });
  return {
    authorizationUrl: (client, request) => authorizationUrl(settings, client, request),
    readCallback: (query) => readCallback(settings, query),
    exchange: (client, request) => exchange(settings, keys, { client, request }),
    refresh: (client, credential) => refresh(settings, client, credential),
    revoke: (client, credential) => revoke(settings, client, credential),
  };
}

/**
 * Where the person is sent.
 *
 * `access_type=offline` is what makes Google give a refresh token, and `prompt=consent` what makes it give one again to somebody who
 * consented before. `include_granted_scopes` would let who changes from full access to free/busy silently keep a token that still does
 * everything.
 *
 * @see [Authorization parameters](https://developers.google.com/identity/protocols/oauth2/web-server#creatingclient)
 */
function authorizationUrl(settings: GoogleOAuthSettings, client: ProviderClient, request: AuthorizationRequest): URL {
  const google = new auth.OAuth2({
    clientId: client.clientId,
    endpoints: { oauth2AuthBaseUrl: settings.endpoints.authorization },
  });
  const url = new URL(
    google.generateAuthUrl({
      redirect_uri: request.redirectUri,
      response_type: 'code',
      scope: [...modeOf('google', settings, request.mode).scopes],
      access_type: 'offline',
      include_granted_scopes: false,
      prompt: request.interaction === 'none' ? 'none' : 'consent',
      state: request.state,
      nonce: request.nonce,
      code_challenge: createHash('sha256').update(request.codeVerifier, 'ascii').digest('base64url'),
      ...(request.loginHint === undefined ? {} : { login_hint: request.loginHint }),
    }),
  );
  // Not an argument above: the enumeration it has to be of is exported by a package that is not ours. Left out, it means `plain`.
  url.searchParams.set('code_challenge_method', 'S256');
  return url;
}
