import type { ServerKnowledge, SignInFailure } from '../password-sign-in.ts';
import { discover } from './autodiscover/discover.ts';
import { isExchangeOnlineDomain, isExchangeOnlineHost } from './autodiscover/exchange-online.ts';
import { type MailAddress, parseMailAddress } from './autodiscover/mail-address.ts';
import { tellRefusal } from './autodiscover/meaning.ts';
import type { DiscoveryParts } from './autodiscover/search.ts';
import { shownUrl, type TraceStep } from './autodiscover/trace.ts';
import { examineMailbox, type MailboxLook } from './examine-mailbox.ts';
import { createAccountConnection } from './log-in/account-connection.ts';
import { logIn } from './log-in/log-in.ts';
import { createLoginAttempt } from './log-in/login-attempt.ts';
import type { Refusal } from './log-in/outcome.ts';
import { parseServerAddress } from './log-in/server-address.ts';
import type { ExchangeLogin } from './log-in/session.ts';
import type { ExchangeSettings } from './options.ts';
import { registrableDomain } from './public-suffixes.ts';
import { failureOf } from './sign-in/failure.ts';
import { discoveryParts, IN_CLOUD, knownToAsk, withoutServer } from './sign-in/find.ts';
import { type OwnMailbox, ownMailboxOf } from './sign-in/own-mailbox.ts';
import { probeServer } from './sign-in/probe-server.ts';
import { refusedBy, unverifiedAt } from './sign-in/sign-in.ts';

/** Whose server is examined. Without a login nothing of the person's is sent but the address. */
export interface ExamineRequest {
  readonly address: string;
  readonly serverAddress: string | undefined;
  readonly login: ExchangeLogin | undefined;
  /** What an application has learnt of the mail domain, and what the operator says. */
  readonly knowledge: ServerKnowledge;
}

/** What an examination comes to. */
export type Conclusion =
  | { readonly outcome: 'logged_in'; readonly ewsUrl: string; readonly scheme: string; readonly version: string | undefined }
  | { readonly outcome: 'found'; readonly ewsUrl: string }
  | { readonly outcome: 'needs_password' | 'needs_consent'; readonly host: string }
  | { readonly outcome: 'login_invalid'; readonly field: 'user_name' | 'password' }
  | { readonly outcome: 'address_invalid' | 'server_address_invalid' }
  | SignInFailure;

/** A conclusion, and everything that was tried on the way. */
export interface Examined {
  readonly trace: readonly TraceStep[];
  readonly conclusion: Conclusion;
  /** What the mailbox answered; nothing where there was no login. */
  readonly mailbox: readonly MailboxLook[];
}

/** Looks for a server as the page does, step by step, and logs in where there is a login; then tries what is asked of a mailbox. */
export async function examine(settings: ExchangeSettings, request: ExamineRequest): Promise<Examined> {
  const { address, serverAddress, login, knowledge } = request;
  const person = parseMailAddress(address, registrableDomain);
  if (typeof person === 'string') return without([], { outcome: 'address_invalid' });
  if (isExchangeOnlineDomain(person.domain)) return without([], IN_CLOUD);
  // One for all steps: a host that has offered NTLM in the search gets no password by Basic after it, and a refused password is sent nowhere else.
  const parts = { ...discoveryParts(settings, knowledge), attempt: createLoginAttempt() };
  if (serverAddress !== undefined) return examineServer(parts, { ...request, serverAddress });
  const known = await lookAtKnown(parts, person, knowledge);
  if (known.url !== undefined) return tryLogin(parts, known.url, { address, login, trace: known.trace });
  const found = await discover({ address, login }, parts);
  const trace = [...known.trace, ...found.trace];
  switch (found.outcome) {
    case 'found':
      return tryLogin(parts, found.ewsUrl, { address, login, trace });
    case 'needs_password':
      return without(trace, { outcome: 'needs_password', host: found.host });
    case 'credential_invalid':
      return without(trace, { outcome: 'login_invalid', field: found.field });
    case 'not_found':
      return without(trace, known.trouble ?? withoutServer(found));
    default:
      return without(trace, withoutServer(found));
  }
}

/** What came of the servers that are known. */
interface KnownLookedAt {
  readonly trace: readonly TraceStep[];
  /** The first that answers as Exchange does. */
  readonly url?: URL;
  /** What is wrong with the first of them. It says most where nothing else leads anywhere. */
  readonly trouble?: SignInFailure;
}

async function lookAtKnown(parts: DiscoveryParts, person: MailAddress, knowledge: ServerKnowledge): Promise<KnownLookedAt> {
  const trace: TraceStep[] = [];
  let trouble: SignInFailure | undefined;
  for (const { url } of knownToAsk(person, knowledge)) {
    const { step, refused } = await lookAt(parts, url);
    trace.push(step);
    if (refused === undefined) return { trace, url };
    trouble ??= refused;
  }
  return { trace, ...(trouble !== undefined && { trouble }) };
}

async function examineServer(parts: DiscoveryParts, request: ExamineRequest & { readonly serverAddress: string }): Promise<Examined> {
  const url = parseServerAddress(request.serverAddress);
  if (url === undefined) return without([], { outcome: 'server_address_invalid' });
  if (isExchangeOnlineHost(url.hostname)) return without([], IN_CLOUD);
  const { step, refused } = await lookAt(parts, url);
  return refused === undefined ? tryLogin(parts, url, { ...request, trace: [step] }) : without([step], refused);
}

async function lookAt(parts: DiscoveryParts, url: URL): Promise<{ readonly step: TraceStep; readonly refused: SignInFailure | undefined }> {
  const refusal = await probeServer(url, parts);
  if (refusal !== undefined) return { step: refusedStep(url, refusal), refused: failureOf(refusal, url.hostname) };
  return { step: { step: 'ews', asked: shownUrl(url), answered: '401', means: 'ews_found', login: undefined }, refused: undefined };
}

async function tryLogin(
  parts: DiscoveryParts,
  url: URL,
  { address, login, trace }: Pick<ExamineRequest, 'address' | 'login'> & { readonly trace: readonly TraceStep[] },
): Promise<Examined> {
  if (login === undefined) return without(trace, { outcome: 'found', ewsUrl: shownUrl(url) });
  const logged = await logIn({ url, mailbox: address, login }, parts);
  if (logged.outcome !== 'ok') return without([...trace, refusedStep(url, logged)], refusedBy(logged, url.hostname));
  const { scheme, server, calendar, session } = logged;
  const own = await ownMailboxOf({ session, path: url.pathname, mailbox: address }, calendar).finally(() => session.close());
  const ewsUrl = shownUrl(url);
  const answered = `200 Exchange ${server?.build ?? ''}`.trim();
  const mailbox = own.outcome === 'said' ? own.mailbox.address : address;
  const connection = createAccountConnection({ url, mailbox, login }, parts);
  try {
    return {
      trace: [...trace, { step: 'ews', asked: ewsUrl, answered, means: 'ews_found', login: scheme }],
      conclusion: whyNotConnected(own, url.hostname) ?? { outcome: 'logged_in', ewsUrl, scheme, version: server?.build },
      mailbox: await examineMailbox({ connection, now: parts.now, address, own, serverVersion: server?.build }),
    };
  } finally {
    connection.close();
  }
}

/** Whoever logs in and whose mailbox it is nobody says, is not connected. */
function whyNotConnected(own: OwnMailbox, host: string): Conclusion | undefined {
  if (own.outcome === 'said') return undefined;
  return own.outcome === 'unsaid' ? unverifiedAt(host) : refusedBy(own, host);
}

function refusedStep(url: URL, refusal: Refusal): TraceStep {
  const { answered, means } = tellRefusal(refusal);
  return {
    step: 'ews',
    asked: shownUrl(url),
    answered,
    means: refusal.outcome === 'not_exchange' ? 'no_ews' : means,
    login: undefined,
  };
}

function without(trace: readonly TraceStep[], conclusion: Conclusion): Examined {
  return { trace, conclusion, mailbox: [] };
}
