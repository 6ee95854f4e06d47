import type { Conversations } from '../../outbound/conversation.ts';
import { untilAborted } from '../../outbound/deadline.ts';
import type { ConnectFailure, Credential, OAuthConnect, RefreshOutcome } from '../provider.ts';
import { type AccountLimits, createAccountLimits } from './log-in/account-limits.ts';
import type { SchemeMemory } from './log-in/choose-scheme.ts';
import { logIn, type LogInOutcome, type LogInRequest } from './log-in/log-in.ts';
import type { LoginAttempt } from './log-in/login-attempt.ts';
import type { LoginGate } from './log-in/login-gate.ts';
import type { Refusal } from './log-in/outcome.ts';
import type { ExchangeSettings } from './options.ts';
import { createServerMoves, lookForServer, type ServerMoves } from './server-moves.ts';
import { troubleOfRefusal } from './server-trouble.ts';
import { explainFailure, failureOf } from './sign-in/failure.ts';

/** Of both logins and the look between them: shorter than the lease of a renewal, which another process takes over when it ends. */
const RENEWAL_TIMEOUT_MS = 25_000;

const NOBODY_COMES_BACK: ConnectFailure = {
  outcome: 'failed',
  reason: 'provider_refused',
  operatorHint: 'Exchange sends nobody here: people sign in on our own page',
};

/** What keeping a connection alive is made of. What is shared is shared with the calls for calendars; the default is none. */
export interface ExchangeConnectSettings extends ExchangeSettings {
  readonly schemes: SchemeMemory;
  readonly logins?: LoginGate | undefined;
  readonly limits?: AccountLimits | undefined;
  readonly moves?: ServerMoves | undefined;
}

type Renewing = ExchangeConnectSettings & {
  readonly limits: AccountLimits;
  readonly moves: ServerMoves;
  /** Ends all that is under way. */
  readonly signal: AbortSignal;
};

/** Makes the part that keeps a connection alive, and ends it. */
export function createExchangeConnect(settings: ExchangeConnectSettings): OAuthConnect {
  const { now, limits = createAccountLimits(now), moves = createServerMoves(now) } = settings;
  const renewing = { ...settings, limits, moves };
  return {
    authorizationUrl() {
      throw new TypeError('Exchange has no page to send anybody to: people sign in on our own, see Provider.passwordSignIn');
    },
    readCallback: () => NOBODY_COMES_BACK,
    exchange: () => Promise.resolve(NOBODY_COMES_BACK),
    explain: explainFailure,
    refresh: (_client, credential) => logInAgain({ ...renewing, signal: AbortSignal.timeout(RENEWAL_TIMEOUT_MS) }, credential),
    // Nothing was granted there that could be taken back: what is forgotten here is ended.
    revoke: () => Promise.resolve({ outcome: 'unsupported' }),
  };
}

/**
 * There is nothing to renew: the login is tried once more, and either it holds or the person has to come back. Where the server is not there any
 * longer, it may be at another one: see {@link ServerMoves}.
 */
async function logInAgain(settings: Renewing, credential: Credential): Promise<RefreshOutcome> {
  const { login, mailbox } = credential;
  if (login === undefined || mailbox === undefined) return { outcome: 'rejected', operatorHint: 'there is no login for Exchange' };
  const account = { url: new URL(login.ewsUrl), mailbox, login, offersNtlm: login.offersNtlm };
  const elsewhere = settings.moves.found(account);
  if (elsewhere !== undefined) return logInElsewhere(settings, credential, { account, elsewhere });
  const logged = await tryLogin(settings, account);
  if (logged.outcome === 'ok') {
    logged.session.close();
    settings.moves.heard(account, undefined);
    return { outcome: 'refreshed', credential };
  }
  const trouble = troubleOfRefusal(logged);
  if (trouble === undefined) return notRefreshed(logged);
  settings.moves.heard(account, trouble);
  const found = await lookInTime(settings, account);
  if (found !== undefined) return logInElsewhere(settings, credential, { account, elsewhere: found });
  return lastingOr(settings, account, notRefreshed(logged));
}

/** Somebody else's look for the same account may be under way, which lasts as long as it likes. */
async function lookInTime(settings: Renewing, account: LogInRequest): Promise<URL | undefined> {
  const { moves, signal } = settings;
  if (signal.aborted) return undefined;
  const looking = moves.look(account, () => lookForServer(settings, { ...account, signal }));
  return untilAborted(looking, signal).catch(() => undefined);
}

/** Logs in at the server that the mailbox was moved to, which the credential names from then on. */
async function logInElsewhere(
  settings: Renewing,
  credential: Credential,
  { account, elsewhere }: { readonly account: LogInRequest; readonly elsewhere: URL },
): Promise<RefreshOutcome> {
  const logged = await tryLogin(settings, { ...account, url: elsewhere });
  if (logged.outcome === 'ok') {
    logged.session.close();
    const { scheme, server } = logged;
    const { userName, password } = account.login;
    const offersNtlm = account.offersNtlm === true || scheme !== 'basic';
    const version = server === undefined ? {} : { serverVersion: server.build };
    return {
      outcome: 'refreshed',
      credential: { ...credential, login: { ewsUrl: elsewhere.href, userName, password, offersNtlm, ...version } },
    };
  }
  const { outcome, operatorHint } = notRefreshed(logged);
  if (outcome === 'rejected') settings.moves.refused(account);
  // Whatever it says, it ends nothing: the server before may come back, and the login was its.
  const retryAfterMs = logged.outcome === 'throttled' ? logged.retryAfterMs : undefined;
  const hint = `${operatorHint} at ${elsewhere.hostname}, which Autodiscover names now`;
  return lastingOr(settings, account, { outcome: 'unavailable', retryAfterMs, operatorHint: hint });
}

/** What waiting no longer mends, the person is told; where the server is there again, everything is as it was. */
function lastingOr({ moves }: Renewing, account: LogInRequest, outcome: RefreshOutcome): RefreshOutcome {
  if (outcome.outcome !== 'unavailable' || !moves.isLasting(account)) return outcome;
  const operatorHint = `${outcome.operatorHint}, for hours; and Autodiscover names no other server of the mail domain that lets the login in`;
  return { outcome: 'interaction_required', operatorHint };
}

/** Logs in, unless the server wants to be left alone. */
async function tryLogin({ limits, logins, signal, ...settings }: Renewing, account: LogInRequest): Promise<LogInOutcome> {
  const restMs = limits.restMs(account);
  if (restMs > 0) return { outcome: 'throttled', retryAfterMs: restMs };
  const send = async (attempt?: LoginAttempt): Promise<LogInOutcome> => {
    const logged = await logIn({ ...account, signal }, { ...settings, conversations: endingWith(signal, settings.conversations), attempt });
    if (logged.outcome === 'throttled' && logged.retryAfterMs !== undefined) limits.rest(account, logged.retryAfterMs);
    return logged;
  };
  return logins === undefined ? send() : logins.again(account, send);
}

/** A session opens its connection anew with no signal of anybody's; here nobody has it for longer than the renewal. */
function endingWith(signal: AbortSignal, conversations: Conversations): Conversations {
  return { ...conversations, open: (url, init) => conversations.open(url, { ...init, signal }) };
}

function notRefreshed(refusal: Refusal): Exclude<RefreshOutcome, { outcome: 'refreshed' }> {
  switch (refusal.outcome) {
    case 'wrong_password':
    case 'locked_or_expired':
    case 'credential_invalid':
      return { outcome: 'rejected', operatorHint: `Exchange answered ${refusal.outcome}` };
    // Somebody may switch it on again, and the password is still right.
    case 'not_allowed':
      return { outcome: 'interaction_required', operatorHint: `Exchange answered ${refusal.outcome} ${refusal.code ?? ''}`.trim() };
    default: {
      const retryAfterMs = refusal.outcome === 'throttled' ? refusal.retryAfterMs : undefined;
      const { reason, code = '' } = failureOf(refusal, '');
      return { outcome: 'unavailable', retryAfterMs, operatorHint: `Exchange: ${reason} ${code}`.trim() };
    }
  }
}
