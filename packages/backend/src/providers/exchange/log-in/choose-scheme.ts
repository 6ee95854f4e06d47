import type { AuthChallenge } from './challenges.ts';
import type { Refusal } from './outcome.ts';

/** Ways to log in that we know: NTLM by its own name, NTLM inside `Negotiate` (which we have no Kerberos for), and the password itself. */
export type Scheme = 'ntlm' | 'negotiate' | 'basic';

/**
 * What hosts have offered. One for everything that is done for one person at one time: a host that wants the password itself after it has
 * offered NTLM is not the same host any more, or somebody stands between ("the ol' switcheroo").
 */
export interface SchemeMemory {
  offersNtlm(host: string): boolean;
  rememberNtlm(host: string): void;
}

/** Makes one. @param hosts Those that are known to have offered NTLM before. */
export function createSchemeMemory(hosts: Iterable<string> = []): SchemeMemory {
  const known = new Set(hosts);
  return { offersNtlm: (host) => known.has(host), rememberNtlm: (host) => void known.add(host) };
}

/** Who offers what. */
export interface Offer {
  readonly challenges: readonly AuthChallenge[];
  /** As {@link URL.host}. */
  readonly host: string;
  /** Whether the connection is encrypted and the certificate verified. */
  readonly secure: boolean;
}

/** What came of the choice. */
export type SchemeChoice = { readonly outcome: 'chosen'; readonly scheme: Scheme } | Refusal;

/** Chooses the best way that a server offers, and Basic only where it has no other and never had. */
export function chooseScheme({ challenges, host, secure }: Offer, memory: SchemeMemory): SchemeChoice {
  const offered = new Set(challenges.map(({ scheme }) => scheme));
  for (const scheme of ['ntlm', 'negotiate'] as const) {
    if (!offered.has(scheme)) continue;
    memory.rememberNtlm(host);
    return { outcome: 'chosen', scheme };
  }
  const modern = modernAuthOf(challenges);
  if (modern !== undefined) return modern;
  if (!offered.has('basic') || offered.size > 1) return { outcome: 'unexpected', detail: 'no_usable_scheme' };
  if (memory.offersNtlm(host)) return { outcome: 'downgrade_refused' };
  return secure ? { outcome: 'chosen', scheme: 'basic' } : { outcome: 'unexpected', detail: 'basic_without_tls' };
}

/** Reads a challenge for tokens; `undefined` where there is none. */
export function modernAuthOf(challenges: readonly AuthChallenge[]): Refusal | undefined {
  const parameters = challenges.find(({ scheme }) => scheme === 'bearer')?.parameters;
  if (parameters === undefined) return undefined;
  return {
    outcome: 'modern_auth',
    authorizationUri: parameters.get('authorization_uri'),
    trustedIssuers: parameters.get('trusted_issuers'),
  };
}
