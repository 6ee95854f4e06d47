import { basicCredentials } from '../../oauth/basic-credentials.ts';
import type { Clients, GoogleClient } from './clients.ts';
import { TokenError } from './token-error.ts';

/**
 * Finds who calls the token endpoint, by `client_id` and `client_secret` in the form or in a Basic header.
 *
 * The header is compared as it is, without form-decoding: clients that encode the `-` and `_` of a Google secret
 * as RFC 6749 §2.3.1 says are refused, as they are by Google.
 *
 * @throws TokenError `invalid_client` or `invalid_request`.
 */
export function authenticateClient(form: URLSearchParams, authorization: string | undefined, clients: Clients): GoogleClient {
  const { clientId, clientSecret } = basicCredentials(authorization) ?? {
    clientId: form.get('client_id') ?? '',
    clientSecret: form.get('client_secret') ?? '',
  };
  if (clientId === '') throw new TokenError(400, 'invalid_request', 'Could not determine client ID from request.');
  const client = clients.find(clientId);
  if (client === undefined) throw new TokenError(401, 'invalid_client', 'The OAuth client was not found.');
  if (clientSecret === '') throw new TokenError(400, 'invalid_request', 'client_secret is missing.');
  // Older answers said "Unauthorized" here.
  if (clientSecret !== client.clientSecret) throw new TokenError(401, 'invalid_client', 'The provided client secret is invalid.');
  return client;
}
