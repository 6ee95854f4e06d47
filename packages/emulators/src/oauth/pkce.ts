import { createHash } from 'node:crypto';

/** The transformations Google takes. @see [RFC 7636 §4.2](https://www.rfc-editor.org/rfc/rfc7636#section-4.2) */
export const CHALLENGE_METHODS = ['S256', 'plain'] as const;

/** One of {@link CHALLENGE_METHODS}. */
export type ChallengeMethod = (typeof CHALLENGE_METHODS)[number];

/** What the authorization request bound its code to. */
export interface CodeChallenge {
  readonly value: string;
  readonly method: ChallengeMethod;
}

/** Says whether this is the name of a transformation that Google takes. */
export function isChallengeMethod(name: string): name is ChallengeMethod {
  return (CHALLENGE_METHODS as readonly string[]).includes(name);
}

/** Says whether a verifier belongs to the challenge. */
export function verifierMatches(verifier: string, challenge: CodeChallenge): boolean {
  const derived = challenge.method === 'plain' ? verifier : createHash('sha256').update(verifier).digest('base64url');
  return derived === challenge.value;
}
