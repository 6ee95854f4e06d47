import type { Context } from 'hono';
import { bearerToken } from '../../oauth/bearer-token.ts';
import type { MicrosoftParts } from '../parts.ts';
import { AadstsError } from './aadsts.ts';
import { parseAuthority } from './authority.ts';
import { issuerOf, pairwiseSubject } from './id-token.ts';
import { noteSignOut } from './signed-in-accounts.ts';
import { answerTokenError } from './token.ts';

/** What discovery uses. */
export type DiscoveryDeps = Pick<MicrosoftParts, 'issuerOrigin' | 'publicUrl' | 'serverUrl' | 'tenants' | 'now'>;

const GROUPS_OF_TENANTS = ['common', 'organizations'];

/**
 * `GET /{tenant}/v2.0/.well-known/openid-configuration`. For `common` and `organizations` the issuer says `{tenantid}`, which a
 * verifier has to fill with the token's `tid`.
 */
export function discovery({ issuerOrigin, publicUrl, serverUrl, tenants, now }: DiscoveryDeps): (c: Context) => Response {
  return function answerDiscovery(c) {
    const segment = c.req.param('tenant') ?? '';
    const authority = tryAuthority(segment, tenants);
    if (authority instanceof AadstsError) return answerTokenError(c, authority, { now });
    const path = authority.tenant === undefined ? segment : authority.tenant.id;
    const issuedBy = GROUPS_OF_TENANTS.includes(authority.kind) ? '{tenantid}' : path;
    return c.json({
      token_endpoint: `${serverUrl}/${path}/oauth2/v2.0/token`,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
      jwks_uri: `${serverUrl}/${path}/discovery/v2.0/keys`,
      response_modes_supported: ['query', 'fragment', 'form_post'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      response_types_supported: ['code'],
      scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
      issuer: issuerOf(issuerOrigin, issuedBy),
      request_uri_parameter_supported: false,
      userinfo_endpoint: `${serverUrl}/oidc/userinfo`,
      authorization_endpoint: `${publicUrl}/${path}/oauth2/v2.0/authorize`,
      http_logout_supported: true,
      end_session_endpoint: `${publicUrl}/${path}/oauth2/v2.0/logout`,
      claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'nonce', 'preferred_username', 'name', 'tid', 'ver', 'email'],
      tenant_region_scope: null,
      cloud_instance_name: 'microsoftonline.com',
    });
  };
}

/** `GET /{tenant}/discovery/v2.0/keys`: one key for all tenants, which says whose tokens it may sign. */
export function signingKeys({
  issuerOrigin,
  keys,
  tenants,
  now,
}: Pick<MicrosoftParts, 'issuerOrigin' | 'keys' | 'tenants' | 'now'>): (c: Context) => Response {
  return function answerKeys(c) {
    const authority = tryAuthority(c.req.param('tenant') ?? '', tenants);
    if (authority instanceof AadstsError) return answerTokenError(c, authority, { now });
    return c.json({ keys: [{ ...keys.publicJwk(), issuer: issuerOf(issuerOrigin, authority.tenant?.id ?? '{tenantid}') }] });
  };
}

/** `GET /oidc/userinfo`, at Microsoft `https://graph.microsoft.com/oidc/userinfo`. */
export function userinfo({ tokens, people, clients }: Pick<MicrosoftParts, 'tokens' | 'people' | 'clients'>): (c: Context) => Response {
  return function answerUserinfo(c) {
    const access = tokens.findAccessToken(bearerToken(c) ?? '');
    const user = people.find(access?.email ?? '');
    const client = clients.find(access?.clientId ?? '');
    const principal = user === undefined || access === undefined ? undefined : people.principalIn(user, access.tenantId);
    if (
      access?.isLive !== true ||
      user === undefined ||
      client === undefined ||
      principal === undefined ||
      !access.scopes.includes('openid')
    ) {
      return c.json({ error: { code: 'InvalidAuthenticationToken', message: 'Access token validation failure.' } }, 401);
    }
    return c.json({
      sub: pairwiseSubject(principal, client),
      ...(access.scopes.includes('profile') ? { name: user.name } : {}),
      ...(access.scopes.includes('email') ? { email: user.mail } : {}),
    });
  };
}

/** `GET /{tenant}/oauth2/v2.0/logout`: signs this browser out of every account. */
export function logout(): (c: Context) => Response {
  return function answerLogout(c) {
    noteSignOut(c);
    return c.text('You signed out of your account');
  };
}

function tryAuthority(segment: string, tenants: MicrosoftParts['tenants']): ReturnType<typeof parseAuthority> | AadstsError {
  try {
    return parseAuthority(segment, tenants);
  } catch (error) {
    if (error instanceof AadstsError) return error;
    throw error;
  }
}
