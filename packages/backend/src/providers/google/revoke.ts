import { describeAnswer } from '../answer.ts';
import type { Credential, ProviderClient, RevokeOutcome } from '../provider.ts';
import { ask } from './ask.ts';
import { oauthErrorOf } from './oauth-errors.ts';
import type { GoogleOAuthSettings } from './options.ts';

/**
 * Gives a grant back. Google keeps one grant per login and project: with it ends every token that any client of the project ever got for
 * this login, those of other connections too.
 *
 * Not with the `revokeToken` of Google's library, which puts the token into the address, where every log on the way may keep it.
 *
 * @see [Revoking a token](https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke)
 */
export async function revoke(settings: GoogleOAuthSettings, client: ProviderClient, credential: Credential): Promise<RevokeOutcome> {
  const answer = await ask(settings, client, (google) =>
    google.transporter.request({
      method: 'POST',
      url: settings.endpoints.revocation,
      data: new URLSearchParams({ token: credential.refreshToken }),
    }),
  );
  if (oauthErrorOf(answer) === 'invalid_token') return { outcome: 'already_gone' };
  // A page with status 200 is some proxy's; Google answers with JSON, and RFC 7009 §2.2 allows an empty body.
  if (answer.answered && answer.status === 200 && answer.contentType !== 'text/html') return { outcome: 'revoked' };
  return {
    outcome: 'unavailable',
    retryAfterMs: answer.answered ? answer.retryAfterMs : undefined,
    operatorHint: describeAnswer('Google’s revocation endpoint', answer),
  };
}
