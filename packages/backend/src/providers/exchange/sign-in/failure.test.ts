import { describe, expect, it } from 'vitest';
import { explainFailure, failureOf, type RefusalOfServer } from './failure.ts';

const tell = (refusal: RefusalOfServer) => failureOf(refusal, 'mail.corp.example');

describe('what came of a server', () => {
  it.each<[RefusalOfServer, string, string | undefined]>([
    [{ outcome: 'not_exchange', status: 403 }, 'server_access_denied', 'STATUS_403'],
    [{ outcome: 'not_exchange', status: 404 }, 'server_not_exchange', 'STATUS_404'],
    [{ outcome: 'not_allowed', code: undefined }, 'access_switched_off', undefined],
    [{ outcome: 'unreachable', reason: 'ECONNREFUSED' }, 'server_unreachable', 'ECONNREFUSED'],
    [{ outcome: 'unreachable', reason: 'proxy_failed STATUS_502' }, 'server_unreachable', 'proxy_failed_STATUS_502'],
    [{ outcome: 'unreachable', reason: 'proxy_failed STATUS_504' }, 'server_unreachable', 'proxy_failed_STATUS_504'],
    [{ outcome: 'unreachable', reason: 'proxy_failed ECONNREFUSED' }, 'provider_misconfigured', 'proxy_failed_ECONNREFUSED'],
    [{ outcome: 'unreachable', reason: 'proxy_failed STATUS_407' }, 'provider_misconfigured', 'proxy_failed_STATUS_407'],
    [{ outcome: 'unreachable', reason: 'proxy_failed' }, 'provider_misconfigured', 'proxy_failed'],
    [{ outcome: 'unexpected', detail: 'ntlm_unheeded 200' }, 'provider_refused', 'ntlm_unheeded_200'],
  ])('%j is told as %s with %s', (refusal, reason, code) => {
    expect(tell(refusal)).toEqual({ outcome: 'failed', reason, host: 'mail.corp.example', ...(code === undefined ? {} : { code }) });
  });
});

describe('a code', () => {
  it.each(['connection_not_kept', 'ntlm_unheeded_200', 'ntlm_without_challenge', 'ntlm_challenge_invalid_too_short', 'no_usable_scheme'])(
    '%s says what the IT team has to do',
    (code) => expect(explainFailure(code)).toMatch(/Your IT team has to /),
  );

  it.each(['proxy_failed', 'proxy_failed_ECONNREFUSED', 'proxy_failed_STATUS_407'])('%s blames nobody but this service', (code) => {
    expect(explainFailure(code)).toMatch(/its own proxy/);
  });

  it.each(['proxy_failed_STATUS_502', 'ECONNREFUSED', 'STATUS_403', 'ntlm_unheededly', 'constructor', ''])(
    'that says no more than its reason has no sentence: %j',
    (code) => expect(explainFailure(code)).toBeUndefined(),
  );
});
