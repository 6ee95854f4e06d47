import { z } from 'zod';
import { apiAddress, askApi } from '../oauth2/ask-api.ts';
import { createOAuth2Connect } from '../oauth2/connect.ts';
import { readIdentity } from '../oauth2/identity.ts';
import { revokeToken } from '../oauth2/revocation.ts';
import type { IdentityReading, OAuth2Vendor } from '../oauth2/vendor.ts';
import type { OAuthConnect } from '../provider.ts';
import { GOTO_SCOPES, type GoToSettings } from './manifest.ts';

const LABEL = z.string().min(1).max(320).optional().catch(undefined);

/** [Get Me](https://developer.goto.com/Scim), a user of SCIM's. `id` is the key of the organizer, everywhere at GoTo. */
const USER = z.object({
  id: z.union([z.string().min(1).max(255), z.number().int().positive().transform(String)]),
  userName: LABEL,
  displayName: LABEL,
  emails: z
    .array(z.object({ value: LABEL, primary: z.boolean().optional().catch(undefined) }))
    .optional()
    .catch(undefined),
});

/**
 * The part of GoTo that makes, keeps and ends a connection. A refresh token stays the same for as long as it lives, thirty days, and a new
 * one comes with a refresh at its end.
 *
 * @see [How to obtain and use refresh tokens](https://developer.goto.com/guides/Authentication/05_HOW_refreshToken/)
 */
export function createGoToConnect(settings: GoToSettings): OAuthConnect {
  const vendor: OAuth2Vendor = {
    name: 'GoTo',
    settings,
    scopes: GOTO_SCOPES,
    clientAuthentication: 'header',
    // Without `scope`, all that the client is registered with.
    authorizationParameters: () => ({}),
    missingScopes,
    identify: (accessToken) => identify(settings, accessToken),
    revoke: (client, credential) =>
      revokeToken(vendor, client, {
        address: settings.endpoints.revocation,
        form: { token: credential.refreshToken, token_type_hint: 'refresh_token' },
      }),
  };
  return createOAuth2Connect(vendor);
}

/** Scopes begin with the name of their product: `collab:` may be followed by a part of it, and `identity:` alone is all of it. */
function missingScopes(granted: readonly string[]): readonly string[] {
  const products = new Set(granted.map((scope) => scope.split(':', 1)[0]));
  return GOTO_SCOPES.filter((scope) => !products.has(scope.split(':', 1)[0]));
}

/** The key is GoTo's own and stays; everything else is a label. */
async function identify(settings: GoToSettings, accessToken: string): Promise<IdentityReading> {
  const answer = await askApi(settings, accessToken, { url: apiAddress(settings.endpoints.api)`/identity/v1/Users/me` });
  return readIdentity('GoTo’s description of the person', answer, (body) => {
    const { data } = USER.safeParse(body);
    if (data === undefined) return undefined;
    const { id, emails = [], userName, displayName } = data;
    const listed = emails.find(({ primary }) => primary === true) ?? emails[0];
    const email = listed?.value ?? (userName?.includes('@') === true ? userName : undefined);
    return { subject: id, name: email ?? displayName ?? userName ?? id, email, organisation: undefined };
  });
}
