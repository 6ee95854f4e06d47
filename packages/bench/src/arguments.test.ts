import { describe, expect, it } from 'vitest';
import { readArguments } from './arguments.ts';

describe('arguments', () => {
  it('measures everything in five rounds unless told otherwise', () => {
    expect(readArguments([])).toMatchObject({ command: 'measure', rounds: 5, secondsEach: 3, starts: 11, requests: 100_000 });
    expect(readArguments(['--rounds', '2', '--long', '--only', 'p1,P8'])).toMatchObject({
      rounds: 2,
      requests: 1_000_000,
      only: new Set(['P1', 'P8']),
    });
  });

  it('serves on a port', () => {
    expect(readArguments(['serve', '--port', '8080'])).toEqual({ command: 'serve', port: 8080 });
  });

  it.each([
    [['serve'], '--port: expected a number from 1 to 65535, received ""'],
    [['--rounds', '0'], '--rounds: expected a number from 1 to 100, received "0"'],
    [['--only', 'P9'], '--only: expected some of P1,P2,P3,P4,P5,P6,P7,P8, received "P9"'],
    [['measure'], 'expected nothing or serve, received measure'],
    [['--fast'], "Unknown option '--fast'"],
  ])('refuses %j and says what was expected', (args, sentence) => {
    expect(() => readArguments(args)).toThrow(sentence);
  });
});
