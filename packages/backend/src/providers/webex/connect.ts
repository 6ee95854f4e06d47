import { z } from 'zod';
import { apiAddress, askApi } from '../oauth2/ask-api.ts';
import { createOAuth2Connect } from '../oauth2/connect.ts';
import { readIdentity } from '../oauth2/identity.ts';
import { standardError } from '../oauth2/oauth-errors.ts';
import type { IdentityReading } from '../oauth2/vendor.ts';
import type { OAuthConnect } from '../provider.ts';
import { WEBEX_SCOPES, type WebexSettings } from './manifest.ts';

/** [Get my own details](https://developer.webex.com/docs/api/v1/people/get-my-own-details) */
const PERSON = z.object({
  id: z.string().min(1).max(255),
  emails: z.array(z.string().min(1).max(320)).optional().catch(undefined),
  displayName: z.string().min(1).max(320).optional().catch(undefined),
  orgId: z.string().min(1).max(255).optional().catch(undefined),
});

/** Webex refuses in a sentence, or with one of its sign-in service's in it: `… error = 'invalid code.')`. */
const WRAPPED_ERROR = z.object({ message: z.string().max(4000) });

/** What of such a sentence is known to mean what. The refresh token comes before the client, which some name beside it. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [
    /\b(?:refresh token|code|grant)\b[^']*\b(?:invalid|expired|revoked|malformed)|\binvalid (?:code|grant|refresh token)\b/i,
    'invalid_grant',
  ],
  [/\bredirect.?uri\b/i, 'redirect_uri_mismatch'],
  [/\bclient\b/i, 'invalid_client'],
  [/\bscope\b/i, 'invalid_scope'],
];

/**
 * The part of Webex that makes, keeps and ends a connection. Access tokens live for fourteen days; refresh tokens for ninety, which begin
 * anew whenever one is used.
 *
 * @see [Integrations & Authorization](https://developer.webex.com/docs/integrations)
 */
export function createWebexConnect(settings: WebexSettings): OAuthConnect {
  return createOAuth2Connect({
    name: 'Webex',
    settings,
    scopes: WEBEX_SCOPES,
    clientAuthentication: 'form',
    authorizationParameters: () => ({ scope: WEBEX_SCOPES.join(' ') }),
    missingScopes,
    readError,
    identify: (accessToken) => identify(settings, accessToken),
    // Webex lets administrators end the authorizations of an integration, and the person at settings.webex.com; an integration has no such call.
    revoke: () => Promise.resolve({ outcome: 'unsupported' }),
  });
}

/** Webex adds `spark:kms` to whatever is asked for. */
function missingScopes(granted: readonly string[]): readonly string[] {
  return WEBEX_SCOPES.filter((scope) => !granted.includes(scope));
}

function readError(body: unknown): string | undefined {
  const error = standardError(body);
  const message = WRAPPED_ERROR.safeParse(body).data?.message;
  if (error !== undefined || message === undefined) return error;
  const said = /\berror = '([^']{1,300})'/.exec(message)?.[1] ?? message;
  // A refusal in words that we do not know is one all the same; it ends no grant.
  return MEANINGS.find(([words]) => words.test(said))?.[1] ?? 'unknown';
}

/** The id is Webex' own and stays; everything else is a label. */
async function identify(settings: WebexSettings, accessToken: string): Promise<IdentityReading> {
  const answer = await askApi(settings, accessToken, { url: apiAddress(settings.endpoints.api)`/v1/people/me` });
  return readIdentity('Webex’ description of the person', answer, (body) => {
    const { data } = PERSON.safeParse(body);
    const email = data?.emails?.[0];
    return data && { subject: data.id, name: email ?? data.displayName ?? data.id, email, organisation: data.orgId };
  });
}
