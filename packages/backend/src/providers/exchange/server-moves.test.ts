import { describe, expect, it } from 'vitest';
import { type AccountAtServer } from './log-in/account-limits.ts';
import { createServerMoves, troubleOfRefusal } from './server-moves.ts';

const HOUR_MS = 60 * 60_000;
const NEW = new URL('https://mail2.corp.example/EWS/Exchange.asmx');
const ANN: AccountAtServer = {
  url: new URL('https://mail.corp.example/EWS/Exchange.asmx'),
  login: { userName: 'CORP\\ann', password: 'right' },
};

/** The memory with a clock, and a look that finds what it is told to. */
function movesAt() {
  let nowMs = 0;
  let looks = 0;
  const moves = createServerMoves(() => nowMs);
  return {
    moves,
    pass: (ms: number) => void (nowMs += ms),
    looks: () => looks,
    look: (finds: URL | undefined) => moves.look(ANN, () => (looks++, Promise.resolve(finds))),
  };
}

describe('a server that may have moved', () => {
  it('is looked for once an hour, and once for all calls that come together', async () => {
    const { look, looks, pass } = movesAt();
    expect(await Promise.all([look(undefined), look(NEW)])).toEqual([undefined, undefined]);
    pass(HOUR_MS - 1);
    expect([await look(NEW), looks()]).toEqual([undefined, 1]);
    pass(1);
    expect([await look(NEW), looks()]).toEqual([NEW, 2]);
  });

  it('is where it was found for an hour, unless it answers again where it was', async () => {
    const { moves, look, looks, pass } = movesAt();
    await look(NEW);
    expect([moves.found(ANN), await look(undefined), looks()]).toEqual([NEW, NEW, 1]);
    pass(HOUR_MS);
    expect(moves.found(ANN)).toBeUndefined();
    await look(NEW);
    moves.heard(ANN, undefined);
    expect([moves.found(ANN), await look(NEW)]).toEqual([undefined, undefined]);
  });

  it('is not gone to again, nor looked for, once it has refused the login', async () => {
    const { moves, look, looks, pass } = movesAt();
    await look(NEW);
    moves.refused(ANN);
    expect(moves.found(ANN)).toBeUndefined();
    pass(24 * HOUR_MS);
    expect([await look(NEW), looks()]).toEqual([undefined, 1]);
  });

  it('is gone for good after six hours, where nothing was heard of it in between', () => {
    const { moves, pass } = movesAt();
    moves.heard(ANN, 'passing');
    pass(24 * HOUR_MS);
    expect(moves.isLasting(ANN)).toBe(false);
    moves.heard(ANN, 'gone');
    pass(6 * HOUR_MS - 1);
    moves.heard(ANN, 'gone');
    expect(moves.isLasting(ANN)).toBe(false);
    pass(1);
    expect(moves.isLasting(ANN)).toBe(true);
    moves.heard(ANN, undefined);
    moves.heard(ANN, 'gone');
    expect(moves.isLasting(ANN)).toBe(false);
  });

  it.each([
    [{ outcome: 'unreachable', reason: 'ENOTFOUND' }, 'gone'],
    [{ outcome: 'unreachable', reason: 'ECONNREFUSED' }, 'passing'],
    [{ outcome: 'unreachable', reason: 'proxy_failed STATUS_502' }, 'passing'],
    // The backend's own way out is at fault: nothing is known of the server.
    [{ outcome: 'unreachable', reason: 'proxy_failed ECONNREFUSED' }, undefined],
    [{ outcome: 'not_exchange', status: 200 }, 'gone'],
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
});
