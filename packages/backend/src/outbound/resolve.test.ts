import { describe, expect, it } from 'vitest';
import { createResolver } from './resolve.ts';

const PATIENT = new AbortController().signal;

describe('the resolver', () => {
  it('asks the system, hosts file and all', async () => {
    const addresses = await createResolver()('localhost', PATIENT);
    expect(addresses.length).toBeGreaterThan(0);
    for (const address of addresses) expect(['127.0.0.1', '::1']).toContain(address);
  });

  it('asks two names at a time, so that slow name servers leave threads to everybody else (N06)', async () => {
    const asked: string[] = [];
    const answers: (() => void)[] = [];
    const resolve = createResolver(async (name) => {
      asked.push(name);
      await new Promise<void>((answer) => answers.push(answer));
      if (name === 'b') throw new Error('not found');
      return [{ address: '192.0.2.1' }];
    });
    const names = ['a', 'b', 'c', 'd'].map((name) => resolve(name, PATIENT).catch(() => 'failed'));
    await new Promise(setImmediate);
    expect(asked).toEqual(['a', 'b']);
    for (const answer of answers.splice(0)) answer();
    await new Promise(setImmediate);
    expect(asked).toEqual(['a', 'b', 'c', 'd']);
    for (const answer of answers) answer();
    expect(await Promise.all(names)).toEqual([['192.0.2.1'], 'failed', ['192.0.2.1'], ['192.0.2.1']]);
    const after = resolve('e', PATIENT);
    answers.at(-1)?.();
    await after;
    expect(asked.at(-1)).toBe('e');
  });

  it('does not ask for whom nobody waits any more', async () => {
    const asked: string[] = [];
    const resolve = createResolver((name) => {
      asked.push(name);
      return Promise.resolve([]);
    });
    await expect(resolve('a', AbortSignal.abort())).rejects.toThrow();
    await resolve('b', PATIENT);
    expect(asked).toEqual(['b']);
  });
});
