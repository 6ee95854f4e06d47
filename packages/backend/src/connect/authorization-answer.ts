import type { AuthorizationErrorCode } from '../oauth/authorization-errors.ts';
import type { PublicUrl } from '../public-url.ts';
import type { Session } from '../storage/session-row.ts';
import { withResponseParameters } from '../oauth/addresses.ts';

/** What a partner is told at its redirect URI. */
export type AuthorizationAnswer = { readonly code: string } | { readonly error: AuthorizationErrorCode; readonly description?: string };

/**
 * The address that tells it. `iss` is in every answer, errors too ([RFC 9207](https://www.rfc-editor.org/rfc/rfc9207)).
 * A fragment, which only the place of a page's own return can have, stays at the end.
 */
export function authorizationAnswer(
  issuer: string,
  request: { readonly redirectUri: string | undefined; readonly partnerState: string | undefined },
  answer: AuthorizationAnswer,
): string {
  if (request.redirectUri === undefined) throw new Error('an authorization answer needs the redirect URI that was checked before');
  const [address = '', ...fragment] = request.redirectUri.split('#');
  const answered = withResponseParameters(address, {
    ...('code' in answer ? { code: answer.code } : { error: answer.error, error_description: answer.description }),
    state: request.partnerState,
    iss: issuer,
  });
  return answered + fragment.join('#');
}

/** The authorization request once more, with provider and access mode chosen already: one click tries again. */
export function retryAddress(publicUrl: PublicUrl, session: Session, providerName: string | undefined): string {
  return withResponseParameters(publicUrl.at('/oauth/authorize'), {
    response_type: 'code',
    client_id: session.applicationId,
    redirect_uri: session.redirectUri,
    scope: session.scope,
    state: session.partnerState,
    code_challenge: session.codeChallenge,
    code_challenge_method: session.codeChallenge === undefined ? undefined : 'S256',
    provider_name: providerName,
  });
}
