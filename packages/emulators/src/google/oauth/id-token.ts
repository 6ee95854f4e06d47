import { createHash } from 'node:crypto';
import type { GoogleParts } from '../parts.ts';
import type { IdTokenFault } from '../switches.ts';
import type { GoogleUser } from '../world/world.ts';
import { SIGN_IN_SCOPES } from './scopes.ts';

/** What an ID token needs to know. */
export interface IdTokenFacts {
  readonly user: GoogleUser;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly accessToken: string;
  /** Absent on refresh, as at Google. */
  readonly nonce: string | undefined;
}

const ID_TOKEN_SECONDS = 3600;

/** Says whether the answer of the token endpoint carries an ID token: some identity scope was granted. */
export function wantsIdToken(scopes: readonly string[]): boolean {
  return scopes.some((scope) => SIGN_IN_SCOPES.has(scope));
}

/**
 * Writes an ID token with Google's claims, wrong in the way that the person's switches say.
 * @see {@link https://developers.google.com/identity/openid-connect/openid-connect#an-id-tokens-payload}
 */
export function issueIdToken(
  facts: IdTokenFacts,
  { issuer, keys, now, switches }: Pick<GoogleParts, 'issuer' | 'keys' | 'now' | 'switches'>,
): string {
  const issuedSeconds = Math.floor(now() / 1000);
  const claims = {
    iss: issuer,
    azp: facts.clientId,
    aud: facts.clientId,
    sub: facts.user.sub,
    ...(facts.user.hostedDomain === undefined ? {} : { hd: facts.user.hostedDomain }),
    ...personalClaims(facts),
    at_hash: createHash('sha256').update(facts.accessToken).digest().subarray(0, 16).toString('base64url'),
    ...(facts.nonce === undefined ? {} : { nonce: facts.nonce }),
    iat: issuedSeconds,
    exp: issuedSeconds + ID_TOKEN_SECONDS,
  };
  const { idTokenFault } = switches.forUser(facts.user.email);
  return keys.signJwt(spoil(claims, idTokenFault), { withForeignKey: idTokenFault === 'bad_signature' });
}

/** Returns the claims about the person that the granted scopes let an app see; userinfo answers with the same. */
export function personalClaims({ user, scopes }: Pick<IdTokenFacts, 'user' | 'scopes'>): Record<string, string | boolean> {
  const [givenName = user.name, ...rest] = user.name.split(' ');
  return {
    ...(scopes.some((scope) => scope.endsWith('/userinfo.email')) ? { email: user.email, email_verified: true } : {}),
    ...(scopes.some((scope) => scope.endsWith('/userinfo.profile'))
      ? { name: user.name, given_name: givenName, family_name: rest.join(' ') }
      : {}),
  };
}

interface TimedClaims {
  readonly iat: number;
  readonly exp: number;
}

function spoil(claims: TimedClaims, fault: IdTokenFault | undefined): object {
  switch (fault) {
    case 'wrong_audience':
      return { ...claims, aud: '1-another-app.apps.googleusercontent.com' };
    case 'wrong_issuer':
      return { ...claims, iss: 'https://accounts.google.com.evil.example' };
    case 'wrong_nonce':
      return { ...claims, nonce: 'not-the-nonce-that-was-sent' };
    case 'expired':
      return { ...claims, iat: claims.iat - 2 * ID_TOKEN_SECONDS, exp: claims.exp - 2 * ID_TOKEN_SECONDS };
    default:
      return claims;
  }
}
