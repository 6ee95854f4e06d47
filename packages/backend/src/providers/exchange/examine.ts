import type { SignInFailure } from '../password-sign-in.ts';
import { discover } from './autodiscover/discover.ts';
import { isExchangeOnlineHost } from './autodiscover/exchange-online.ts';
import { tellRefusal } from './autodiscover/meaning.ts';
import type { DiscoveryParts } from './autodiscover/search.ts';
import type { TraceStep } from './autodiscover/trace.ts';
import { examineMailbox, type MailboxLook } from './examine-mailbox.ts';
import { createAccountConnection } from './log-in/account-connection.ts';
import { logIn } from './log-in/log-in.ts';
import type { Refusal } from './log-in/outcome.ts';
import { parseServerAddress } from './log-in/server-address.ts';
import type { ExchangeLogin } from './log-in/session.ts';
import type { ExchangeSettings } from './options.ts';
import { failureOf } from './sign-in/failure.ts';
import { discoveryParts, IN_CLOUD, withoutServer } from './sign-in/find.ts';
import { probeServer } from './sign-in/probe-server.ts';

/** Whose server is examined. Without a login nothing of the person's is sent but the address. */
export interface ExamineRequest {
  readonly address: string;
  readonly serverAddress: string | undefined;
  readonly login: ExchangeLogin | undefined;
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
  // One for all steps: a host that has offered NTLM in the search gets no password by Basic after it.
  const parts = discoveryParts(settings, { allows: () => false });
  if (request.serverAddress !== undefined) return examineServer(parts, { ...request, serverAddress: request.serverAddress });
  const found = await discover({ address: request.address, login: request.login }, parts);
  const { trace } = found;
  switch (found.outcome) {
    case 'found':
      return tryLogin(parts, found.ewsUrl, { ...request, trace });
    case 'needs_password':
      return without(trace, { outcome: 'needs_password', host: found.host });
    case 'credential_invalid':
      return without(trace, { outcome: 'login_invalid', field: found.field });
    default:
      return without(trace, withoutServer(found));
  }
}

async function examineServer(parts: DiscoveryParts, request: ExamineRequest & { readonly serverAddress: string }): Promise<Examined> {
  const url = parseServerAddress(request.serverAddress);
  if (url === undefined) return without([], { outcome: 'server_address_invalid' });
  if (isExchangeOnlineHost(url.hostname)) return without([], IN_CLOUD);
  const refusal = await probeServer(url, parts);
  const asked = url.href;
  if (refusal !== undefined) {
    const step: TraceStep = { step: 'ews', asked, ...tellRefusal(refusal), login: undefined };
    return without([step], failureOf(refusal, url.hostname));
  }
  const step: TraceStep = { step: 'ews', asked, answered: '401', means: 'ews_found', login: undefined };
  return tryLogin(parts, url, { ...request, trace: [step] });
}

async function tryLogin(
  parts: DiscoveryParts,
  url: URL,
  { address, login, trace }: Pick<ExamineRequest, 'address' | 'login'> & { readonly trace: readonly TraceStep[] },
): Promise<Examined> {
  const asked = url.origin + url.pathname;
  if (login === undefined) return without(trace, { outcome: 'found', ewsUrl: url.href });
  const account = { url, mailbox: address, login };
  const logged = await logIn(account, parts);
  if (logged.outcome !== 'ok') {
    const step: TraceStep = { step: 'ews', asked, ...tellRefusal(logged), login: undefined };
    return without([...trace, step], refusedBy(logged, url.hostname));
  }
  logged.session.close();
  const { scheme, server } = logged;
  const answered = `200 Exchange ${server?.build ?? ''}`.trim();
  const connection = createAccountConnection(account, parts);
  try {
    const mailbox = await examineMailbox({ connection, now: parts.now, mailbox: address, serverVersion: server?.build });
    return {
      trace: [...trace, { step: 'ews', asked, answered, means: 'ews_found', login: scheme }],
      conclusion: { outcome: 'logged_in', ewsUrl: asked, scheme, version: server?.build },
      mailbox,
    };
  } finally {
    connection.close();
  }
}

function refusedBy(refusal: Refusal, host: string): Conclusion {
  return refusal.outcome === 'credential_invalid' ? { outcome: 'login_invalid', field: refusal.field } : failureOf(refusal, host);
}

function without(trace: readonly TraceStep[], conclusion: Conclusion): Examined {
  return { trace, conclusion, mailbox: [] };
}
