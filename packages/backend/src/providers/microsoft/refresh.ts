import type { Credential, ProviderClient, RefreshOutcome } from '../provider.ts';
import type { ErrorKind } from './aadsts-kinds.ts';
import type { MicrosoftSettings } from './options.ts';
import { refreshedCredential } from './token-answer.ts';
import { requestTokens } from './token-request.ts';

/**
 * Asks for a new access token. Every answer brings a new refresh token, which has to be stored: the old one stays valid, but only its own
 * ninety days.
 *
 * @see [Refresh the access token](https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#refresh-the-access-token)
 * @see [Refresh tokens](https://learn.microsoft.com/entra/identity-platform/refresh-tokens#token-lifetime)
 */
export async function refresh(settings: MicrosoftSettings, client: ProviderClient, credential: Credential): Promise<RefreshOutcome> {
  const grant = { grant_type: 'refresh_token', refresh_token: credential.refreshToken };
  const answered = await requestTokens(settings, { client, authority: settings.authority, grant });
  if (answered.outcome === 'issued') return { outcome: 'refreshed', credential: refreshedCredential(credential, answered.issued) };

  const { kind, error, operatorHint, retryAfterMs } = answered;
  const effect = effectOf(kind, error);
  switch (effect) {
    case 'rejected':
    case 'interaction_required':
      return { outcome: effect, operatorHint };
    case 'needs_operator':
      return { outcome: 'unavailable', retryAfterMs, operatorHint, needsOperator: true };
    default:
      return { outcome: 'unavailable', retryAfterMs, operatorHint };
  }
}

/** Only `invalid_grant` says that a grant is dead, whatever the code beside it is: no other answer costs anybody their connection. */
function effectOf(kind: ErrorKind, error: string | undefined): ErrorKind['refresh'] {
  return kind.refresh === 'rejected' && error !== 'invalid_grant' ? 'interaction_required' : kind.refresh;
}
