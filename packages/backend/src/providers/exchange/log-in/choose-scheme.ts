import { LRUCache } from 'lru-cache';
import type { AuthChallenge } from './challenges.ts';
import type { Refusal } from './outcome.ts';

/** Ways to log in that we know: NTLM by its own name, NTLM inside `Negotiate` (which we have no Kerberos for), and the password itself. */
export type Scheme = 'ntlm' | 'negotiate' | 'basic';

/** How long a host is known to offer NTLM after it did last: an administrator may have changed it meanwhile. */
const REMEMBERED_MS = 24 * 3600_000;
/** Forgotten first is what was offered longest ago. */
const MAX_HOSTS = 10_000;

/**
 * What hosts have offered: a host that wants the password itself after it has offered NTLM is not the same host any more, or somebody stands
 * between ("the ol' switcheroo").
 */
export interface SchemeMemory {
  offersNtlm(host: string): boolean;
  rememberNtlm(host: string): void;
}

/**
 * Makes a memory of one process. A host that was truly changed to Basic is believed a day after it offered NTLM last, or when the process starts
 * anew; what profiles and servers of mail domains keep in the database of it is not forgotten with it.
 *
 * @param hosts Those that are known to have offered NTLM before, as if they had just now.
 */
export function createSchemeMemory(hosts: Iterable<string> = [], now: () => number = Date.now): SchemeMemory {
  // It takes its memory at once, so it is made when first needed.
  let known: LRUCache<string, number> | undefined;
  const rememberNtlm = (host: string): void => {
    known ??= new LRUCache({ max: MAX_HOSTS });
    known.set(host, now() + REMEMBERED_MS);
  };
  for (const host of hosts) rememberNtlm(host);
  return { offersNtlm: (host) => (known?.peek(host) ?? 0) > now(), rememberNtlm };
}

/** A memory for one person at one time, which knows of `hosts` besides and tells the other what it learns. */
export function rememberBesides(memory: SchemeMemory, hosts: Iterable<string>): SchemeMemory {
  const besides = new Set(hosts);
  return {
    offersNtlm: (host) => besides.has(host) || memory.offersNtlm(host),
    rememberNtlm: (host) => {
      besides.add(host);
      memory.rememberNtlm(host);
    },
  };
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

const WITHOUT_PASSWORD = ['ntlm', 'negotiate'] as const;

/** Remembers a host that can be logged in to without sending the password itself, whether or not anybody does. */
export function noteOffer({ challenges, host }: Omit<Offer, 'secure'>, memory: SchemeMemory): void {
  if (challenges.some(({ scheme }) => WITHOUT_PASSWORD.some((each) => each === scheme))) memory.rememberNtlm(host);
}

/** Chooses the best way that a server offers, and Basic only where it has no other and never had. */
export function chooseScheme({ challenges, host, secure }: Offer, memory: SchemeMemory): SchemeChoice {
  const offered = new Set(challenges.map(({ scheme }) => scheme));
  for (const scheme of WITHOUT_PASSWORD) {
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
