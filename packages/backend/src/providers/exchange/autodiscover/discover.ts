import { type Refusal, refusalOf } from '../log-in/outcome.ts';
import { ask } from '../log-in/session.ts';
import { askHost, goTo, type Step } from './ask-autodiscover.ts';
import { checkEws } from './check-ews.ts';
import { isExchangeOnlineDomain, isExchangeOnlineHost } from './exchange-online.ts';
import { type MailAddress, type MailAddressFault, parseMailAddress } from './mail-address.ts';
import { isOwnProxysFault } from './judge-ews.ts';
import { tellRefusal, tellStatus } from './meaning.ts';
import {
  type Consent,
  type DiscoveryParts,
  type DiscoveryRequest,
  OPEN_TIMEOUT_MS,
  Search,
  type SearchRefusal,
  type VouchedBy,
} from './search.ts';
import { type DiscoveryStep, type TraceStep } from './trace.ts';
import { MAX_V2_BYTES, readV2, v2Path } from './v2.ts';

const MAX_SERVICE_RECORDS = 3;

/** What a search found. */
export type DiscoveryResult =
  | {
      readonly outcome: 'found';
      /** Of EWS. It has answered a request without credentials with 401. */
      readonly ewsUrl: URL;
      /** The mail address to ask Exchange for: the person's, or the one that a server named in its place. */
      readonly mailbox: string;
      readonly displayName: string | undefined;
      /** The first address of the mailbox, where the server says it. */
      readonly primaryAddress: string | undefined;
      /** The form that named it. */
      readonly via: DiscoveryStep;
      /** The host that named it. */
      readonly toldBy: string;
      readonly vouchedBy: VouchedBy;
    }
  /** Microsoft 365 or Outlook.com: no password was sent there. */
  | { readonly outcome: 'exchange_online' }
  /** The password may go to `host` only where the person or a rule says so. The search goes on with the host among `approvedHosts`. */
  | ({ readonly outcome: 'needs_consent' } & Consent)
  /** It was not given, and this host would get it, with its port where that is not 443. Not said where a server is named already that cannot be used. */
  | { readonly outcome: 'needs_password'; readonly host: string }
  | { readonly outcome: 'address_invalid'; readonly why: MailAddressFault }
  /** Nobody who was asked knows. The person has to give the server's address. */
  | { readonly outcome: 'not_found' }
  /** There was somebody, and it came to nothing for this reason. */
  | (Refusal & { readonly host: string });

/** What a search found, and everything it tried. */
export type DiscoveryOutcome = DiscoveryResult & { readonly trace: readonly TraceStep[] };

/**
 * Finds the Exchange server of a mail address, in this order: the form without credentials, and then the forms with a login, at exactly the
 * domain and `autodiscover.` before it; where plain http leads from there; and what the DNS names. Nothing else is ever asked.
 *
 * @see [Autodiscover for Exchange](https://learn.microsoft.com/exchange/client-developer/exchange-web-services/autodiscover-for-exchange)
 */
export async function discover(request: DiscoveryRequest, parts: DiscoveryParts): Promise<DiscoveryOutcome> {
  const person = parseMailAddress(request.address, parts.registrableDomain);
  if (typeof person === 'string') return { outcome: 'address_invalid', why: person, trace: [] };
  if (isExchangeOnlineDomain(person.domain)) return { outcome: 'exchange_online', trace: [] };
  const search = new Search(request, person, parts);
  let mailbox = person;
  let step = await searchFor(search, mailbox);
  while (step.kind === 'other_mailbox') {
    mailbox = step.mailbox;
    step = await searchFor(search, mailbox);
  }
  return { ...resultOf(search, step, mailbox), trace: search.trace };
}

async function searchFor(search: Search, mailbox: MailAddress): Promise<Step> {
  const { domain } = mailbox;
  const hosts = [domain, `autodiscover.${domain}`];
  const steps = [
    ...hosts.map((host) => () => askV2(search, host, mailbox)),
    ...hosts.map((host) => () => askHost(search, host, { mailbox, namedBy: undefined, mayBeWebSite: host === domain })),
    () => followPlainHttp(search, mailbox),
    () => askServices(search, mailbox),
  ];
  for (const step of steps) {
    const came = search.signal.aborted ? undefined : await step();
    if (came !== undefined && came.kind !== 'nothing') return came;
  }
  return { kind: 'nothing' };
}

/** A web site answers this with a page of its own, and learns the address but no password. */
async function askV2(search: Search, host: string, mailbox: MailAddress): Promise<Step> {
  const url = new URL(v2Path(mailbox), `https://${host}`);
  try {
    const conversation = await search.open(url);
    try {
      const response = await ask(conversation, url.pathname + url.search, { signal: search.signal, maxResponseBytes: MAX_V2_BYTES });
      const ewsUrl = response.status === 200 ? readV2(await response.text()) : undefined;
      const leadsToMicrosoft = isExchangeOnlineHost(URL.parse(response.headers.get('location') ?? '', url.href)?.hostname ?? '');
      const means = leadsToMicrosoft ? 'exchange_online' : ewsUrl === undefined ? 'no_autodiscover' : 'ews_elsewhere';
      search.note('v2', url, { answered: tellStatus(response), means });
      if (leadsToMicrosoft) return { kind: 'exchange_online' };
      const check = ewsUrl === undefined ? undefined : await checkEws(search, [ewsUrl]);
      if (check?.kind === 'found') return { ...check, via: 'v2', toldBy: host, displayName: undefined, primaryAddress: undefined };
      return check?.kind === 'exchange_online' ? check : { kind: 'nothing' };
    } finally {
      conversation.close();
    }
  } catch (error) {
    // Told of where the same host is asked for more.
    search.note('v2', url, tellRefusal(refusalOf(error)));
    return { kind: 'nothing' };
  }
}

/** [Autodiscover: the redirect](https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-generate-a-list-of-autodiscover-endpoints): only where it leads counts, and only if that is https. */
async function followPlainHttp(search: Search, mailbox: MailAddress): Promise<Step> {
  const from = new URL(`http://autodiscover.${mailbox.domain}/autodiscover/autodiscover.xml`);
  try {
    const { status, location } = await search.parts.conversations.askPlainRedirect(from.hostname, from.pathname, {
      signal: search.signal,
      timeoutMs: OPEN_TIMEOUT_MS,
    });
    const to = (status === 301 || status === 302) && location !== undefined ? URL.parse(location) : null;
    search.note('http_redirect', from, { answered: String(status), means: to === null ? 'no_autodiscover' : 'redirected' });
    return to === null ? { kind: 'nothing' } : await goTo(search, { url: to, mailbox, namedBy: 'plain_http_redirect' });
  } catch (error) {
    search.note('http_redirect', from, tellRefusal(refusalOf(error)));
    return { kind: 'nothing' };
  }
}

/** [RFC 2782](https://www.rfc-editor.org/rfc/rfc2782): the lowest priority first, then the greatest weight. */
async function askServices(search: Search, mailbox: MailAddress): Promise<Step> {
  const name = `_autodiscover._tcp.${mailbox.domain}`;
  const records = await search.parts.resolveServices(name, search.signal).catch(() => undefined);
  if (records === undefined) {
    search.note('srv', name, { answered: 'no answer', means: 'no_answer' });
    return { kind: 'nothing' };
  }
  const usable = records
    .filter(({ port, name: host }) => port === 443 && /^[a-z0-9-]+(\.[a-z0-9-]+)+\.?$/i.test(host))
    .toSorted((one, other) => one.priority - other.priority || other.weight - one.weight)
    .slice(0, MAX_SERVICE_RECORDS);
  const means = records.length === 0 ? 'no_entry' : usable.length === 0 ? 'no_usable_entry' : 'redirected';
  search.note('srv', name, { answered: `${usable.length} of ${records.length}`, means });
  for (const { name: host } of usable) {
    if (!search.takeHop()) break;
    const step = await askHost(search, host.replace(/\.$/, '').toLowerCase(), { mailbox, namedBy: 'srv' });
    if (step.kind !== 'nothing') return step;
  }
  return { kind: 'nothing' };
}

function resultOf(search: Search, step: Step, mailbox: MailAddress): DiscoveryResult {
  switch (step.kind) {
    case 'found': {
      const { kind: _kind, url, primaryAddress, ...facts } = step;
      return { outcome: 'found', ewsUrl: url, mailbox: mailbox.address, ...facts, primaryAddress: checkedAddress(search, primaryAddress) };
    }
    case 'exchange_online':
      return { outcome: 'exchange_online' };
    case 'needs_password':
      // It would be asked for only to hear the same: with a password, Autodiscover names the same server for the outside.
      return namedEwsRefusal(search) ?? { outcome: 'needs_password', host: step.host };
    case 'wrong_password':
    case 'other_mailbox':
    case 'nothing':
      return whyNothing(search);
  }
}

/** The server's text may be none. */
function checkedAddress(search: Search, text: string | undefined): string | undefined {
  const read = text === undefined ? undefined : parseMailAddress(text, search.parts.registrableDomain);
  return typeof read === 'object' ? read.address : undefined;
}

/** What the person or their help desk has to mend before anything else counts. */
const OF_THE_LOGIN = ['locked_or_expired', 'not_allowed', 'credential_invalid', 'downgrade_refused', 'modern_auth'] as const;

/** Of hosts that nobody named as EWS; what tells a person most comes first. `unreachable` comes not at all: hosts that are not there are what most domains have. */
const OF_ANY_HOST = ['throttled', 'certificate_untrusted', 'too_old', 'address_refused', 'unexpected'] as const;

function whyNothing(search: Search): DiscoveryResult {
  const first = (outcomes: readonly Refusal['outcome'][]): DiscoveryResult | undefined =>
    outcomes.map((outcome) => told(search, ({ refusal }) => refusal.outcome === outcome)).find((found) => found !== undefined);
  // After a refused password no further host gets it, whatever the person would say.
  const refused = first(['wrong_password']);
  if (refused !== undefined) return refused;
  const named = namedEwsRefusal(search);
  const { consent } = search;
  // A second server in the answers is no reason to give the password away where the first one is the person's own.
  if (consent !== undefined && (named === undefined || consent.namedBy !== 'ews_url')) return { outcome: 'needs_consent', ...consent };
  return (
    first(OF_THE_LOGIN) ??
    named ??
    first(OF_ANY_HOST) ??
    told(search, ({ refusal }) => isOwnProxysFault(refusal)) ?? { outcome: 'not_found' }
  );
}

function namedEwsRefusal(search: Search): DiscoveryResult | undefined {
  return told(search, ({ isNamedEws = false }) => isNamedEws);
}

function told(search: Search, isMeant: (each: SearchRefusal) => boolean): DiscoveryResult | undefined {
  const found = search.refusals.find(isMeant);
  return found && { ...found.refusal, host: found.host };
}
