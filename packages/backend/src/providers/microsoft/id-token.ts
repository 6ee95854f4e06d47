import { z } from 'zod';
import { type IdTokenReading, type StandardClaims, verifyIdToken } from '../openid/id-token.ts';
import type { SigningKey, SigningKeys } from '../openid/signing-keys.ts';
import type { Identity } from '../provider.ts';
import { PERSONAL_TENANT } from './manifest.ts';
import type { MicrosoftSettings } from './options.ts';

const GUID = z.string().regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i);
const LABEL = z.string().min(1).max(320).optional().catch(undefined);

/** [Id token claims](https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference#payload-claims) */
const OWN_CLAIMS = z.object({
  tid: GUID,
  oid: GUID,
  name: LABEL,
  preferred_username: LABEL,
  email: LABEL,
  /** Whether the organisation owns the domain of `email`: an [optional claim](https://learn.microsoft.com/entra/identity-platform/optional-claims-reference). */
  xms_edov: z.union([z.boolean(), z.number(), z.string()]).optional().catch(undefined),
});

type MicrosoftClaims = z.infer<typeof OWN_CLAIMS>;

/**
 * Verifies an id token of Microsoft's.
 *
 * Every organisation has an issuer of its own, so `iss` has to be the one that belongs to `tid`. A key, too, may be for one issuer alone:
 * one that signs for personal accounts proves nothing about a work account.
 *
 * @see [Validate the issuer](https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-the-issuer)
 */
export function verifyMicrosoftIdToken(
  settings: MicrosoftSettings,
  keys: SigningKeys,
  { idToken, clientId, nonce }: { idToken: string | undefined; clientId: string; nonce: string },
): Promise<IdTokenReading> {
  if (idToken === undefined) return Promise.resolve({ verdict: 'unverified', because: 'there is none' });
  const isIssuer = ({ iss, tid }: StandardClaims & MicrosoftClaims, key: SigningKey): boolean => {
    const issuer = `${settings.endpoints.issuerOrigin}/${tid}/v2.0`;
    return iss === issuer && (key.issuer === undefined || key.issuer.replace('{tenantid}', tid) === issuer);
  };
  return verifyIdToken(idToken, { clientId, nonce, nowMs: settings.now(), ownClaims: OWN_CLAIMS, isIssuer, toIdentity }, keys);
}

/**
 * `tid` and `oid` say who it is; everything else is a label, and no proof of an address.
 *
 * Of a work account `email` is whatever its administrator typed, somebody else's address too, so it is no label either unless Microsoft
 * says that the domain is the organisation's. The `preferred_username` of its members is of a domain that it owns.
 *
 * @see [Reliable claims](https://learn.microsoft.com/entra/identity-platform/claims-validation#validate-the-subject)
 */
function toIdentity({ tid, oid, name, preferred_username: username, email, xms_edov: ownsDomain }: MicrosoftClaims): Identity {
  const isPersonal = tid.toLowerCase() === PERSONAL_TENANT;
  const isOwned = isPersonal || [true, 1, '1', 'true'].some((yes) => yes === ownsDomain);
  const address = (isOwned ? email : undefined) ?? (username?.includes('@') === true ? username : undefined);
  return {
    subject: `${tid}.${oid}`.toLowerCase(),
    name: address ?? username ?? name ?? oid,
    email: address,
    organisation: isPersonal ? undefined : tid.toLowerCase(),
  };
}
