import type { ConnectFailure, Credential, OAuthConnect, RefreshOutcome } from '../provider.ts';
import type { SchemeMemory } from './log-in/choose-scheme.ts';
import { logIn, type LogInParts } from './log-in/log-in.ts';
import type { Refusal } from './log-in/outcome.ts';
import type { ExchangeSettings } from './options.ts';
import { explainFailure, failureOf } from './sign-in/failure.ts';

const NOBODY_COMES_BACK: ConnectFailure = {
  outcome: 'failed',
  reason: 'provider_refused',
  operatorHint: 'Exchange sends nobody here: people sign in on our own page',
};

/** Makes the part that keeps a connection alive, and ends it. */
export function createExchangeConnect(settings: ExchangeSettings & { readonly schemes: SchemeMemory }): OAuthConnect {
  return {
    authorizationUrl() {
      throw new TypeError('Exchange has no page to send anybody to: people sign in on our own, see Provider.passwordSignIn');
    },
    readCallback: () => NOBODY_COMES_BACK,
    exchange: () => Promise.resolve(NOBODY_COMES_BACK),
    explain: explainFailure,
    refresh: (_client, credential) => logInAgain(settings, credential),
    // Nothing was granted there that could be taken back: what is forgotten here is ended.
    revoke: () => Promise.resolve({ outcome: 'unsupported' }),
  };
}

/** There is nothing to renew: the login is tried once more, and either it holds or the person has to come back. */
async function logInAgain(settings: LogInParts, credential: Credential): Promise<RefreshOutcome> {
  const { login, mailbox } = credential;
  if (login === undefined || mailbox === undefined) return { outcome: 'rejected', operatorHint: 'there is no login for Exchange' };
  const logged = await logIn({ url: new URL(login.ewsUrl), mailbox, login, offersNtlm: login.offersNtlm }, settings);
  if (logged.outcome !== 'ok') return notRefreshed(logged);
  logged.session.close();
  return { outcome: 'refreshed', credential };
}

function notRefreshed(refusal: Refusal): RefreshOutcome {
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
