import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AccountAtServer, createAccountLimits } from './account-limits.ts';

const HOUR_MS = 60 * 60_000;

function accountOf(userName: string, host = 'mail.corp.example', password = 'right'): AccountAtServer {
  return { url: new URL(`https://${host}/EWS/Exchange.asmx`), login: { userName, password } };
}

const ANN = accountOf('CORP\\ann');

describe('a server that wants to be left alone', () => {
  it('is, by the account that it said it to, until the time is over', () => {
    let nowMs = 0;
    const limits = createAccountLimits(() => nowMs);
    expect(limits.restMs(ANN)).toBe(0);
    limits.rest(ANN, 5000);
    nowMs = 4000;
    expect(limits.restMs(accountOf('corp\\Ann ', 'mail.corp.example', 'another'))).toBe(1000);
    expect([limits.restMs(accountOf('CORP\\bob')), limits.restMs(accountOf('CORP\\ann', 'mail.other.example'))]).toEqual([0, 0]);
    nowMs = 5000;
    expect(limits.restMs(ANN)).toBe(0);
  });

  it('gets the longest time that it named, and an hour at most', () => {
    const limits = createAccountLimits(() => 0);
    limits.rest(ANN, 5000);
    limits.rest(ANN, 1000);
    expect(limits.restMs(ANN)).toBe(5000);
    limits.rest(ANN, 1000 * HOUR_MS);
    expect(limits.restMs(ANN)).toBe(HOUR_MS);
  });

  it('is one of ten thousand at most that are remembered', () => {
    const limits = createAccountLimits(() => 0);
    limits.rest(ANN, 5000);
    for (let index = 0; index < 10_000; index += 1) limits.rest(accountOf(`user${index}`), 5000);
    expect([limits.restMs(ANN), limits.restMs(accountOf('user9999'))]).toEqual([0, 5000]);
  });
});

describe('the turns of an account', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('are three at once; the others wait in the order in which they came', async () => {
    const limits = createAccountLimits();
    const came: number[] = [];
    const turns = Array.from({ length: 6 }, (_, index) =>
      limits.takeTurn(ANN, 1000).then((end) => {
        came.push(index);
        return end;
      }),
    );
    await vi.advanceTimersByTimeAsync(0);
    expect(came).toEqual([0, 1, 2]);
    expect(await limits.takeTurn(accountOf('CORP\\bob'), 1000)).toBeTypeOf('function');
    const second = await turns[1];
    second?.();
    // Ending it twice gives nobody a fourth.
    second?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(came).toEqual([0, 1, 2, 3]);
  });

  it('are waited for no longer than the call may take, and then nobody’s', async () => {
    const limits = createAccountLimits();
    const held = await Promise.all([1, 2, 3].map(() => limits.takeTurn(ANN, 1000)));
    const late = limits.takeTurn(ANN, 1000);
    const patient = limits.takeTurn(ANN, 5000);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await late).toBeUndefined();
    for (const end of held) end?.();
    expect(await patient).toBeTypeOf('function');
    expect(await Promise.all([1, 2].map(() => limits.takeTurn(ANN, 0)))).toEqual([expect.any(Function), expect.any(Function)]);
    const none = limits.takeTurn(ANN, 10);
    await vi.advanceTimersByTimeAsync(10);
    expect(await none).toBeUndefined();
  });
});
