import type { AuthorizationCodes, CodeContents } from './authorization-codes.ts';
import { verifierMatches } from './pkce.ts';
import type { RegisteredClient } from './registered-clients.ts';

/** Why a token endpoint refuses. Each service has words and statuses of its own for them. */
export const TOKEN_REFUSALS = [
  'missing_grant_type',
  'unknown_grant_type',
  'missing_parameter',
  'bad_client',
  'bad_code',
  'bad_redirect_uri',
  'bad_verifier',
  'bad_refresh_token',
] as const;

/** One of {@link TOKEN_REFUSALS}. */
export type TokenRefusal = (typeof TOKEN_REFUSALS)[number];

/** A refusal on its way to the answer. */
export class TokenRefused extends Error {
  readonly refusal: TokenRefusal;

  constructor(refusal: TokenRefusal) {
    super(refusal);
    this.name = 'TokenRefused';
    this.refusal = refusal;
  }
}

/**
 * Redeems a code.
 * @throws TokenRefused for a code that is not the client's, another redirect URI, or a verifier that does not belong to the challenge.
 */
export function redeemCode(form: URLSearchParams, client: RegisteredClient, codes: AuthorizationCodes): CodeContents {
  const code = form.get('code');
  if (code === null) throw new TokenRefused('missing_parameter');
  const contents = codes.take(code);
  if (contents === undefined || contents.clientId !== client.clientId) throw new TokenRefused('bad_code');
  if (form.get('redirect_uri') !== contents.redirectUri) throw new TokenRefused('bad_redirect_uri');
  const verifier = form.get('code_verifier');
  if (contents.challenge !== undefined && (verifier === null || !verifierMatches(verifier, contents.challenge))) {
    throw new TokenRefused('bad_verifier');
  }
  return contents;
}
