import { randomBytes, randomInt } from 'node:crypto';
import { keepNewest } from '../../keep-newest.ts';

/** The least and the most seconds an access token lives; Microsoft draws between. */
const LIFETIME_SECONDS = { least: 3599, most: 5399 };
/** A refresh token ends ninety days after it was issued; each use gives a new one. */
const REFRESH_TOKEN_MS = 90 * 86_400_000;
const TOKENS_KEPT = 20_000;

/** Whose a token is, and for what. */
export interface TokenSubject {
  /** Absent for an app that acts for itself. */
  readonly email: string | undefined;
  readonly tenantId: string;
  readonly clientId: string;
  /** The address of the API it is for. */
  readonly resource: string;
  /** Delegated scopes, in full spelling. */
  readonly scopes: readonly string[];
  /** Application permissions, of an app that acts for itself. */
  readonly roles: readonly string[];
}

/** A live access token. */
export interface AccessToken extends TokenSubject {
  readonly token: string;
  readonly expiresSeconds: number;
  readonly expiresMs: number;
}

/** A refresh token. */
export interface RefreshToken extends TokenSubject {
  readonly token: string;
  readonly email: string;
  readonly asUrls: boolean;
  readonly issuedMs: number;
  readonly isExpired: boolean;
}

/** What a refresh token is issued for. */
export type RefreshTokenSubject = Omit<RefreshToken, 'token' | 'issuedMs' | 'isExpired'>;

/** The tokens. Microsoft does not end a refresh token that was used: the old one stays valid beside the new. */
export interface Tokens {
  readonly issueAccessToken: (subject: TokenSubject, isPersonal: boolean) => AccessToken;
  readonly issueRefreshToken: (subject: RefreshTokenSubject, isPersonal: boolean) => RefreshToken;
  /** Finds an access token, live or not. */
  readonly findAccessToken: (token: string) => (AccessToken & { readonly isLive: boolean }) | undefined;
  readonly findRefreshToken: (token: string) => RefreshToken | undefined;
  readonly expireAccessTokens: (email: string) => void;
  /** Makes a person's refresh tokens as old as ninety days without use. */
  readonly expireRefreshTokens: (email: string) => void;
  /** Returns a person's refresh tokens that did not expire. */
  readonly refreshTokensOf: (email: string) => readonly RefreshToken[];
}

/** Creates the register of tokens. Times are milliseconds of `now`. */
export function createTokens(now: () => number): Tokens {
  const accessTokens = new Map<string, AccessToken>();
  const refreshTokens = new Map<string, RefreshTokenSubject & { readonly token: string; readonly issuedMs: number }>();
  const findRefreshToken = (token: string): RefreshToken | undefined => {
    const found = refreshTokens.get(token);
    return found === undefined ? undefined : { ...found, isExpired: now() >= found.issuedMs + REFRESH_TOKEN_MS };
  };
  return {
    issueAccessToken: (subject, isPersonal) => {
      const seconds = isPersonal ? 3600 : randomInt(LIFETIME_SECONDS.least, LIFETIME_SECONDS.most + 1);
      const issued = { ...subject, token: accessTokenText(isPersonal), expiresSeconds: seconds, expiresMs: now() + seconds * 1000 };
      accessTokens.set(issued.token, issued);
      keepNewest(accessTokens, TOKENS_KEPT);
      return issued;
    },
    issueRefreshToken: (subject, isPersonal) => {
      const issued = { ...subject, token: refreshTokenText(isPersonal), issuedMs: now() };
      refreshTokens.set(issued.token, issued);
      keepNewest(refreshTokens, TOKENS_KEPT);
      return { ...issued, isExpired: false };
    },
    findAccessToken: (token) => {
      const found = accessTokens.get(token);
      return found === undefined ? undefined : { ...found, isLive: now() < found.expiresMs };
    },
    findRefreshToken,
    expireAccessTokens: (email) => {
      for (const [token, found] of accessTokens) if (found.email === email) accessTokens.set(token, { ...found, expiresMs: now() });
    },
    expireRefreshTokens: (email) => {
      for (const [token, found] of refreshTokens)
        if (found.email === email) refreshTokens.set(token, { ...found, issuedMs: now() - REFRESH_TOKEN_MS });
    },
    refreshTokensOf: (email) =>
      [...refreshTokens.keys()]
        .map(findRefreshToken)
        .filter((found) => found !== undefined && found.email === email && !found.isExpired) as RefreshToken[],
  };
}

/** Work accounts' tokens look like JWTs and are none that an app could read: "don't attempt to validate or read tokens for any API you don't own". */
function accessTokenText(isPersonal: boolean): string {
  const random = (bytes: number): string => randomBytes(bytes).toString('base64url');
  return isPersonal ? `EwB4A8l6BAAU${random(500)}` : `eyJ0eXAiOiJKV1QiLCJub25jZSI6${random(40)}.${random(600)}.${random(256)}`;
}

function refreshTokenText(isPersonal: boolean): string {
  const random = randomBytes(450).toString('base64url');
  return isPersonal ? `M.C532_BAY.0.U.-${random}` : `1.AXoA${random}`;
}
