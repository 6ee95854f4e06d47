import type { Context } from 'hono';
import type { GoogleParts } from '../parts.ts';
import type { GoogleUser } from '../world/world.ts';
import type { AccessToken } from './grants.ts';
import { personalClaims, wantsIdToken } from './id-token.ts';
import { bearerToken } from '../../oauth/bearer-token.ts';
import { readForm } from '../../oauth/read-form.ts';

const CERTS_CACHING = 'public, max-age=21600, must-revalidate, no-transform';

/** What the endpoints about a token's person use. */
export type IdentityDeps = Pick<GoogleParts, 'grants' | 'world' | 'now'>;

/** `GET /v1/userinfo`, at Google `https://openidconnect.googleapis.com/v1/userinfo`. */
export function openIdUserinfo(deps: IdentityDeps): (c: Context) => Response {
  return function answerOpenIdUserinfo(c) {
    const found = findPerson(bearerToken(c), deps);
    if (found === undefined || !wantsIdToken(found.token.scopes)) {
      c.header('WWW-Authenticate', 'Bearer realm="https://accounts.google.com/", error="invalid_request"');
      return c.json({ error: 'invalid_request', error_description: 'Invalid Credentials' }, 401);
    }
    const { user } = found;
    return c.json({ sub: user.sub, ...personalClaims({ user, scopes: found.token.scopes }), ...hostedDomain(user) });
  };
}

/** `GET /oauth2/v2/userinfo`, the `oauth2` v2 API of Google's client libraries. */
export function oauth2Userinfo(deps: IdentityDeps): (c: Context) => Response {
  return function answerOauth2Userinfo(c) {
    const found = findPerson(bearerToken(c), deps);
    if (found === undefined || !wantsIdToken(found.token.scopes)) {
      return c.json(
        { error: { code: 401, message: 'Request is missing required authentication credential.', status: 'UNAUTHENTICATED' } },
        401,
      );
    }
    const { user } = found;
    const { email_verified: verified, ...claims } = personalClaims({ user, scopes: found.token.scopes });
    return c.json({ id: user.sub, ...claims, ...(verified === undefined ? {} : { verified_email: verified }), ...hostedDomain(user) });
  };
}

/** `GET` or `POST /tokeninfo`, at Google `https://oauth2.googleapis.com/tokeninfo`. Every value is a string there, numbers too. */
export function tokeninfo(deps: IdentityDeps): (c: Context) => Promise<Response> {
  return async function answerTokeninfo(c) {
    const token = c.req.query('access_token') ?? (await readForm(c.req.raw)).get('access_token') ?? bearerToken(c);
    if (token === undefined)
      return c.json(
        { error: 'invalid_request', error_description: 'either access_token, id_token, or authentication header required' },
        400,
      );
    const found = findPerson(token, deps);
    if (found === undefined) return c.json({ error: 'invalid_token', error_description: 'Invalid Value' }, 400);
    const { clientId, scopes, expiresMs, offline } = found.token;
    const { email, email_verified: verified } = personalClaims({ user: found.user, scopes });
    return c.json({
      azp: clientId,
      aud: clientId,
      sub: found.user.sub,
      scope: scopes.join(' '),
      exp: String(Math.floor(expiresMs / 1000)),
      expires_in: String(Math.floor((expiresMs - deps.now()) / 1000)),
      ...(email === undefined ? {} : { email, email_verified: String(verified) }),
      access_type: offline ? 'offline' : 'online',
    });
  };
}

/** `GET /oauth2/v3/certs`: the public key of ID tokens as a JWKS. */
export function certs({ keys }: Pick<GoogleParts, 'keys'>): (c: Context) => Response {
  return function answerCerts(c) {
    c.header('Cache-Control', CERTS_CACHING);
    return c.json({ keys: [keys.publicJwk()] });
  };
}

/**
 * `GET /oauth2/v1/certs`: the same key as PEM, which Google's own Node library asks for.
 * Google wraps it in an X.509 certificate; a bare public key verifies just as well.
 */
export function pemCerts({ keys }: Pick<GoogleParts, 'keys'>): (c: Context) => Response {
  return function answerPemCerts(c) {
    c.header('Cache-Control', CERTS_CACHING);
    return c.json(keys.publicPem());
  };
}

/**
 * `GET /.well-known/openid-configuration`. The page a browser opens is at the public URL, what servers call at the server URL.
 * Google sends `iss` to callbacks without announcing it here (seen in February 2026).
 */
export function discovery({
  issuer,
  publicUrl,
  serverUrl,
}: Pick<GoogleParts, 'issuer' | 'publicUrl' | 'serverUrl'>): (c: Context) => Response {
  return function answerDiscovery(c) {
    return c.json({
      issuer,
      authorization_endpoint: `${publicUrl}/o/oauth2/v2/auth`,
      token_endpoint: `${serverUrl}/token`,
      userinfo_endpoint: `${serverUrl}/v1/userinfo`,
      revocation_endpoint: `${serverUrl}/revoke`,
      jwks_uri: `${serverUrl}/oauth2/v3/certs`,
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      scopes_supported: ['openid', 'email', 'profile'],
      token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
      claims_supported: ['aud', 'email', 'email_verified', 'exp', 'family_name', 'given_name', 'iat', 'iss', 'name', 'sub'],
      code_challenge_methods_supported: ['plain', 'S256'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
    });
  };
}

function findPerson(token: string | undefined, { grants, world }: IdentityDeps): { token: AccessToken; user: GoogleUser } | undefined {
  const found = token === undefined ? undefined : grants.findAccessToken(token);
  const user = found === undefined ? undefined : world.userBySub(found.sub);
  return found === undefined || user === undefined ? undefined : { token: found, user };
}

function hostedDomain(user: GoogleUser): { hd?: string } {
  return user.hostedDomain === undefined ? {} : { hd: user.hostedDomain };
}
