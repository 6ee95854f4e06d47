import { z } from 'zod';
import { type IdTokenReading, verifyIdToken } from '../openid/id-token.ts';
import type { SigningKeys } from '../openid/signing-keys.ts';
import type { Identity } from '../provider.ts';

/** [Id token payload](https://developers.google.com/identity/openid-connect/openid-connect#an-id-tokens-payload) */
const OWN_CLAIMS = z.object({
  email: z.string().min(1).max(320).optional(),
  email_verified: z.boolean().optional(),
  hd: z.string().min(1).max(255).optional(),
});

/** Verifies an id token of Google's. */
export function verifyGoogleIdToken(
  idToken: string,
  { issuers, ...expected }: { issuers: readonly string[]; clientId: string; nonce: string; nowMs: number },
  keys: SigningKeys,
): Promise<IdTokenReading> {
  return verifyIdToken(idToken, { ...expected, ownClaims: OWN_CLAIMS, isIssuer: ({ iss }) => issuers.includes(iss), toIdentity }, keys);
}

/** An address that Google did not verify is no label: it could be anybody's. */
function toIdentity(claims: { sub: string } & z.infer<typeof OWN_CLAIMS>): Identity {
  const email = claims.email_verified === false ? undefined : claims.email;
  return { subject: claims.sub, name: email ?? claims.sub, email, organisation: claims.hd };
}
