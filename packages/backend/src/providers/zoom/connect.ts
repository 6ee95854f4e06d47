import { z } from 'zod';
import { apiAddress, askApi } from '../oauth2/ask-api.ts';
import { createOAuth2Connect } from '../oauth2/connect.ts';
import { readIdentity } from '../oauth2/identity.ts';
import { standardError } from '../oauth2/oauth-errors.ts';
import { revokeToken } from '../oauth2/revocation.ts';
import type { IdentityReading, OAuth2Vendor } from '../oauth2/vendor.ts';
import type { Credential, OAuthConnect, ProviderClient, RevokeOutcome } from '../provider.ts';
import { ZOOM_SCOPES, type ZoomSettings } from './manifest.ts';
import { missingScopes } from './scopes.ts';

/** [Get a user](https://developers.zoom.us/docs/api/users/#tag/users/GET/users/{userId}) */
const USER = z.object({
  id: z.string().min(1).max(255),
  account_id: z.string().min(1).max(255).optional().catch(undefined),
  email: z.string().min(1).max(320).optional().catch(undefined),
  display_name: z.string().min(1).max(320).optional().catch(undefined),
});

/** How Zoom says that a refresh token, or a token to revoke, is no good: seen beside `invalid_request` as well as `invalid_grant`. */
const REFUSED_TOKEN = z.object({ reason: z.string().regex(/^invalid token!?$/i) });

/** Revoking wants a token that lives; below this it may be over when it arrives. */
const LEAST_LIFE_MS = 60_000;

/**
 * The part of Zoom that makes, keeps and ends a connection.
 *
 * Zoom keeps one grant per person and app: who connects again with the same client makes every earlier refresh token of theirs invalid
 * (error 4741), and a revocation takes the app away from them altogether.
 *
 * @see [OAuth 2.0](https://developers.zoom.us/docs/integrations/oauth/), [OAuth error messages](https://developers.zoom.us/docs/integrations/oauth-error-messages/)
 */
export function createZoomConnect(settings: ZoomSettings): OAuthConnect {
  const vendor: OAuth2Vendor = {
    name: 'Zoom',
    settings,
    scopes: ZOOM_SCOPES,
    clientAuthentication: 'header',
    authorizationParameters: () => ({}),
    missingScopes,
    readError,
    identify: (accessToken) => identify(settings, accessToken),
    revoke: (client, credential) => revoke(client, credential),
  };
  const connect = createOAuth2Connect(vendor);

  /** Zoom revokes access tokens and not refresh tokens. What comes of a refresh is not kept: it dies in the next moment, or nobody has it. */
  async function revoke(client: ProviderClient, credential: Credential): Promise<RevokeOutcome> {
    let { accessToken } = credential;
    if (credential.accessTokenExpiresAtMs - LEAST_LIFE_MS <= settings.now()) {
      const refreshed = await connect.refresh(client, credential);
      if (refreshed.outcome === 'rejected') return { outcome: 'already_gone' };
      if (refreshed.outcome !== 'refreshed') return { retryAfterMs: undefined, ...refreshed, outcome: 'unavailable' };
      ({ accessToken } = refreshed.credential);
    }
    return revokeToken(vendor, client, { address: settings.endpoints.revocation, form: { token: accessToken } });
  }

  return connect;
}

function readError(body: unknown): string | undefined {
  const error = standardError(body);
  return error !== undefined && REFUSED_TOKEN.safeParse(body).success ? 'invalid_grant' : error;
}

/** The id is Zoom's own and stays; everything else is a label. */
async function identify(settings: ZoomSettings, accessToken: string): Promise<IdentityReading> {
  const answer = await askApi(settings, accessToken, { url: apiAddress(settings.endpoints.api)`/v2/users/me` });
  return readIdentity('Zoom’s description of the person', answer, (body) => {
    const { data } = USER.safeParse(body);
    return data && { subject: data.id, name: data.email ?? data.display_name ?? data.id, email: data.email, organisation: data.account_id };
  });
}
