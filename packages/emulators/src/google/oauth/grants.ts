import { randomBytes } from 'node:crypto';
import { keepNewest } from '../../keep-newest.ts';
import { projectOf } from './clients.ts';

/** Google says 3599, not 3600. */
export const ACCESS_TOKEN_SECONDS = 3599;
/** The live refresh tokens of one person and one client; the next kills the oldest. @see {@link https://developers.google.com/identity/protocols/oauth2#expiration} */
const REFRESH_TOKEN_LIMIT = 100;
/** A refresh token that nobody used for six months ends. */
const UNUSED_REFRESH_TOKEN_MS = 183 * 24 * 3_600_000;
const ACCESS_TOKENS_KEPT = 20_000;
const REFRESH_TOKENS_KEPT = 20_000;

/** What one person lets one project do, over all its requests. */
export interface Consent {
  readonly scopes: Set<string>;
  /** The clients that were given offline access, and so had their one refresh token. */
  readonly offlineClients: Set<string>;
}

/** Whose a token is, and for what. */
export interface TokenSubject {
  readonly sub: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
}

/** A live refresh token. */
export interface RefreshToken extends TokenSubject {
  readonly token: string;
  readonly lastUsedMs: number;
  /** Only under time-based access. */
  readonly expiresMs: number | undefined;
}

/** A live access token. */
export interface AccessToken extends TokenSubject {
  readonly token: string;
  readonly expiresMs: number;
  readonly offline: boolean;
}

/** What people granted, and the tokens that came of it. */
export interface Grants {
  readonly consentOf: (sub: string, clientId: string) => Consent;
  readonly issueAccessToken: (subject: TokenSubject, offline: boolean) => AccessToken;
  readonly issueRefreshToken: (subject: TokenSubject, lifetimeSeconds: number | undefined) => RefreshToken;
  /** Finds a live access token. */
  readonly findAccessToken: (token: string) => AccessToken | undefined;
  /** Finds a live refresh token and notes its use. */
  readonly useRefreshToken: (token: string) => RefreshToken | undefined;
  /** Ends everything the project holds of the token's person; `false` when no live token is meant. */
  readonly revoke: (token: string) => boolean;
  /** Ends everything that anybody holds of this person, as the person can in the Google account's settings. */
  readonly revokeAllOf: (sub: string) => void;
  readonly liveRefreshTokens: (sub: string) => number;
  /** All that a person lets any project do. */
  readonly consentedScopes: (sub: string) => readonly string[];
}

/** Creates the register of grants. Times are milliseconds of `now`. */
export function createGrants(now: () => number): Grants {
  const consents = new Map<string, Consent>();
  const accessTokens = new Map<string, AccessToken>();
  const refreshTokens = new Map<string, RefreshToken>();

  const isLive = (token: RefreshToken): boolean =>
    now() < token.lastUsedMs + UNUSED_REFRESH_TOKEN_MS && (token.expiresMs === undefined || now() < token.expiresMs);
  const findAccessToken = (token: string): AccessToken | undefined => {
    const found = accessTokens.get(token);
    return found !== undefined && now() < found.expiresMs ? found : undefined;
  };
  const endWhere = (isEnded: (subject: TokenSubject) => boolean): void => {
    for (const tokens of [accessTokens, refreshTokens]) {
      for (const [key, token] of tokens) if (isEnded(token)) tokens.delete(key);
    }
  };

  return {
    consentOf: (sub, clientId) => {
      const key = consentKey(sub, clientId);
      const consent = consents.get(key) ?? { scopes: new Set(), offlineClients: new Set() };
      consents.set(key, consent);
      return consent;
    },
    issueAccessToken: (subject, offline) => {
      const issued = { ...subject, token: accessTokenText(), expiresMs: now() + ACCESS_TOKEN_SECONDS * 1000, offline };
      accessTokens.set(issued.token, issued);
      keepNewest(accessTokens, ACCESS_TOKENS_KEPT);
      return issued;
    },
    issueRefreshToken: (subject, lifetimeSeconds) => {
      const expiresMs = lifetimeSeconds === undefined ? undefined : now() + lifetimeSeconds * 1000;
      const issued = { ...subject, token: refreshTokenText(), lastUsedMs: now(), expiresMs };
      refreshTokens.set(issued.token, issued);
      keepNewest(refreshTokens, REFRESH_TOKENS_KEPT);
      endOldest(refreshTokens, subject);
      return issued;
    },
    findAccessToken,
    useRefreshToken: (token) => {
      const found = refreshTokens.get(token);
      if (found === undefined || !isLive(found)) return undefined;
      // The place in the map stays: the oldest token is the one issued first, not the one used least.
      refreshTokens.set(token, { ...found, lastUsedMs: now() });
      return found;
    },
    revoke: (token) => {
      const refreshToken = refreshTokens.get(token);
      const found = findAccessToken(token) ?? (refreshToken !== undefined && isLive(refreshToken) ? refreshToken : undefined);
      if (found === undefined) return false;
      const key = consentKey(found.sub, found.clientId);
      consents.delete(key);
      endWhere((subject) => consentKey(subject.sub, subject.clientId) === key);
      return true;
    },
    revokeAllOf: (sub) => {
      for (const key of consents.keys()) if (key.startsWith(`${sub} `)) consents.delete(key);
      endWhere((subject) => subject.sub === sub);
    },
    consentedScopes: (sub) => [...consents].flatMap(([key, consent]) => (key.startsWith(`${sub} `) ? [...consent.scopes] : [])),
    liveRefreshTokens: (sub) => [...refreshTokens.values()].filter((token) => token.sub === sub && isLive(token)).length,
  };
}

/** People consent to a project, with all its clients. */
function consentKey(sub: string, clientId: string): string {
  return `${sub} ${projectOf(clientId)}`;
}

function accessTokenText(): string {
  return `ya29.a0A${randomBytes(150).toString('base64url')}`;
}

function refreshTokenText(): string {
  return `1//0${randomBytes(74).toString('base64url')}`;
}

function endOldest(refreshTokens: Map<string, RefreshToken>, { sub, clientId }: TokenSubject): void {
  const same = [...refreshTokens.values()].filter((token) => token.sub === sub && token.clientId === clientId);
  for (const token of same.slice(0, Math.max(0, same.length - REFRESH_TOKEN_LIMIT))) refreshTokens.delete(token.token);
}
