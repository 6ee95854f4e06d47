import { describe, expect, it } from 'vitest';
import { checkIssued, type Supply } from './asks.ts';
import { WrongAnswer } from './wrong-answer.ts';

const supplyOf = (...justIssued: string[]): Supply => ({ codes: [], tokens: [], issued: new Set(), justIssued, subjects: new Map() });

describe('tokens that came back', () => {
  it('may each be given once', () => {
    const supply = supplyOf('first', 'second');
    checkIssued(supply);
    supply.justIssued.push('third');
    expect(() => checkIssued(supply)).not.toThrow();
    expect([supply.issued.size, supply.justIssued.length]).toEqual([3, 0]);
  });

  it('are wrong answers where one is given twice, in one measurement or in two', () => {
    expect(() => checkIssued(supplyOf('first', 'first'))).toThrow(WrongAnswer);
    const supply = supplyOf('first');
    checkIssued(supply);
    supply.justIssued.push('second', 'first');
    expect(() => checkIssued(supply)).toThrow(WrongAnswer);
  });
});
