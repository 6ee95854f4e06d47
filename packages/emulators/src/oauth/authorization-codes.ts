import { randomBytes } from 'node:crypto';
import { keepNewest } from '../keep-newest.ts';
import type { CodeChallenge } from './pkce.ts';

const CODES_KEPT = 10_000;

/** What a code of a conferencing service stands for. */
export interface CodeContents {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly challenge: CodeChallenge | undefined;
  readonly email: string;
  readonly scopes: readonly string[];
}

/** Authorization codes. */
export interface AuthorizationCodes {
  readonly issue: (contents: CodeContents) => string;
  /** Takes a code out of the world: what it stands for, or `undefined` if it is unknown, spent or too old. */
  readonly take: (code: string) => CodeContents | undefined;
  readonly dropAllOf: (email: string) => void;
}

/** Creates the register of codes. Each works once; an attempt that fails spends it too. */
export function createAuthorizationCodes(now: () => number, lifetimeSeconds: number): AuthorizationCodes {
  const codes = new Map<string, { contents: CodeContents; endsMs: number }>();
  return {
    issue: (contents) => {
      const code = randomBytes(32).toString('base64url');
      codes.set(code, { contents, endsMs: now() + lifetimeSeconds * 1000 });
      keepNewest(codes, CODES_KEPT);
      return code;
    },
    take: (code) => {
      const found = codes.get(code);
      codes.delete(code);
      return found !== undefined && now() < found.endsMs ? found.contents : undefined;
    },
    dropAllOf: (email) => {
      for (const [code, { contents }] of codes) if (contents.email === email) codes.delete(code);
    },
  };
}
