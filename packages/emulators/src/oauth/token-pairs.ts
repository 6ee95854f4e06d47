import { randomBytes } from 'node:crypto';
import { keepNewest } from '../keep-newest.ts';

const TOKENS_KEPT = 20_000;

/** What somebody lets an app do. */
export interface TokenGrant {
  readonly clientId: string;
  readonly email: string;
  readonly scopes: readonly string[];
}

/** How long tokens live. */
export interface TokenLifetimes {
  readonly accessTokenSeconds: number;
  readonly refreshTokenSeconds: number;
}

/**
 * What refreshing does to the refresh token. `rotates`: there is a new one, and the old one is refused from then on. `renews`: it stays
 * and its time begins anew. `stays`: nothing.
 */
export type RefreshRule = 'rotates' | 'renews' | 'stays';

/** Tokens as they are given. */
export interface TokenPair {
  readonly grant: TokenGrant;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds from now. */
  readonly refreshTokenExpiresIn: number;
}

/** The tokens of one service. */
export interface TokenPairs {
  readonly issue: (grant: TokenGrant) => TokenPair;
  /** Finds an access token, a dead one too while it is remembered. */
  readonly findAccessToken: (token: string) => (TokenGrant & { readonly isLive: boolean }) | undefined;
  /** Gives a new access token; `undefined` for a refresh token that is not live or is another client's. */
  readonly refresh: (token: string, clientId: string, rule: RefreshRule) => TokenPair | undefined;
  /** Returns whose a live refresh token is. */
  readonly findRefreshToken: (token: string) => TokenGrant | undefined;
  /** Ends the consent that a live token belongs to; `false` when it belongs to none of the client. */
  readonly revoke: (token: string, clientId: string) => boolean;
  /** Ends every token of a person, of one client or of all. */
  readonly endAllOf: (email: string, clientId?: string) => void;
  readonly expireAccessTokens: (email: string) => void;
  readonly liveRefreshTokens: (email: string) => number;
}

/** One consent, and what is live of it. */
interface Consent {
  readonly grant: TokenGrant;
  refreshToken: string;
  refreshEndsMs: number;
}

interface AccessToken {
  readonly consent: Consent;
  endsMs: number;
}

/** Creates the register of tokens. Times are milliseconds of `now`. */
export function createTokenPairs(now: () => number, { accessTokenSeconds, refreshTokenSeconds }: TokenLifetimes): TokenPairs {
  const consents = new Map<string, Consent>();
  const accessTokens = new Map<string, AccessToken>();
  const refreshEnd = (): number => now() + refreshTokenSeconds * 1000;

  const liveConsent = (refreshToken: string): Consent | undefined => {
    const found = consents.get(refreshToken);
    return found !== undefined && now() < found.refreshEndsMs ? found : undefined;
  };
  const setRefreshToken = (consent: Consent): void => {
    consents.delete(consent.refreshToken);
    consent.refreshToken = randomBytes(48).toString('base64url');
    consents.set(consent.refreshToken, consent);
    keepNewest(consents, TOKENS_KEPT);
  };
  const toPair = (consent: Consent): TokenPair => {
    const accessToken = randomBytes(48).toString('base64url');
    accessTokens.set(accessToken, { consent, endsMs: now() + accessTokenSeconds * 1000 });
    keepNewest(accessTokens, TOKENS_KEPT);
    const { grant, refreshToken, refreshEndsMs } = consent;
    return { grant, accessToken, refreshToken, refreshTokenExpiresIn: Math.floor((refreshEndsMs - now()) / 1000) };
  };
  const endWhere = (isEnded: (consent: Consent) => boolean): void => {
    for (const [key, consent] of consents) if (isEnded(consent)) consents.delete(key);
    for (const [key, { consent }] of accessTokens) if (isEnded(consent)) accessTokens.delete(key);
  };

  return {
    issue: (grant) => {
      const consent = { grant, refreshToken: '', refreshEndsMs: refreshEnd() };
      setRefreshToken(consent);
      return toPair(consent);
    },
    findAccessToken: (token) => {
      const found = accessTokens.get(token);
      return found === undefined ? undefined : { ...found.consent.grant, isLive: now() < found.endsMs };
    },
    findRefreshToken: (token) => liveConsent(token)?.grant,
    refresh: (token, clientId, rule) => {
      const consent = liveConsent(token);
      if (consent === undefined || consent.grant.clientId !== clientId) return undefined;
      if (rule !== 'stays') consent.refreshEndsMs = refreshEnd();
      if (rule === 'rotates') setRefreshToken(consent);
      return toPair(consent);
    },
    revoke: (token, clientId) => {
      const consent = liveConsent(token) ?? accessTokens.get(token)?.consent;
      if (consent === undefined || consent.grant.clientId !== clientId) return false;
      endWhere((other) => other === consent);
      return true;
    },
    endAllOf: (email, clientId) =>
      endWhere(({ grant }) => grant.email === email && (clientId === undefined || grant.clientId === clientId)),
    expireAccessTokens: (email) => {
      for (const token of accessTokens.values()) if (token.consent.grant.email === email) token.endsMs = now();
    },
    liveRefreshTokens: (email) =>
      [...consents.values()].filter(({ grant, refreshToken }) => grant.email === email && liveConsent(refreshToken) !== undefined).length,
  };
}
