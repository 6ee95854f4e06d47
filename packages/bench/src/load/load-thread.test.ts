import type { RequestListener } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { supplyOf } from './asks.ts';
import type { Order } from './load-thread-program.ts';
import { type LoadThread, startLoadThread } from './load-thread.ts';
import { listen } from '../../test/support/listen.ts';
import { WrongAnswer } from './wrong-answer.ts';

const client = { clientId: 'app', clientSecret: 'secret', redirectUri: 'https://app.example/', codeVerifier: 'v', codeChallenge: 'c' };

let thread: LoadThread;
beforeEach(async () => {
  thread = await startLoadThread();
});
afterEach(async () => {
  await thread.stop();
});

async function exchangeOf(codes: readonly string[], listener: RequestListener): Promise<Order> {
  const port = await listen(listener);
  const supply = { ...supplyOf([]), codes: [...codes] };
  return { operation: 'exchange', path: '/token', client, supply, port, connections: 2, durationMs: 60_000 };
}

const readCode = async (request: AsyncIterable<Buffer>): Promise<string> => {
  let body = '';
  for await (const chunk of request) body += chunk.toString();
  return new URLSearchParams(body).get('code') ?? '';
};

const answerTokens: RequestListener = (request, response) => {
  void readCode(request).then((code) => {
    const token = (kind: string): string => `${kind}-${code}`.padEnd(40, '.');
    response.end(JSON.stringify({ token_type: 'bearer', expires_in: 60, access_token: token('access'), refresh_token: token('refresh') }));
  });
};

describe('the thread that asks', () => {
  it('gives back what is left of the supply and what it was answered, one order after the other', async () => {
    const order = await exchangeOf(['one', 'two', 'three'], answerTokens);
    const { measured, supply } = await thread.carryOut(order);
    expect(measured.requests).toBe(3);
    expect(supply.codes).toEqual([]);
    expect(supply.justIssued.map((token) => token.replaceAll('.', '')).toSorted()).toEqual([
      'access-one',
      'access-three',
      'access-two',
      'refresh-one',
      'refresh-three',
      'refresh-two',
    ]);
    const again = await thread.carryOut({ ...order, supply: { ...supply, codes: ['four'], justIssued: [] } });
    expect([again.measured.requests, again.supply.justIssued.length]).toEqual([1, 2]);
  });

  it('passes on a wrong answer, and can be asked again', async () => {
    const order = await exchangeOf(['one'], (_request, response) => response.writeHead(503).end('closed'));
    const wrong = await thread.carryOut(order).catch((error: unknown) => error);
    expect(wrong).toBeInstanceOf(WrongAnswer);
    expect(String(wrong)).toContain('received 503 closed');
    await expect(thread.carryOut({ ...order, supply: supplyOf([]) })).rejects.toThrow('nothing left to ask');
  });

  it('remembers from order to order who a token stands for', async () => {
    const port = await listen((request, response) => response.end(JSON.stringify({ sub: request.url?.slice(1) })));
    const supply = supplyOf([{ access: 'access', refresh: 'refresh' }]);
    const order: Order = { operation: 'userinfo', path: '/first', client, supply, port, connections: 1, durationMs: 50 };
    const first = await thread.carryOut(order);
    await expect(thread.carryOut({ ...order, supply: first.supply })).resolves.toBeDefined();
    const other = { ...order, path: '/second', supply: first.supply };
    await expect(thread.carryOut(other)).rejects.toThrow('one token stands for two people');
  });

  it('is an error where it ends meanwhile, and from then on', async () => {
    const order = await exchangeOf(['one'], () => void thread.stop());
    await expect(thread.carryOut(order)).rejects.toThrow('the thread that asks has ended');
    await expect(thread.carryOut(order)).rejects.toThrow('the thread that asks has ended');
  });
});
