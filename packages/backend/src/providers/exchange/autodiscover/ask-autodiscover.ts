import type { Conversation } from '../../../outbound/conversation.ts';
import { readChallenges } from '../log-in/challenges.ts';
import { type Refusal, refusalOf, refusalOfStatus } from '../log-in/outcome.ts';
import { ask, beginSession, type ExchangeSession, isExchangePath } from '../log-in/session.ts';
import type { AutodiscoverAnswer, AutodiscoverForm, MailboxFacts } from './answers.ts';
import { checkEws, wantConsent } from './check-ews.ts';
import { isExchangeOnlineDomain, isExchangeOnlineHost } from './exchange-online.ts';
import { type MailAddress, parseMailAddress } from './mail-address.ts';
import { tellRefusal, tellStatus } from './meaning.ts';
import { pox } from './pox.ts';
import { type Consent, type Search, type VouchedBy, weakest } from './search.ts';
import { soap } from './soap.ts';
import type { DiscoveryStep } from './trace.ts';

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
/** One refused password is no proof that it is wrong, two are; more would lock the account. */
const MAX_REJECTIONS = 2;
/** What a web server of Microsoft's says besides, which a web site's own password page does not. */
const EXCHANGE_HEADERS = [
  'x-feserver',
  'x-beserver',
  'x-calculatedbetarget',
  'x-diaginfo',
  'x-owa-version',
  'x-aspnet-version',
  'x-powered-by',
  'server',
];
const EXCHANGE_SIGN = /^(?!$)(?:asp\.net|microsoft-iis.*|microsoft-httpapi.*)$/i;

/** What a domain's own web site can well say to our questions. */
const OF_WEB_SITES: readonly Refusal['outcome'][] = ['unreachable', 'certificate_untrusted', 'address_refused', 'too_old', 'unexpected'];

/** What asking one address gave. `nothing`: the search goes on. */
export type Step =
  | ({
      readonly kind: 'found';
      readonly url: URL;
      readonly vouchedBy: VouchedBy;
      readonly via: DiscoveryStep;
      readonly toldBy: string;
    } & MailboxFacts)
  | { readonly kind: 'exchange_online' }
  | { readonly kind: 'needs_password'; readonly host: string }
  | { readonly kind: 'wrong_password' }
  /** A server named another mail address: the search begins again with it. */
  | { readonly kind: 'other_mailbox'; readonly mailbox: MailAddress }
  /** `absent`: there is a web server, without this form. */
  | { readonly kind: 'nothing'; readonly absent?: true };

const NOTHING: Step = { kind: 'nothing' };

/** What is asked, and who named it. */
export interface Target {
  readonly url: URL;
  readonly mailbox: MailAddress;
  /** `undefined` for what the mail address itself says. */
  readonly namedBy: Exclude<Consent['namedBy'], 'ews_url'> | undefined;
  /** Whether it may be a web site of the domain, where Exchange rarely is. */
  readonly mayBeWebSite?: boolean;
}

/** Asks one host, in plain XML, and by SOAP where it has no such thing. */
export async function askHost(search: Search, host: string, target: Omit<Target, 'url'>): Promise<Step> {
  for (const form of [pox, soap]) {
    const url = new URL(form.path, `https://${host}`);
    const step = await askAutodiscover(search, { ...target, url });
    if (step.kind !== 'nothing' || step.absent !== true || search.signal.aborted) return step;
  }
  return NOTHING;
}

/**
 * Asks one address of Autodiscover: first without anything of the person's, and with their login only where the answer was a 401 at a path of
 * Exchange's, on a host that somebody vouches for.
 */
async function askAutodiscover(search: Search, target: Target): Promise<Step> {
  const { url } = target;
  const step = formOf(url).step;
  if (isExchangeOnlineHost(url.hostname)) {
    search.note(step, url, { answered: 'not asked', means: 'exchange_online' });
    return { kind: 'exchange_online' };
  }
  if (!search.takeUrl(url)) {
    if (target.namedBy !== undefined) search.note(step, url, { answered: 'asked before', means: 'redirect_loop' });
    return NOTHING;
  }
  let conversation: Conversation | undefined;
  try {
    conversation = await search.open(url);
    const asked = await ask(conversation, url.pathname, { signal: search.signal });
    return await goOn(search, target, { conversation, asked });
  } catch (error) {
    return refused(search, target, refusalOf(error));
  } finally {
    conversation?.close();
  }
}

function formOf(url: URL): AutodiscoverForm {
  return url.pathname.toLowerCase().endsWith('.svc') ? soap : pox;
}

interface Refused extends Target {
  /** How the login went there, where it did. */
  readonly login?: ExchangeSession['scheme'];
}

function refused(search: Search, { url, mayBeWebSite, login }: Refused, refusal: Refusal): Step {
  search.note(formOf(url).step, url, { ...tellRefusal(refusal), login });
  // What is wrong with a web site that was never meant to be asked is nothing to tell a person about.
  const tells = mayBeWebSite !== true || !OF_WEB_SITES.includes(refusal.outcome);
  search.refusals.push({ host: url.hostname, refusal: tells ? refusal : { outcome: 'not_exchange', status: 0 } });
  return search.rejections >= MAX_REJECTIONS ? { kind: 'wrong_password' } : NOTHING;
}

interface Asked {
  readonly conversation: Conversation;
  readonly asked: Response;
}

async function goOn(search: Search, target: Target, { conversation, asked }: Asked): Promise<Step> {
  const { url, namedBy } = target;
  const { step } = formOf(url);
  if (REDIRECTS.includes(asked.status)) return followRedirect(search, target, asked);
  if (asked.status !== 401 || !isExchangePath(url.pathname)) {
    const busy = refusalOfStatus(asked, search.parts.now());
    if (busy !== undefined) return refused(search, target, busy);
    search.note(step, url, { answered: tellStatus(asked), means: 'no_autodiscover' });
    return { kind: 'nothing', absent: true };
  }
  search.note(step, url, { answered: tellStatus(asked), means: 'asks_for_login' });
  const vouchedBy = search.vouchFor(url.hostname);
  if (vouchedBy === undefined) {
    wantConsent(search, url, namedBy ?? 'redirect');
    return NOTHING;
  }
  if (target.mayBeWebSite === true && !looksLikeExchange(asked)) {
    search.note(step, url, { answered: '401 Basic', means: 'password_kept' });
    return NOTHING;
  }
  const { login } = search.request;
  if (login === undefined) return { kind: 'needs_password', host: url.host };
  const begun = await beginSession({ conversation, asked, path: url.pathname, login, reopen: () => search.open(url) }, search.parts);
  if (begun.outcome !== 'begun') return refused(search, target, begun);
  try {
    return await askLoggedIn(search, { ...target, vouchedBy }, begun.session);
  } finally {
    begun.session.close();
  }
}

/** Where a web site wants the password in the clear, it has to show that it is Exchange; NTLM does not give it the password. */
function looksLikeExchange({ headers }: Response): boolean {
  const schemes = readChallenges(headers.get('www-authenticate')).map(({ scheme }) => scheme);
  if (schemes.some((scheme) => scheme !== 'basic')) return true;
  return EXCHANGE_HEADERS.some((name) => {
    const value = headers.get(name) ?? '';
    return name === 'server' || name === 'x-powered-by' ? EXCHANGE_SIGN.test(value.trim()) : value !== '';
  });
}

async function followRedirect(search: Search, target: Target, asked: Response): Promise<Step> {
  const location = asked.headers.get('location') ?? '';
  const to = URL.parse(location, target.url.href);
  search.note(formOf(target.url).step, target.url, { answered: String(asked.status), means: 'redirected' });
  return to === null ? NOTHING : goTo(search, { ...target, url: to, namedBy: target.namedBy ?? 'redirect' });
}

/** Goes where an answer leads, if that is https and the way is not too long. */
export async function goTo(search: Search, target: Target): Promise<Step> {
  const { url } = target;
  url.hash = '';
  url.search = '';
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '') {
    search.note(formOf(url).step, '…', { answered: 'no https address', means: 'redirect_refused' });
    return NOTHING;
  }
  if (!search.takeHop()) {
    search.note(formOf(url).step, url, { answered: 'not asked', means: 'redirect_loop' });
    return NOTHING;
  }
  return askAutodiscover(search, { ...target, mayBeWebSite: false });
}

interface LoggedIn extends Target {
  readonly vouchedBy: VouchedBy;
}

/** Asks in plain XML and by SOAP with one login on one connection. */
async function askLoggedIn(search: Search, target: LoggedIn, session: ExchangeSession): Promise<Step> {
  const first = formOf(target.url);
  for (const form of first === pox ? [pox, soap] : [soap]) {
    const url = form === first ? target.url : new URL(form.path, target.url);
    if (form !== first && !search.takeUrl(url)) return NOTHING;
    const answer = await session.send(url.pathname, {
      method: 'POST',
      headers: form.headers,
      body: form.write(target.mailbox.address, url),
      signal: search.signal,
    });
    if (answer.outcome !== 'answered') return refused(search, { ...target, url, login: session.scheme }, answer);
    const { response } = answer;
    const read: AutodiscoverAnswer =
      response.status === 200 ? form.read(new Uint8Array(await response.arrayBuffer())) : { kind: 'error', code: String(response.status) };
    const step = await interpret(search, { ...target, url }, { read, session, form });
    if (step !== undefined) return step;
  }
  return NOTHING;
}

interface Read {
  readonly read: AutodiscoverAnswer;
  readonly session: ExchangeSession;
  readonly form: AutodiscoverForm;
}

/** `undefined`: the next form may say more. */
async function interpret(search: Search, target: LoggedIn, { read, session, form }: Read): Promise<Step | undefined> {
  const note = (answered: string, means: Parameters<Search['note']>[2]['means']): void =>
    search.note(form.step, target.url, { answered, means, login: session.scheme });
  switch (read.kind) {
    case 'settings':
      note('settings', read.ewsUrls.length === 0 ? 'mailbox_unknown' : 'ews_elsewhere');
      return foundAmong(search, target, { ...read, form });
    case 'redirect_address':
      note('another mail address', 'other_mailbox');
      return otherMailbox(search, read.address);
    case 'redirect_url': {
      note('another address', 'redirected');
      const url = URL.parse(read.url);
      return url === null ? NOTHING : goTo(search, { ...target, url, namedBy: 'redirect' });
    }
    case 'busy':
      note('ServerBusy', 'busy');
      search.refusals.push({ host: target.url.hostname, refusal: { outcome: 'throttled', retryAfterMs: undefined } });
      return NOTHING;
    case 'error':
    case 'unreadable':
      note(read.kind === 'error' ? read.code : 'unreadable', 'mailbox_unknown');
      return undefined;
  }
}

interface Settings extends MailboxFacts {
  readonly ewsUrls: readonly string[];
  readonly form: AutodiscoverForm;
}

async function foundAmong(
  search: Search,
  target: LoggedIn,
  { ewsUrls, form, displayName, primaryAddress }: Settings,
): Promise<Step | undefined> {
  const check = await checkEws(search, ewsUrls);
  if (check.kind !== 'found') return check.kind === 'exchange_online' ? check : undefined;
  const vouchedBy = weakest(check.vouchedBy, target.vouchedBy);
  return { ...check, vouchedBy, via: form.step, toldBy: target.url.hostname, displayName, primaryAddress };
}

function otherMailbox(search: Search, typed: string): Step {
  const mailbox = parseMailAddress(typed, search.parts.registrableDomain);
  if (typeof mailbox === 'string') return NOTHING;
  if (isExchangeOnlineDomain(mailbox.domain)) return { kind: 'exchange_online' };
  return search.takeAddress(mailbox.address) && search.takeHop() ? { kind: 'other_mailbox', mailbox } : NOTHING;
}
