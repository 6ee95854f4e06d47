import type { FindOutcome, MailboxHints, ServerKnowledge, SignInFailure, SignInTarget, Voucher } from '../../password-sign-in.ts';
import { discover, type DiscoveryOutcome } from '../autodiscover/discover.ts';
import { isExchangeOnlineDomain, isExchangeOnlineHost } from '../autodiscover/exchange-online.ts';
import { type MailAddress, parseMailAddress } from '../autodiscover/mail-address.ts';
import type { DiscoveryParts } from '../autodiscover/search.ts';
import { createSchemeMemory, rememberBesides, type SchemeMemory } from '../log-in/choose-scheme.ts';
import { parseServerAddress } from '../log-in/server-address.ts';
import { watchOffers } from '../log-in/watch-offers.ts';
import type { ExchangeSettings } from '../options.ts';
import { registrableDomain } from '../public-suffixes.ts';
import { sameRegistrant } from '../registrable-domain.ts';
import { failureOf } from './failure.ts';
import { probeServer } from './probe-server.ts';

/** Of a whole look: a person waits in front of a form, and proxies for half a minute. */
const FIND_TIMEOUT_MS = 25_000;

export const IN_CLOUD: SignInFailure = { outcome: 'failed', reason: 'mailbox_in_cloud' };

/** Of a web site in the place of a server that is known, or one that has nothing there: it is forgotten. Any other trouble may pass. */
const GONE: readonly number[] = [200, 404, 410];

/** Of the servers that are known, as many are asked: each may be waited for. */
const MAX_KNOWN = 3;

/** The options, and what all parts of the provider know of hosts. */
export interface FindSettings extends ExchangeSettings {
  /** Default: nothing is known. */
  readonly schemes?: SchemeMemory | undefined;
}

/** Finds out where somebody's password would go: where they say, where their colleagues' went, or where Autodiscover says. */
export async function findServer(settings: FindSettings, asked: MailboxHints, knowledge: ServerKnowledge): Promise<FindOutcome> {
  const hints = { ...asked, signal: withinTime(FIND_TIMEOUT_MS, asked.signal) };
  const person = parseMailAddress(hints.address, registrableDomain);
  if (typeof person === 'string') return { outcome: 'address_invalid' };
  if (isExchangeOnlineDomain(person.domain)) return IN_CLOUD;
  const looking = { person, hints, knowledge, parts: discoveryParts(settings, knowledge) };
  if (hints.serverAddress !== undefined) return findTyped(looking, hints.serverAddress);
  const { target, trouble, gone } = await tryKnown(looking);
  if (target !== undefined) return { outcome: 'found', target, gone };
  const found = toFindOutcome(await discover({ ...hints, login: undefined }, looking.parts), looking.parts);
  // Where nobody else leads anywhere, what is wrong with the server of the colleagues says most.
  if (trouble !== undefined && found.outcome === 'failed' && found.reason === 'server_not_found') return trouble;
  return found.outcome === 'found' ? { ...found, gone } : found;
}

/** Ends with the caller's own signal, or after that time. */
export function withinTime(timeoutMs: number, signal: AbortSignal | undefined): AbortSignal {
  const patience = AbortSignal.timeout(timeoutMs);
  return signal === undefined ? patience : AbortSignal.any([patience, signal]);
}

/**
 * What discovery is made of, for one person. What a look before has seen counts: the server that is asked for the login may be another one, behind
 * the same name.
 */
export function discoveryParts(settings: FindSettings, { allows, known = [] }: ServerKnowledge, target?: SignInTarget): DiscoveryParts {
  const before = target?.offersNtlm === true ? [target.ewsUrl === undefined ? target.host : new URL(target.ewsUrl).host] : [];
  const offered = known.filter(({ offersNtlm }) => offersNtlm).map(({ ewsUrl }) => new URL(ewsUrl).host);
  const schemes = rememberBesides(settings.schemes ?? createSchemeMemory(), [...offered, ...before]);
  const { randomBytes, resolveServices, now } = settings;
  return {
    conversations: watchOffers(settings.conversations, schemes),
    resolveServices,
    registrableDomain,
    allows,
    now,
    randomBytes,
    schemes,
  };
}

/** Says who vouches for a host: whoever registered the domain of the mail address, the operator, or else the person alone. */
export function voucherOf(host: string, mailDomain: string, allows: ServerKnowledge['allows']): Voucher {
  if (sameRegistrant(host, mailDomain, registrableDomain)) return 'domain';
  return allows(mailDomain, host) ? 'rule' : 'person';
}

interface Looking {
  readonly person: MailAddress;
  readonly hints: MailboxHints;
  readonly knowledge: ServerKnowledge;
  readonly parts: DiscoveryParts;
}

async function findTyped({ person, hints, knowledge, parts }: Looking, typed: string): Promise<FindOutcome> {
  const url = parseServerAddress(typed);
  if (url === undefined) return { outcome: 'server_address_invalid' };
  if (isExchangeOnlineHost(url.hostname)) return IN_CLOUD;
  const refusal = await probeServer(url, parts, hints.signal);
  if (refusal !== undefined) return failureOf(refusal, url.hostname);
  const vouchedBy = voucherOf(url.hostname, person.domain, knowledge.allows);
  return { outcome: 'found', target: targetAt(url, { namedBy: 'typed', vouchedBy }, parts), gone: [] };
}

/** The servers that are known, in their order, as far as somebody vouches for them still. */
export function knownToAsk(
  { domain }: MailAddress,
  { known = [], allows }: ServerKnowledge,
): readonly { readonly ewsUrl: string; readonly url: URL; readonly vouchedBy: Voucher }[] {
  return known.slice(0, MAX_KNOWN).flatMap(({ ewsUrl }) => {
    const url = parseServerAddress(ewsUrl);
    if (url === undefined || isExchangeOnlineHost(url.hostname)) return [];
    const vouchedBy = voucherOf(url.hostname, domain, allows);
    return vouchedBy === 'person' ? [] : [{ ewsUrl, url, vouchedBy }];
  });
}

/** What came of the servers that are known. */
interface KnownTried {
  readonly target?: SignInTarget;
  /** What is wrong with the first of them, where none is as it was. */
  readonly trouble?: SignInFailure;
  readonly gone: readonly string[];
}

/** A known server is a hint: who vouches for it has to do so still, and it has to answer as Exchange does. The first that does is taken. */
async function tryKnown({ person, hints, knowledge, parts }: Looking): Promise<KnownTried> {
  let trouble: SignInFailure | undefined;
  const gone: string[] = [];
  for (const { ewsUrl, url, vouchedBy } of knownToAsk(person, knowledge)) {
    const refusal = await probeServer(url, parts, hints.signal);
    if (refusal === undefined) return { target: targetAt(url, { namedBy: 'known', vouchedBy }, parts), gone };
    trouble ??= failureOf(refusal, url.hostname);
    if (refusal.outcome === 'not_exchange' && GONE.includes(refusal.status)) gone.push(ewsUrl);
  }
  return { ...(trouble === undefined ? {} : { trouble }), gone };
}

/** Where the password would go once the address has been asked. */
function targetAt(url: URL, by: Pick<SignInTarget, 'namedBy' | 'vouchedBy'>, { schemes }: DiscoveryParts): SignInTarget {
  return { host: url.hostname, ewsUrl: url.href, ...by, offersNtlm: schemes.offersNtlm(url.host) };
}

function toFindOutcome(found: DiscoveryOutcome, parts: DiscoveryParts): FindOutcome {
  switch (found.outcome) {
    case 'found': {
      const { ewsUrl, vouchedBy } = found;
      return { outcome: 'found', target: targetAt(ewsUrl, { namedBy: 'discovered', vouchedBy }, parts), gone: [] };
    }
    case 'needs_password': {
      const { host } = found;
      const offersNtlm = parts.schemes.offersNtlm(host);
      // Only hosts that somebody vouches for come so far; who it was is asked again with the login.
      return { outcome: 'found', target: { host, ewsUrl: undefined, namedBy: 'discovered', vouchedBy: 'person', offersNtlm }, gone: [] };
    }
    default:
      return withoutServer(found);
  }
}

/** What discovery ends with where it has found nothing. */
export function withoutServer(found: DiscoveryOutcome): Exclude<FindOutcome, { outcome: 'found' | 'server_address_invalid' }> {
  switch (found.outcome) {
    case 'needs_consent':
      return { outcome: 'needs_consent', host: found.host };
    case 'exchange_online':
      return IN_CLOUD;
    case 'address_invalid':
      return { outcome: 'address_invalid' };
    case 'found':
    case 'needs_password':
    case 'credential_invalid':
    case 'not_found':
      return { outcome: 'failed', reason: 'server_not_found' };
    default:
      return failureOf(found, found.host);
  }
}
