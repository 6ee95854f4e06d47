import { createHash } from 'node:crypto';
import type { AuthorizationRequest, CallbackReading, ProviderClient } from '../provider.ts';
import { failureOf } from './oauth-errors.ts';
import type { OAuth2Vendor } from './vendor.ts';

/** The vendors name no limit; theirs are below one thousand. */
const MAX_CODE_CHARACTERS = 4096;

/**
 * Where the person is sent. There is no id token and so no nonce: state and the PKCE verifier tie the code to this attempt.
 *
 * @see [RFC 6749 §4.1.1](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1), [RFC 7636 §4.3](https://www.rfc-editor.org/rfc/rfc7636#section-4.3)
 */
export function authorizationUrl(vendor: OAuth2Vendor, client: ProviderClient, request: AuthorizationRequest): URL {
  const url = new URL(vendor.settings.endpoints.authorization);
  const parameters = {
    response_type: 'code',
    client_id: client.clientId,
    redirect_uri: request.redirectUri,
    state: request.state,
    code_challenge: createHash('sha256').update(request.codeVerifier, 'ascii').digest('base64url'),
    code_challenge_method: 'S256',
    ...vendor.authorizationParameters(request),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url;
}

/** Reads what the vendor sent to the callback. Parameters we do not know are ignored: nothing of this query is proof of anything. */
export function readCallback({ name: vendor }: Pick<OAuth2Vendor, 'name'>, query: URLSearchParams): CallbackReading {
  for (const name of ['code', 'error']) {
    if (query.getAll(name).length > 1) return refused(`the callback names ${name} more than once`);
  }
  const code = query.get('code');
  const error = query.get('error');
  if (error === 'access_denied' && code === null) return { outcome: 'declined' };
  if (error !== null && code !== null) return refused('the callback brings a code and an error');
  if (error !== null) return { outcome: 'failed', ...failureOf(vendor, error) };
  if (code === null || code === '' || code.length > MAX_CODE_CHARACTERS) return refused('the callback brings no usable code');
  return { outcome: 'code', code };
}

function refused(operatorHint: string): CallbackReading {
  return { outcome: 'failed', reason: 'provider_refused', operatorHint };
}
