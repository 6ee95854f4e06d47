import type { Backend } from '../backend.ts';
import { challengeOf, isCodeVerifier } from '../oauth/pkce.ts';
import { joinScopes } from '../oauth/scopes.ts';
import type { ProfileSummary } from '../storage/profile-row.ts';
import type { Redeemed, Redemption } from '../storage/questions/codes.ts';
import { ID_PREFIX, type IssuedToken, issueToken, readToken, tokenOf } from '../vault/issued-token.ts';
import { newId } from '../vault/secrets.ts';
import { refreshTokenPlace, sealedRefreshTokenPlace } from './sealed-places.ts';

/** As every partner SDK expects it. */
export const ACCESS_TOKEN_LIFE_SECONDS = 3600;

/** Long enough for a page to hand it to its server, and for that server to be slow. */
const RECEIPT_LIFE_SECONDS = 600;

type Deps = Pick<Backend, 'store' | 'vault' | 'work' | 'now'>;

/** What comes along with a code. */
export interface CodeToRedeem {
  readonly code: string;
  readonly applicationId: string;
  readonly codeVerifier: string | undefined;
  readonly redirectUri: string | undefined;
}

/** What a redeemed code gives to a partner's server. */
export interface PartnerTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly scope: string;
  readonly accountId: string;
  readonly profile: ProfileSummary;
}

/** Redeems a code or a receipt for tokens, for an application that authenticated itself. `undefined`: `invalid_grant`. */
export async function redeemForTokens(deps: Deps, request: CodeToRedeem): Promise<PartnerTokens | undefined> {
  const nowMs = deps.now();
  const accessToken = issueToken(ID_PREFIX.accessToken, nowMs);
  const redeemed = await redeem(deps, request, {
    by: 'secret',
    accessToken: { ...stored(accessToken), expiresAtMs: nowMs + ACCESS_TOKEN_LIFE_SECONDS * 1000 },
  });
  if (redeemed === undefined) return undefined;
  const { id, refreshToken } = redeemed.grant;
  const place = { id, applicationId: request.applicationId };
  return {
    accessToken: accessToken.text,
    refreshToken:
      typeof refreshToken === 'string'
        ? refreshToken
        : deps.vault.open(refreshToken.dataKey, sealedRefreshTokenPlace(place), refreshToken.sealed),
    scope: redeemed.grant.scope,
    accountId: redeemed.accountId,
    profile: redeemed.profile,
  };
}

/** Redeems the code of a page: the tokens stay here, and the page gets a receipt for its server. `undefined`: `invalid_grant`. */
export async function redeemForReceipt(
  deps: Deps,
  request: CodeToRedeem,
): Promise<{ receipt: string; accountId: string; profile: ProfileSummary } | undefined> {
  const nowMs = deps.now();
  const receipt = issueToken(ID_PREFIX.code, nowMs);
  const redeemed = await redeem(deps, request, {
    by: 'public',
    receipt: { ...stored(receipt), expiresAtMs: nowMs + RECEIPT_LIFE_SECONDS * 1000 },
  });
  return redeemed && { receipt: receipt.text, accountId: redeemed.accountId, profile: redeemed.profile };
}

function stored(token: IssuedToken): { id: string; secretHash: string } {
  return { id: token.id, secretHash: token.secretHash };
}

async function redeem(
  deps: Deps,
  request: CodeToRedeem,
  wanted: Pick<Redemption, 'by' | 'accessToken' | 'receipt'>,
): Promise<Redeemed | undefined> {
  const code = readToken(ID_PREFIX.code, request.code);
  if (code === undefined) return undefined;
  const nowMs = deps.now();
  const redeemed = await deps.store.redeemCode({
    ...wanted,
    ...code,
    applicationId: request.applicationId,
    codeChallenge: challengeFrom(request.codeVerifier),
    redirectUri: request.redirectUri,
    nowMs,
    auditId: newId(ID_PREFIX.auditEvent, nowMs),
    joinScopes,
    candidateGrantId: newId(ID_PREFIX.grant, nowMs),
    deriveRefreshToken: (applicationKey, id) =>
      tokenOf(
        ID_PREFIX.grant,
        id,
        deps.vault.deriveSecret(applicationKey, refreshTokenPlace({ id, applicationId: request.applicationId })),
      ),
  });
  if (redeemed?.givesBack) deps.work.nudge();
  return redeemed;
}

/** What cannot be a verifier is still compared, and counted, as a wrong one. */
function challengeFrom(codeVerifier: string | undefined): string | undefined {
  if (codeVerifier === undefined) return undefined;
  return isCodeVerifier(codeVerifier) ? challengeOf(codeVerifier) : 'no verifier';
}
