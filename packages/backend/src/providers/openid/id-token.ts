import { RSASSAPKCS1v1_5 } from 'oslo/crypto';
import { base64url } from 'oslo/encoding';
import { type JWT, parseJWT } from 'oslo/jwt';
import { z } from 'zod';
import type { Identity } from '../provider.ts';
import type { SigningKey, SigningKeys } from './signing-keys.ts';

const MAX_ID_TOKEN_CHARACTERS = 16 * 1024;
/** As much as the vendors' own libraries allow between two clocks. */
const CLOCK_SKEW_SECONDS = 300;
/** It comes straight from the token endpoint, so it is seconds old; a week-old one is somebody's find. */
const MAX_AGE_SECONDS = 3600;

/** The claims that every provider's id tokens have. [OpenID Connect Core §2](https://openid.net/specs/openid-connect-core-1_0.html#IDToken) */
export interface StandardClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string;
  readonly azp?: string | undefined;
  readonly exp: number;
  readonly iat: number;
  readonly nbf?: number | undefined;
  readonly nonce?: string | undefined;
}

const STANDARD_CLAIMS = z.object({
  iss: z.string(),
  sub: z.string().min(1).max(255),
  aud: z.union([z.string(), z.tuple([z.string()]).transform(([one]) => one)]),
  azp: z.string().optional(),
  exp: z.number(),
  iat: z.number(),
  nbf: z.number().optional(),
  nonce: z.string().optional(),
});

/** What an id token has to say to be believed. */
export interface Expected<Own> {
  readonly clientId: string;
  readonly nonce: string;
  readonly nowMs: number;
  /** What the provider tells besides the standard claims. */
  readonly ownClaims: z.ZodType<Own>;
  /** Whether this provider issues such tokens, with this key. */
  isIssuer(claims: StandardClaims & Own, key: SigningKey): boolean;
  toIdentity(claims: StandardClaims & Own): Identity;
}

/** Whether an id token is to be believed. `because` never quotes it. */
export type IdTokenReading =
  | { readonly verdict: 'verified'; readonly identity: Identity }
  | { readonly verdict: 'unverified'; readonly because: string }
  | { readonly verdict: 'keys_unavailable' };

/**
 * Verifies an id token: signature first, then every claim that ties it to this client and this attempt.
 *
 * Not with a vendor's library: Google's `verifyIdToken` knows neither nonce nor `azp`, fetches keys anew for each client, reads the clock
 * itself, and quotes the whole token in its errors.
 *
 * @see [OpenID Connect Core §3.1.3.7](https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation)
 */
export async function verifyIdToken<Own>(idToken: string, expected: Expected<Own>, keys: SigningKeys): Promise<IdTokenReading> {
  const jwt = parse(idToken);
  if (jwt === undefined) return unverified('it is no JSON Web Token that the provider would make');
  const kid = 'kid' in jwt.header ? jwt.header.kid : undefined;
  if (typeof kid !== 'string') return unverified('it names no key');
  const key = await keys.find(kid);
  if (key === 'unavailable') return { verdict: 'keys_unavailable' };
  if (key === 'unknown') return unverified('it names a key that is not the provider’s');
  if (!(await isSignedBy(key, jwt))) return unverified('its signature is wrong');
  const { data: standard } = STANDARD_CLAIMS.safeParse(jwt.payload);
  const { data: own } = expected.ownClaims.safeParse(jwt.payload);
  if (standard === undefined || own === undefined) return unverified('claims are missing or malformed');
  const claims = { ...own, ...standard };
  const fault = expected.isIssuer(claims, key) ? faultOf(standard, expected) : 'its issuer is another';
  return fault === undefined ? { verdict: 'verified', identity: expected.toIdentity(claims) } : unverified(fault);
}

/**
 * RS256 and nothing else, whatever the header says: `none` proves nothing, and HS256 would take the public key for a secret.
 * `crit` names rules that we do not know. [RFC 7515 §4.1.11](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11)
 */
function parse(idToken: string): JWT | undefined {
  if (idToken.length > MAX_ID_TOKEN_CHARACTERS) return undefined;
  try {
    const jwt = parseJWT(idToken);
    return jwt === null || jwt.algorithm !== 'RS256' || 'crit' in jwt.header ? undefined : jwt;
  } catch {
    return undefined;
  }
}

async function isSignedBy(key: SigningKey, jwt: JWT): Promise<boolean> {
  const [header, payload, signature] = jwt.parts;
  try {
    const signed = new TextEncoder().encode(`${header}.${payload}`);
    return await new RSASSAPKCS1v1_5('SHA-256').verify(key.spki, base64url.decode(signature, { strict: false }), signed);
  } catch {
    return false;
  }
}

function faultOf(
  claims: StandardClaims,
  { clientId, nonce, nowMs }: Pick<Expected<unknown>, 'clientId' | 'nonce' | 'nowMs'>,
): string | undefined {
  const nowSeconds = nowMs / 1000;
  const earliestSeconds = Math.max(claims.iat, claims.nbf ?? 0);
  if (claims.aud !== clientId) return 'it is for another client';
  if (claims.azp !== undefined && claims.azp !== clientId) return 'it was issued to another client';
  if (claims.nonce !== nonce) return 'it belongs to another attempt (nonce)';
  if (claims.exp + CLOCK_SKEW_SECONDS <= nowSeconds) return 'it has expired, or our clock is wrong';
  if (earliestSeconds - CLOCK_SKEW_SECONDS > nowSeconds) return 'it was issued in the future, or our clock is wrong';
  if (claims.iat + MAX_AGE_SECONDS + CLOCK_SKEW_SECONDS < nowSeconds) return 'it is too old, or our clock is wrong';
  return undefined;
}

function unverified(because: string): IdTokenReading {
  return { verdict: 'unverified', because };
}
