import { createHash, randomBytes } from 'node:crypto';
import type { Principal } from '../directory/people.ts';
import type { MicrosoftParts } from '../parts.ts';
import type { MicrosoftIdTokenFault } from '../switches.ts';
import type { MicrosoftClient } from './clients.ts';

/** What an ID token needs to know. */
export interface IdTokenFacts {
  readonly principal: Principal;
  readonly client: MicrosoftClient;
  /** In full spelling. */
  readonly scopes: readonly string[];
  /** Absent on refresh. */
  readonly nonce: string | undefined;
}

/** What writing an ID token uses. */
export type IdTokenDeps = Pick<MicrosoftParts, 'issuerOrigin' | 'keys' | 'now' | 'switches'>;

const ID_TOKEN_SECONDS = 3600;
const OTHER_TENANT_ID = 'f8cdef31-a31e-4b4a-93e4-5f571e91255a';

/**
 * Writes an ID token with Microsoft's claims, wrong in the way that the person's switches say.
 * @see {@link https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference}
 */
export function issueIdToken(facts: IdTokenFacts, { issuerOrigin, keys, now, switches }: IdTokenDeps): string {
  const { principal, client, nonce } = facts;
  const issuedSeconds = Math.floor(now() / 1000);
  const claims = {
    aud: client.clientId,
    iss: issuerOf(issuerOrigin, principal.tenantId),
    iat: issuedSeconds,
    nbf: issuedSeconds,
    exp: issuedSeconds + ID_TOKEN_SECONDS,
    ...personalClaims(facts),
    ...(nonce === undefined ? {} : { nonce }),
    sub: pairwiseSubject(principal, client),
    tid: principal.tenantId,
    uti: randomBytes(16).toString('base64url'),
    ver: '2.0',
  };
  const { idTokenFault } = switches.forUser(principal.user.email);
  return keys.signJwt(spoil(claims, idTokenFault, issuerOrigin), { withForeignKey: idTokenFault === 'bad_signature' });
}

/** Returns the issuer of one tenant. */
export function issuerOf(issuerOrigin: string, tenantId: string): string {
  return `${issuerOrigin}/${tenantId}/v2.0`;
}

/** Returns a person's subject, which differs from app to app. */
export function pairwiseSubject({ tenantId, oid }: Principal, { clientId }: MicrosoftClient): string {
  return createHash('sha256').update(`${tenantId} ${oid} ${clientId}`).digest('base64url');
}

/** Returns the claims about the person that the granted scopes let an app see. `email` is whatever an administrator wrote. */
function personalClaims({
  principal,
  client,
  scopes,
}: Pick<IdTokenFacts, 'principal' | 'client' | 'scopes'>): Record<string, string | boolean> {
  const { user, oid, userPrincipalName } = principal;
  return {
    ...(scopes.includes('email') && user.mail !== '' ? { email: user.mail } : {}),
    ...(client.withEmailVerifiedClaim === true && !user.isPersonal ? { xms_edov: user.mailVerified } : {}),
    ...(scopes.includes('profile') ? { name: user.name, oid, preferred_username: principal.isGuest ? user.email : userPrincipalName } : {}),
  };
}

interface IdTokenClaims {
  readonly iss: string;
  readonly iat: number;
  readonly nbf: number;
  readonly exp: number;
}

function spoil(claims: IdTokenClaims, fault: MicrosoftIdTokenFault | undefined, issuerOrigin: string): object {
  switch (fault) {
    case 'wrong_audience':
      return { ...claims, aud: '00000000-aaaa-4bbb-8ccc-000000000000' };
    case 'wrong_issuer':
      return { ...claims, iss: claims.iss.replace(issuerOrigin, 'https://login.microsoftonline.com.evil.example') };
    case 'issuer_of_other_tenant':
      return { ...claims, iss: issuerOf(issuerOrigin, OTHER_TENANT_ID) };
    case 'unfilled_issuer':
      return { ...claims, iss: issuerOf(issuerOrigin, '{tenantid}') };
    case 'wrong_nonce':
      return { ...claims, nonce: 'not-the-nonce-that-was-sent' };
    case 'expired': {
      const earlier = 2 * ID_TOKEN_SECONDS;
      return { ...claims, iat: claims.iat - earlier, nbf: claims.nbf - earlier, exp: claims.exp - earlier };
    }
    default:
      return claims;
  }
}
