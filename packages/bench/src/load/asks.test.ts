import { describe, expect, it } from 'vitest';
import { checkIssued, type Supply, supplyOf } from './asks.ts';
import { WrongAnswer } from './wrong-answer.ts';

const supplyWith = (...justIssued: string[]): Supply => ({ ...supplyOf([]), justIssued });

describe('tokens that came back', () => {
  it('may each be given once', () => {
    const issued = new Set<string>();
    const supply = supplyWith('first', 'second');
    checkIssued(supply, issued);
    supply.justIssued.push('third');
    expect(() => checkIssued(supply, issued)).not.toThrow();
    expect([issued.size, supply.justIssued.length]).toEqual([3, 0]);
  });

  it('are wrong answers where one is given twice, in one measurement or in two', () => {
    expect(() => checkIssued(supplyWith('first', 'first'), new Set())).toThrow(WrongAnswer);
    const issued = new Set<string>();
    checkIssued(supplyWith('first'), issued);
    expect(() => checkIssued(supplyWith('second', 'first'), issued)).toThrow(WrongAnswer);
  });
});
