import { describeAnswer } from '../answer.ts';
import type { Credential, ProviderClient, RefreshOutcome } from '../provider.ts';
import { ask } from './ask.ts';
import { failureOf, oauthErrorOf } from './oauth-errors.ts';
import type { GoogleOAuthSettings } from './options.ts';
import { parseTokenAnswer, refreshedCredential } from './token-answer.ts';

/**
 * The refusals that mean that this person's grant is dead. Everything else is our fault or passes: a wrong client secret, above all,
 * must never disconnect everybody.
 *
 * @see [Refresh token expiration](https://developers.google.com/identity/protocols/oauth2#expiration)
 */
const GRANT_IS_DEAD: readonly string[] = ['invalid_grant', 'admin_policy_enforced'];

/**
 * Asks for a new access token. Google does not rotate refresh tokens; should one come, it takes the place of the old.
 *
 * @see [Offline access](https://developers.google.com/identity/protocols/oauth2/web-server#offline)
 */
export async function refresh(settings: GoogleOAuthSettings, client: ProviderClient, credential: Credential): Promise<RefreshOutcome> {
  const askedAtMs = settings.now();
  const answer = await ask(settings, client, (google) => {
    google.setCredentials({ refresh_token: credential.refreshToken });
    return google.refreshAccessToken();
  });
  const error = oauthErrorOf(answer);
  if (error !== undefined) {
    const { operatorHint } = failureOf(error);
    return GRANT_IS_DEAD.includes(error)
      ? { outcome: 'rejected', operatorHint }
      : { outcome: 'unavailable', retryAfterMs: undefined, operatorHint };
  }
  const issued = answer.answered && answer.status === 200 ? parseTokenAnswer(answer.body, askedAtMs) : undefined;
  if (issued !== undefined) return { outcome: 'refreshed', credential: refreshedCredential(credential, issued) };
  return {
    outcome: 'unavailable',
    retryAfterMs: answer.answered ? answer.retryAfterMs : undefined,
    operatorHint: describeAnswer('Google’s token endpoint', answer),
  };
}
