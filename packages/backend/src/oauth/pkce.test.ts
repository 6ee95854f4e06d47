import { expect, test } from 'vitest';
import { challengeOf, isCodeVerifier, isS256Challenge } from './pkce.ts';

test('derives the challenge of RFC 7636 appendix B', () => {
  expect(challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
});

test.each(['', 'a'.repeat(42), 'a'.repeat(44), `${'a'.repeat(42)}=`, `${'a'.repeat(42)}+`, `${'a'.repeat(43)}\n`])(
  'refuses %j as a challenge (security C03)',
  (value) => {
    expect(isS256Challenge(value)).toBe(false);
  },
);

test.each(['', 'a'.repeat(42), 'a'.repeat(129), `${'a'.repeat(42)} `, `${'a'.repeat(42)}ä`, `${'a'.repeat(43)}\n`])(
  'refuses %j as a verifier (security C04)',
  (value) => {
    expect(isCodeVerifier(value)).toBe(false);
  },
);

test('accepts verifiers of 43 and of 128 unreserved characters', () => {
  expect(isCodeVerifier('a'.repeat(43))).toBe(true);
  expect(isCodeVerifier('~._-'.repeat(32))).toBe(true);
});
