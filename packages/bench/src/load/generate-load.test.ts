import { describe, expect, it } from 'vitest';
import { type Ask, generateLoad } from './generate-load.ts';
import { bearerRequest } from './requests.ts';
import { listen } from '../../test/support/listen.ts';
import { WrongAnswer } from './wrong-answer.ts';

function askTimes(count: number, check: Ask['check'] = () => undefined): () => Ask | undefined {
  let asked = 0;
  return () => ((asked += 1) > count ? undefined : { bytes: bearerRequest('/', String(asked)), check });
}

describe('the load generator', () => {
  it('asks each question once over as many connections as it is told, and checks every answer', async () => {
    const sockets = new Set<unknown>();
    const port = await listen((request, response) => {
      sockets.add(request.socket);
      response.end(request.headers.authorization);
    });
    const seen: string[] = [];
    const next = askTimes(500, ({ status, body }) => void seen.push(`${status} ${body}`));
    const measured = await generateLoad({ port, connections: 8, next, durationMs: 60_000 });
    expect(sockets.size).toBe(8);
    expect(new Set(seen)).toEqual(new Set(Array.from({ length: 500 }, (_, index) => `200 Bearer ${index + 1}`)));
    expect(seen.length).toBe(500);
    expect(measured.requests).toBe(500);
  });

  it('measures how long answers take', async () => {
    const port = await listen((_request, response) => void setTimeout(() => response.end('late'), 50));
    const measured = await generateLoad({ port, connections: 2, next: askTimes(6), durationMs: 60_000 });
    expect(measured.p50Ms).toBeGreaterThan(45);
    expect(measured.perSecond).toBeLessThan(45);
  });

  it('counts nothing of the ramp, and checks it all the same', async () => {
    let asked = 0;
    const port = await listen((_request, response) => void setTimeout(() => response.end('late'), (asked += 1) < 4 ? 60 : 0));
    let checked = 0;
    const next = askTimes(1000, () => void (checked += 1));
    const measured = await generateLoad({ port, connections: 1, next, rampMs: 150, durationMs: 60 });
    expect(checked - measured.requests).toBeGreaterThanOrEqual(3);
    expect(measured.requests).toBeGreaterThan(0);
    expect(measured.p50Ms).toBeLessThan(55);
  });

  it('is an error where everything was asked before the ramp was over', async () => {
    const port = await listen((_request, response) => response.end('early'));
    const load = { port, connections: 1, next: askTimes(3), rampMs: 10_000, durationMs: 60 };
    await expect(generateLoad(load)).rejects.toThrow('nothing left to ask');
  });

  it('begins nothing after its time', async () => {
    const port = await listen((_request, response) => void setTimeout(() => response.end('late'), 40));
    const measured = await generateLoad({ port, connections: 1, next: askTimes(1000), durationMs: 100 });
    expect(measured.requests).toBeLessThan(4);
  });

  it('ends at the first wrong answer, and where a connection breaks', async () => {
    const port = await listen((_request, response) => response.end('wrong'));
    const wrong = askTimes(10, () => {
      throw new WrongAnswer('not what was asked for');
    });
    await expect(generateLoad({ port, connections: 2, next: wrong, durationMs: 60_000 })).rejects.toThrow('not what was asked for');
    const broken = await listen((request) => request.socket.destroy());
    await expect(generateLoad({ port: broken, connections: 2, next: askTimes(10), durationMs: 60_000 })).rejects.toBeInstanceOf(
      WrongAnswer,
    );
  });
});
