import { expect, it } from 'vitest';
import { isSameText } from './is-same-text.ts';

it.each([
  ['state-1', 'state-1', true],
  ['state-1', 'state-2', false],
  ['state-1', 'state-', false],
  ['state-', 'state-1', false],
  ['aa', 'aaaa', false],
  ['', 'a', false],
  ['a', '', false],
  ['', '', false],
])('compares %j with %j: %s', (expected, given, same) => {
  expect(isSameText(expected, given)).toBe(same);
});
