import type { SignInFailure } from '../password-sign-in.ts';
import { discover } from './autodiscover/discover.ts';
import { isExchangeOnlineHost } from './autodiscover/exchange-online.ts';
import { tellRefusal } from './autodiscover/meaning.ts';
import type { TraceStep } from './autodiscover/trace.ts';
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
}

/** Looks for a server as the page does, step by step, and logs in where there is a login. */
export async function examine(settings: ExchangeSettings, request: ExamineRequest): Promise<Examined> {
  const parts = discoveryParts(settings, { allows: () => false });
  if (request.serverAddress !== undefined) return examineServer(settings, { ...request, serverAddress: request.serverAddress });
  const found = await discover({ address: request.address, login: request.login }, parts);
  const { trace } = found;
  switch (found.outcome) {
    case 'found': {
      const { ewsUrl } = found;
      if (request.login === undefined) return { trace, conclusion: { outcome: 'found', ewsUrl: ewsUrl.href } };
      const logged = await tryLogin(settings, ewsUrl, { ...request, login: request.login });
      return { trace: [...trace, logged.step], conclusion: logged.conclusion };
    }
    case 'needs_password':
      return { trace, conclusion: { outcome: 'needs_password', host: found.host } };
    case 'credential_invalid':
      return { trace, conclusion: { outcome: 'login_invalid', field: found.field } };
    default:
      return { trace, conclusion: withoutServer(found) };
  }
}

async function examineServer(settings: ExchangeSettings, request: ExamineRequest & { readonly serverAddress: string }): Promise<Examined> {
  const url = parseServerAddress(request.serverAddress);
  if (url === undefined) return { trace: [], conclusion: { outcome: 'server_address_invalid' } };
  if (isExchangeOnlineHost(url.hostname)) return { trace: [], conclusion: IN_CLOUD };
  const refusal = await probeServer(url, settings);
  const asked = url.href;
  if (refusal !== undefined) {
    const step: TraceStep = { step: 'ews', asked, ...tellRefusal(refusal), login: undefined };
    return { trace: [step], conclusion: failureOf(refusal, url.hostname) };
  }
  const step: TraceStep = { step: 'ews', asked, answered: '401', means: 'ews_found', login: undefined };
  if (request.login === undefined) return { trace: [step], conclusion: { outcome: 'found', ewsUrl: asked } };
  const logged = await tryLogin(settings, url, { ...request, login: request.login });
  return { trace: [step, logged.step], conclusion: logged.conclusion };
}

interface Tried {
  readonly step: TraceStep;
  readonly conclusion: Conclusion;
}

async function tryLogin(
  settings: ExchangeSettings,
  url: URL,
  { address, login }: { readonly address: string; readonly login: ExchangeLogin },
): Promise<Tried> {
  const asked = url.origin + url.pathname;
  const logged = await logIn({ url, mailbox: address, login }, discoveryParts(settings, { allows: () => false }));
  if (logged.outcome !== 'ok') return refused(asked, url.hostname, logged);
  logged.session.close();
  const { scheme, server } = logged;
  return {
    step: { step: 'ews', asked, answered: `200 Exchange ${server?.build ?? ''}`.trim(), means: 'ews_found', login: scheme },
    conclusion: { outcome: 'logged_in', ewsUrl: asked, scheme, version: server?.build },
  };
}

function refused(asked: string, host: string, refusal: Refusal): Tried {
  const step: TraceStep = { step: 'ews', asked, ...tellRefusal(refusal), login: undefined };
  if (refusal.outcome === 'credential_invalid') return { step, conclusion: { outcome: 'login_invalid', field: refusal.field } };
  return { step, conclusion: failureOf(refusal, host) };
}
