import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parserOf, toPostgresValues, unescapeText } from './postgres-values.ts';

describe('a text in PostgreSQL', () => {
  const texts = fc.string({ unit: fc.constantFrom('\0', '\uE000', '0', '1', 'a', '🗓️') });
  const stored = (text: string): unknown => toPostgresValues([text])[0];

  it('holds what PostgreSQL refuses, and comes back as it was', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(String(stored(text))).not.toContain('\0');
        expect(unescapeText(String(stored(text)))).toBe(text);
      }),
    );
  });

  it('equals another in the database exactly where the two are equal', () => {
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        expect(stored(one) === stored(other)).toBe(one === other);
      }),
    );
  });
});

describe('values', () => {
  it('come back as SQLite would give them', () => {
    expect([parserOf(20)?.('1762074000000'), parserOf(1700)?.('12'), parserOf(25)?.('x')]).toEqual([1_762_074_000_000, 12, 'x']);
    expect(toPostgresValues([true, false, null, 1.5, 7n])).toEqual([1, 0, null, 1.5, 7n]);
  });

  it.each([
    [undefined, 'of type undefined'],
    [new Date(0), 'a Date (times are numbers of milliseconds)'],
    [Number.NaN, 'a number that is not finite'],
    [{ secret: 'x' }, 'of type object'],
  ])('that no column can hold are refused by place and type: %s', (value, what) => {
    const message = `Parameter 2 is ${what}, which no column can hold.`;
    expect(() => toPostgresValues(['x', value])).toThrow(expect.objectContaining({ code: 'unsupported_value', message }));
  });
});
