import { describe, expect, it } from 'vitest';
import { refusal } from '../ews/caller.ts';
import { isFromExchange, troubleOfRefusal } from './server-trouble.ts';

describe('a server that may have moved', () => {
  it.each([
    [{ outcome: 'unreachable', reason: 'ENOTFOUND' }, 'gone'],
    [{ outcome: 'unreachable', reason: 'ECONNREFUSED' }, 'passing'],
    [{ outcome: 'unreachable', reason: 'proxy_failed STATUS_502' }, 'passing'],
    // The backend's own way out is at fault: nothing is known of the server.
    [{ outcome: 'unreachable', reason: 'proxy_failed ECONNREFUSED' }, undefined],
    [{ outcome: 'not_exchange', status: 404 }, 'gone'],
    [{ outcome: 'not_exchange', status: 410 }, 'gone'],
    // Updates that go on, or went wrong.
    [{ outcome: 'not_exchange', status: 200 }, 'passing'],
    [{ outcome: 'not_exchange', status: 302 }, 'passing'],
    [{ outcome: 'not_exchange', status: 500 }, 'passing'],
    [{ outcome: 'not_exchange', status: 403 }, 'passing'],
    [{ outcome: 'certificate_untrusted', why: 'wrong_name' }, 'passing'],
    [{ outcome: 'not_allowed', code: 'ErrorNonExistentMailbox' }, 'gone'],
    [{ outcome: 'not_allowed', code: undefined }, undefined],
    [{ outcome: 'throttled', retryAfterMs: undefined, code: 'ErrorMailboxMoveInProgress' }, 'passing'],
    [{ outcome: 'throttled', retryAfterMs: 1000, code: 'ErrorServerBusy' }, undefined],
    [{ outcome: 'wrong_password' }, undefined],
  ] as const)('is told from one in other trouble: %j', (refusal, trouble) => {
    expect(troubleOfRefusal(refusal)).toBe(trouble);
  });

  it('has answered where Exchange says something, and not where a web server does', () => {
    const answers = [
      { refused: false, messages: [] } as const,
      refusal({ status: 500, code: 'ErrorServerBusy' }),
      refusal({ status: 500 }),
    ];
    expect(answers.map(isFromExchange)).toEqual([true, true, false]);
  });
});
