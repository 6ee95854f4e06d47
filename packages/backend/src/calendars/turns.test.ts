import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createTurns } from './turns.ts';

describe('turns', () => {
  it('do what is about the same thing one after another, and the rest side by side', async () => {
    const turns = createTurns(1000);
    const told: string[] = [];
    const work = (name: string, ms: number) => async (): Promise<void> => {
      told.push(`${name} begins`);
      await pause(ms);
      told.push(`${name} ends`);
    };
    await Promise.all([turns.take('a', work('first', 30)), turns.take('a', work('second', 1)), turns.take('b', work('other', 1))]);
    expect(told.filter((each) => !each.startsWith('other'))).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
    expect(told.indexOf('other ends')).toBeLessThan(told.indexOf('first ends'));
  });

  it('go on after one that failed, which hears of it itself', async () => {
    const turns = createTurns(1000);
    const failed = turns.take('a', () => Promise.reject(new Error('no')));
    const next = turns.take('a', async () => 'yes');
    await expect(failed).rejects.toThrow('no');
    expect(await next).toEqual({ done: 'yes' });
  });

  it('are not waited for longer than is said, and then nothing is done', async () => {
    const turns = createTurns(20);
    let isDone = false;
    const long = turns.take('a', () => pause(80));
    expect(await turns.take('a', async () => (isDone = true))).toBeUndefined();
    await long;
    await pause(10);
    expect(isDone).toBe(false);
    expect(await turns.take('a', async () => 'later')).toEqual({ done: 'later' });
  });
});
