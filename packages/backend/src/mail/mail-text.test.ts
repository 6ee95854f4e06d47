import { describe, expect, it } from 'vitest';
import { oneLine, plainLines, webAddress } from './mail-text.ts';

describe('a text from outside', () => {
  it('as one line has no line break, nothing unprintable and nothing that turns it around', () => {
    expect(oneLine(' a\r\nb\u0000c\u2028d\u0085e\u202ef\u2066g\u2069\ud83d ')).toBe('a b c d efg\ufffd');
  });

  it('keeps what its own script needs: joiners, and marks of direction for its own words', () => {
    for (const text of ['👩‍👩‍👧', 'می‌خواهم', 'שלום\u200f']) expect(oneLine(text)).toBe(text);
  });

  it('as lines keeps its lines, however they end, and one empty one between', () => {
    expect(plainLines('a\r\nb\rc\n\n\n\nd\u2028e\u0007f\n')).toBe('a\nb\nc\n\nd\ne f');
  });
});

describe('an address of the web', () => {
  it.each([
    ['https://acme.example/a b?c="d"', 'https://acme.example/a%20b?c=%22d%22'],
    ['HTTP://Bücher.example', 'http://xn--bcher-kva.example/'],
    ['https://acme.example/\r\nX:Y', 'https://acme.example/X:Y'],
  ])('is %j, written %s', (text, address) => expect(webAddress(text)).toBe(address));

  it.each(['javascript:alert(1)', 'data:text/html,x', 'tel:+49', 'acme.example', '', 'Room 5'])('is not %j', (text) =>
    expect(webAddress(text)).toBeUndefined(),
  );
});
