import type { FindOutcome, KnownServer, MailboxHints, ServerKnowledge, SignInFailure, Voucher } from '../../password-sign-in.ts';
import { discover, type DiscoveryOutcome } from '../autodiscover/discover.ts';
import { isExchangeOnlineDomain, isExchangeOnlineHost } from '../autodiscover/exchange-online.ts';
import { type MailAddress, parseMailAddress } from '../autodiscover/mail-address.ts';
import type { DiscoveryParts } from '../autodiscover/search.ts';
import { createSchemeMemory } from '../log-in/choose-scheme.ts';
import { parseServerAddress } from '../log-in/server-address.ts';
import type { ExchangeSettings } from '../options.ts';
import { registrableDomain } from '../public-suffixes.ts';
import { sameRegistrant } from '../registrable-domain.ts';
import { failureOf, type RefusalOfServer } from './failure.ts';
import { probeServer } from './probe-server.ts';

/** Of a whole look: a person waits in front of a form, and proxies for half a minute. */
const FIND_TIMEOUT_MS = 25_000;

export const IN_CLOUD: SignInFailure = { outcome: 'failed', reason: 'mailbox_in_cloud' };

/** Servers that are known and do not answer like this are not there any longer. Any other trouble may pass. */
const GONE: readonly RefusalOfServer['outcome'][] = ['not_exchange'];

/** Finds out where somebody's password would go: where they say, where their colleagues' went, or where Autodiscover says. */
export async function findServer(settings: ExchangeSettings, asked: MailboxHints, knowledge: ServerKnowledge): Promise<FindOutcome> {
  const hints = { ...asked, signal: withinTime(FIND_TIMEOUT_MS, asked.signal) };
  const person = parseMailAddress(hints.address, registrableDomain);
  if (typeof person === 'string') return { outcome: 'address_invalid' };
  if (isExchangeOnlineDomain(person.domain)) return IN_CLOUD;
  if (hints.serverAddress !== undefined) return findTyped(settings, hints.serverAddress, { person, hints, knowledge });
  const tried = await tryKnown(settings, { person, hints, knowledge });
  if (tried?.outcome === 'found') return tried;
  const found = toFindOutcome(await discover({ ...hints, login: undefined }, discoveryParts(settings, knowledge)));
  // Where nobody else leads anywhere, what is wrong with the server of the colleagues says most.
  if (tried !== undefined && found.outcome === 'failed' && found.reason === 'server_not_found') return tried;
  return found.outcome === 'found' && tried?.isGone === true ? { ...found, knownIsGone: true } : found;
}

/** Ends with the caller's own signal, or after that time. */
export function withinTime(timeoutMs: number, signal: AbortSignal | undefined): AbortSignal {
  const patience = AbortSignal.timeout(timeoutMs);
  return signal === undefined ? patience : AbortSignal.any([patience, signal]);
}

/** What discovery is made of, for one person. */
export function discoveryParts(settings: ExchangeSettings, { allows, known }: ServerKnowledge): DiscoveryParts {
  const offersNtlm = known?.offersNtlm === true ? [new URL(known.ewsUrl).host] : [];
  return { ...settings, registrableDomain, allows, schemes: createSchemeMemory(offersNtlm) };
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
}

async function findTyped(settings: ExchangeSettings, typed: string, { person, hints, knowledge }: Looking): Promise<FindOutcome> {
  const url = parseServerAddress(typed);
  if (url === undefined) return { outcome: 'server_address_invalid' };
  if (isExchangeOnlineHost(url.hostname)) return IN_CLOUD;
  const refusal = await probeServer(url, settings, hints.signal);
  if (refusal !== undefined) return failureOf(refusal, url.hostname);
  const vouchedBy = voucherOf(url.hostname, person.domain, knowledge.allows);
  return { outcome: 'found', target: { host: url.hostname, ewsUrl: url.href, namedBy: 'typed', vouchedBy } };
}

/** A known server is a hint: who vouches for it has to do so still, and it has to answer as Exchange does. */
async function tryKnown(
  settings: ExchangeSettings,
  { person, hints, knowledge }: Looking,
): Promise<Extract<FindOutcome, { outcome: 'found' }> | (SignInFailure & { readonly isGone: boolean }) | undefined> {
  const url = urlOf(knowledge.known);
  if (url === undefined || isExchangeOnlineHost(url.hostname)) return undefined;
  const vouchedBy = voucherOf(url.hostname, person.domain, knowledge.allows);
  if (vouchedBy === 'person') return undefined;
  const refusal = await probeServer(url, settings, hints.signal);
  if (refusal !== undefined) return { ...failureOf(refusal, url.hostname), isGone: GONE.includes(refusal.outcome) };
  return { outcome: 'found', target: { host: url.hostname, ewsUrl: url.href, namedBy: 'known', vouchedBy } };
}

function urlOf(known: KnownServer | undefined): URL | undefined {
  return known === undefined ? undefined : parseServerAddress(known.ewsUrl);
}

function toFindOutcome(found: DiscoveryOutcome): FindOutcome {
  switch (found.outcome) {
    case 'found': {
      const { ewsUrl, vouchedBy } = found;
      return { outcome: 'found', target: { host: ewsUrl.hostname, ewsUrl: ewsUrl.href, namedBy: 'discovered', vouchedBy } };
    }
    case 'needs_password':
      // Only hosts that somebody vouches for come so far; who it was is asked again with the login.
      return { outcome: 'found', target: { host: found.host, ewsUrl: undefined, namedBy: 'discovered', vouchedBy: 'person' } };
    default:
      return withoutServer(found);
  }
}

/** What discovery ends with where it has found nothing. */
export function withoutServer(
  found: Exclude<DiscoveryOutcome, { outcome: 'found' | 'needs_password' | 'credential_invalid' }> | DiscoveryOutcome,
): Exclude<FindOutcome, { outcome: 'found' | 'server_address_invalid' }> {
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
