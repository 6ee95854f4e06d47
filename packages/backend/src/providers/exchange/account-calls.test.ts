import { describe, expect, it } from 'vitest';
import { listCalendars } from '../ews/folders.ts';
import { element } from '../ews/write-xml.ts';
import { createAccountCall } from './account-calls.ts';
import { loginOf } from './exchange-people.contract.ts';
import { type AccountLimits, createAccountLimits } from './log-in/account-limits.ts';
import type { SessionAnswer } from './log-in/session.ts';
import { ewsMessage } from './scripted-exchange.contract.ts';
import { createServerMoves } from './server-moves.ts';

const HOUR_MS = 60 * 60_000;
const ANN = loginOf('ann@corp.example', 'CORP\\ann', 'right');
const NOT_THERE: SessionAnswer = { outcome: 'unreachable', reason: 'ENOTFOUND' };
const LOST: SessionAnswer = { outcome: 'unreachable', reason: 'ECONNRESET' };

/** Calls whose requests are answered as said, the last answer again and again, and what looks for the server with a clock. */
function callsAt(script: readonly SessionAnswer[], limits?: AccountLimits) {
  let nowMs = 0;
  let sent = 0;
  let looks = 0;
  let lookFails = false;
  let answers = script;
  const now = () => nowMs;
  const send = (): Promise<SessionAnswer> => {
    sent += 1;
    return Promise.resolve(answers[Math.min(sent, answers.length) - 1] ?? NOT_THERE);
  };
  const call = createAccountCall({
    openAccount: () => ({ send, close: () => undefined }),
    now,
    limits: limits ?? createAccountLimits(now),
    moved: {
      moves: createServerMoves(now),
      look: () => {
        looks += 1;
        return lookFails ? Promise.reject(new TypeError('a surprise')) : Promise.resolve(undefined);
      },
    },
  });
  return {
    list: () => call(ANN, listCalendars),
    askInVain: () => call(ANN, async (caller) => (await caller.ask(element('m:GetFolder', {})), { outcome: 'ok' })),
    answerWith: (answer: SessionAnswer) => void (answers = [answer]),
    failLooks: () => void (lookFails = true),
    pass: (ms: number) => void (nowMs += ms),
    sent: () => sent,
    looks: () => looks,
  };
}

function answered(body: string): SessionAnswer {
  return { outcome: 'answered', response: new Response(body) };
}

describe('a call for an account', () => {
  it('has the person told where the server is gone for hours and is found nowhere, and not before', async () => {
    const { list, pass, looks } = callsAt([NOT_THERE]);
    for (let hours = 0; hours < 6; hours += 1) {
      expect(await list()).toMatchObject({ outcome: 'unavailable' });
      pass(HOUR_MS);
    }
    expect(await list()).toEqual({ outcome: 'unauthorized' });
    expect(looks()).toBe(7);
  });

  it.each([
    ['the server is busy', { outcome: 'throttled', retryAfterMs: undefined }],
    ['the own proxy opens no way', { outcome: 'unreachable', reason: 'proxy_failed ECONNREFUSED' }],
    ['the address may not be asked', { outcome: 'address_refused', why: 'address' }],
    ['there is no common TLS', { outcome: 'too_old', reason: 'ERR_SSL_UNSUPPORTED_PROTOCOL' }],
    ['the answer makes no sense', { outcome: 'unexpected', detail: 'too_large' }],
    ['the login is not sent again', { outcome: 'wrong_password' }],
  ] as const)('has not heard of a server that is gone where %s', async (_what, nothing) => {
    const { list, pass, answerWith } = callsAt([]);
    for (let hours = 0; hours < 6; hours += 1) {
      answerWith(NOT_THERE);
      expect(await list()).toMatchObject({ outcome: 'unavailable' });
      answerWith(nothing);
      await list();
      pass(HOUR_MS);
    }
    answerWith(NOT_THERE);
    expect(await list()).toEqual({ outcome: 'unauthorized' });
  });

  it('has heard of it where Exchange itself is busy', async () => {
    const { list, pass, answerWith } = callsAt([]);
    for (let hours = 0; hours < 7; hours += 1) {
      answerWith(NOT_THERE);
      expect(await list()).toMatchObject({ outcome: 'unavailable' });
      answerWith(answered(ewsMessage('Error', 'ErrorServerBusy')));
      await list();
      pass(HOUR_MS);
    }
  });

  it('keeps its answer where the look for the server fails, and the next one looks again', async () => {
    const { list, looks, failLooks } = callsAt([NOT_THERE]);
    failLooks();
    expect(await list()).toMatchObject({ outcome: 'unavailable' });
    expect(await list()).toMatchObject({ outcome: 'unavailable' });
    expect(looks()).toBe(2);
  });

  it('looks for no server where it has what it was for, whatever trouble there was', async () => {
    const { askInVain, looks } = callsAt([NOT_THERE]);
    expect([await askInVain(), looks()]).toEqual([{ outcome: 'ok' }, 0]);
  });

  it('stays what it is in an outage, however long', async () => {
    const { list, pass, looks } = callsAt([LOST]);
    for (let days = 0; days < 3; days += 1) {
      expect(await list()).toMatchObject({ outcome: 'unavailable' });
      pass(24 * HOUR_MS);
    }
    expect(looks()).toBe(3);
  });

  it('does not take a server for another one whose connection broke behind an answer', async () => {
    const folder = '<m:Folders><t:CalendarFolder><t:FolderId Id="calendar-1"/></t:CalendarFolder></m:Folders>';
    const { list, sent, looks } = callsAt([answered(ewsMessage('Success', 'NoError', folder)), LOST]);
    expect(await list()).toMatchObject({ outcome: 'unavailable' });
    expect([sent(), looks()]).toEqual([2, 0]);
  });

  it('sends nothing where no turn of the account came free in time', async () => {
    const limits: AccountLimits = { ...createAccountLimits(), takeTurn: () => Promise.resolve(undefined) };
    const { list, sent, looks } = callsAt([], limits);
    expect(await list()).toMatchObject({ outcome: 'unavailable', operatorHint: expect.stringContaining('too many calls') });
    expect([sent(), looks()]).toEqual([0, 0]);
  });
});
