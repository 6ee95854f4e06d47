import type { Conversation, Conversations } from '../../../outbound/conversation.ts';
import type { ResolveServices } from '../../../outbound/resolve-services.ts';
import type { Refusal } from '../log-in/outcome.ts';
import type { ExchangeLogin, SessionParts } from '../log-in/session.ts';
import { type RegistrableDomain, sameRegistrant } from '../registrable-domain.ts';
import type { MailAddress } from './mail-address.ts';
import { shownUrl, type TraceMeaning, type TraceStep } from './trace.ts';

/** Redirects of every kind together. */
const MAX_HOPS = 10;
/** Six places are asked at most where nothing leads on; a firewall that drops everything shall not make a person wait a minute. */
export const OPEN_TIMEOUT_MS = 8000;

/**
 * Who vouches for the server, the weakest of all that had to. `domain`: the mail address's own registrable domain holds every host that the
 * password may go to. Only this may ever be remembered for somebody else.
 */
export type VouchedBy = 'domain' | 'rule' | 'person';

/** Where somebody wants to be allowed to get the password. */
export interface Consent {
  /** The host, exactly. */
  readonly host: string;
  /** What named it. Plain http and SRV can be forged by anybody on the way. */
  readonly namedBy: 'redirect' | 'plain_http_redirect' | 'srv' | 'ews_url';
}

/** Whose server is looked for. */
export interface DiscoveryRequest {
  readonly address: string;
  /** Without one, the search ends with `needs_password` where it would be sent. */
  readonly login?: ExchangeLogin | undefined;
  /** Hosts that this person has said the password may go to, from `needs_consent`. */
  readonly approvedHosts?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What discovering is made of. */
export interface DiscoveryParts extends SessionParts {
  readonly conversations: Conversations;
  readonly resolveServices: ResolveServices;
  readonly registrableDomain: RegistrableDomain;
  /** The operator's rule: whether passwords of people of this mail domain may go to this host of somebody else's. Default: never. */
  readonly allows?: ((mailDomain: string, host: string) => boolean) | undefined;
  /** For everything. Default 60,000. */
  readonly timeoutMs?: number | undefined;
}

/** Why one host led to nothing. */
export interface SearchRefusal {
  readonly host: string;
  readonly refusal: Refusal;
  /** Whether Autodiscover named it as the place of EWS: then it is the person's server, and what is wrong with it is what they have to know. */
  readonly isNamedEws?: boolean;
}

/** One search, and what it has seen. */
export class Search {
  readonly request: DiscoveryRequest;
  readonly parts: DiscoveryParts;
  /** As the person gave it; whom to trust is judged by its domain, also where a server has named another. */
  readonly person: MailAddress;
  readonly signal: AbortSignal;
  readonly trace: TraceStep[] = [];
  /** Why there is nothing, in the order it was found out. */
  readonly refusals: SearchRefusal[] = [];
  consent: Consent | undefined;
  readonly #asked = new Set<string>();
  readonly #addresses: Set<string>;
  readonly #unreached = new Map<string, Error>();
  #hops = MAX_HOPS;

  constructor(request: DiscoveryRequest, person: MailAddress, parts: DiscoveryParts) {
    this.request = request;
    this.parts = parts;
    this.person = person;
    this.#addresses = new Set([person.address.toLowerCase()]);
    const patience = AbortSignal.timeout(parts.timeoutMs ?? 60_000);
    this.signal = request.signal === undefined ? patience : AbortSignal.any([patience, request.signal]);
  }

  /** Notes one thing that was tried. */
  note(step: TraceStep['step'], asked: URL | string, said: { answered: string; means: TraceMeaning; login?: TraceStep['login'] }): void {
    this.trace.push({
      step,
      asked: typeof asked === 'string' ? asked : shownUrl(asked),
      answered: said.answered,
      means: said.means,
      login: said.login,
    });
  }

  /** Takes an address that has not been asked; false where it has. */
  takeUrl(url: URL): boolean {
    const key = `${url.host}${url.pathname.toLowerCase()}`;
    if (this.#asked.has(key)) return false;
    this.#asked.add(key);
    return true;
  }

  /** Takes a mail address that has not been looked for; false where it has. */
  takeAddress(address: string): boolean {
    const known = this.#addresses.has(address.toLowerCase());
    this.#addresses.add(address.toLowerCase());
    return !known;
  }

  /** Takes one of the hops; false where none is left. */
  takeHop(): boolean {
    this.#hops -= 1;
    return this.#hops >= 0;
  }

  /** Notes why EWS is not where Autodiscover named it; `isNamedEws` for the one for the outside. */
  refuseEws(host: string, refusal: Refusal, isNamedEws: boolean): void {
    this.refusals.push({ host, refusal, isNamedEws });
  }

  /** How often the password has been refused: each time counts towards locking the account. */
  get rejections(): number {
    return this.refusals.filter(({ refusal }) => refusal.outcome === 'wrong_password').length;
  }

  /** Who says that the password may go to a host; `undefined` where nobody does. */
  vouchFor(host: string): VouchedBy | undefined {
    const { registrableDomain, allows } = this.parts;
    if (sameRegistrant(host, this.person.domain, registrableDomain)) return 'domain';
    if (allows?.(this.person.domain, host) === true) return 'rule';
    // Whoever trusts one host of a company has trusted the company: its Autodiscover names its own EWS.
    const approved = this.request.approvedHosts ?? [];
    return approved.some((other) => sameRegistrant(host, other.toLowerCase(), registrableDomain)) ? 'person' : undefined;
  }

  /** Opens a conversation. A host that could not be reached is not tried again. @throws OutboundError */
  async open(url: URL): Promise<Conversation> {
    const before = this.#unreached.get(url.host);
    if (before !== undefined) throw before;
    try {
      return await this.parts.conversations.open(url, { signal: this.signal, timeoutMs: OPEN_TIMEOUT_MS });
    } catch (error) {
      this.#unreached.set(url.host, error as Error);
      throw error;
    }
  }
}

/** The weaker of two. */
export function weakest(one: VouchedBy, other: VouchedBy): VouchedBy {
  return (['person', 'rule', 'domain'] as const).find((each) => each === one || each === other) ?? one;
}
