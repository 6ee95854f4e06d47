import { describe, expect, it } from 'vitest';
import { createLoginGate, type LoginGate } from './login-gate.ts';
import type { SessionAnswer } from './session.ts';

const ACCOUNT = { url: new URL('https://mail.corp.example/EWS/Exchange.asmx'), login: { userName: 'CORP\\ann', password: 'old' } };
const OTHER = { ...ACCOUNT, login: { ...ACCOUNT.login, password: 'new' } };
const REFUSED: SessionAnswer = { outcome: 'wrong_password' };
const LOST = { outcome: 'unreachable', reason: 'ECONNRESET' } as const;
const MINUTE = 60_000;

/** A gate with a clock, and the number of times that it let a login through. */
function gateAt() {
  let nowMs = 0;
  let sent = 0;
  const gate = createLoginGate(() => nowMs);
  return {
    gate,
    pass: (ms: number) => void (nowMs += ms),
    sent: () => sent,
    call: (answer: SessionAnswer, account = ACCOUNT) => gate.first(account, () => (sent++, Promise.resolve(answer))),
    again: (outcome: { readonly outcome: string }, isSent = true): ReturnType<LoginGate['again']> =>
      gate.again(ACCOUNT, (attempt) => {
        sent += isSent ? 1 : 0;
        if (isSent) attempt.noteSent();
        return Promise.resolve(outcome);
      }),
  };
}

const answered = (): SessionAnswer => ({ outcome: 'answered', response: new Response() });

describe('a login that was refused', () => {
  it('is sent by no further call, however late; another password is', async () => {
    const { call, pass, sent } = gateAt();
    expect(await call(REFUSED)).toEqual(REFUSED);
    pass(60 * MINUTE);
    expect([await call(answered()), sent()]).toEqual([REFUSED, 1]);
    expect(await call(answered(), OTHER)).toMatchObject({ outcome: 'answered' });
  });

  it('is sent once more to see whether it is wrong, and then once in ten minutes, as long as nothing comes back', async () => {
    const { call, again, pass, sent } = gateAt();
    await call(REFUSED);
    expect(await again(LOST)).toEqual(LOST);
    pass(9 * MINUTE);
    expect([await again(LOST), sent()]).toEqual([{ outcome: 'throttled', retryAfterMs: MINUTE }, 2]);
    pass(MINUTE);
    expect([await again({ outcome: 'wrong_password' }), sent()]).toEqual([{ outcome: 'wrong_password' }, 3]);
    expect(await again({ outcome: 'ok' })).toMatchObject({ outcome: 'throttled' });
  });

  it('waits for nothing where no login was sent: the server was not there', async () => {
    const { call, again, sent } = gateAt();
    await call(REFUSED);
    for (let n = 0; n < 3; n += 1) expect(await again(LOST, false)).toEqual(LOST);
    expect([await again({ outcome: 'ok' }), sent()]).toEqual([{ outcome: 'ok' }, 2]);
  });

  it.each(['ok', 'not_allowed'])('is sent by every call from then on, where it comes to %s', async (outcome) => {
    const { call, again } = gateAt();
    await call(REFUSED);
    await again({ outcome });
    expect(await call(answered())).toMatchObject({ outcome: 'answered' });
  });

  it('stays let in where it was accepted while somebody looked whether it is, and sent nothing', async () => {
    const { gate, call } = gateAt();
    await call(REFUSED);
    await gate.again(ACCOUNT, () => {
      gate.accept(ACCOUNT);
      return Promise.resolve(LOST);
    });
    expect(await call(answered())).toMatchObject({ outcome: 'answered' });
  });

  it('is sent again after the person has signed in with it', async () => {
    const { gate, call } = gateAt();
    await call(REFUSED);
    gate.accept({ ...ACCOUNT, login: { ...ACCOUNT.login, userName: ' CORP\\ann ' } });
    expect(await call(answered())).toMatchObject({ outcome: 'answered' });
  });
});

it('holds up no login that was never refused', async () => {
  const { call, again } = gateAt();
  for (const outcome of [LOST, answered(), LOST]) expect(await call(outcome)).toEqual(outcome);
  for (const outcome of [LOST, LOST, { outcome: 'ok' }]) expect(await again(outcome)).toEqual(outcome);
});
