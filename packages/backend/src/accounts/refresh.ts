import type { Backend } from '../backend.ts';
import type { Refreshed } from '../storage/questions/tokens.ts';
import { ID_PREFIX, issueToken, readToken } from '../vault/issued-token.ts';
import { newId } from '../vault/secrets.ts';
import { ACCESS_TOKEN_LIFE_SECONDS } from './redeem.ts';

/**
 * Issues another access token for a refresh token. The refresh token stays the same and earlier access tokens live out their hour,
 * because partners refresh from many processes at once. `undefined`: `invalid_grant`; `issued` is false for `invalid_scope`.
 */
export async function refreshAccess(
  deps: Pick<Backend, 'store' | 'now'>,
  request: { readonly refreshToken: string; readonly applicationId: string; readonly isWithin: (granted: string) => boolean },
): Promise<(Refreshed & { readonly accessToken: string }) | undefined> {
  const grant = readToken(ID_PREFIX.grant, request.refreshToken);
  if (grant === undefined) return undefined;
  const nowMs = deps.now();
  const accessToken = issueToken(ID_PREFIX.accessToken, nowMs);
  const refreshed = await deps.store.refreshGrant({
    grantId: grant.id,
    refreshHash: grant.secretHash,
    applicationId: request.applicationId,
    isWithin: request.isWithin,
    auditId: newId(ID_PREFIX.auditEvent, nowMs),
    accessToken: { id: accessToken.id, secretHash: accessToken.secretHash, expiresAtMs: nowMs + ACCESS_TOKEN_LIFE_SECONDS * 1000 },
  });
  return refreshed && { accessToken: accessToken.text, ...refreshed };
}
