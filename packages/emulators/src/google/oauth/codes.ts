import { randomBytes } from 'node:crypto';
import { keepNewest } from '../../keep-newest.ts';
import type { CodeChallenge } from '../../oauth/pkce.ts';

/** How long a code lives. Google states no number; ten minutes is RFC 6749's upper recommendation (§4.1.2). */
const CODE_LIFETIME_MS = 600_000;
const CODES_KEPT = 10_000;

/** What a code stands for. */
export interface CodeContents {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly challenge: CodeChallenge | undefined;
  readonly sub: string;
  readonly scopes: readonly string[];
  readonly offline: boolean;
  readonly withRefreshToken: boolean;
  readonly nonce: string | undefined;
}

/** Authorization codes. */
export interface Codes {
  readonly issue: (contents: CodeContents) => string;
  /** Takes a code out of the world: what it stands for, or `undefined` if it is unknown, spent or too old. */
  readonly take: (code: string) => CodeContents | undefined;
  readonly dropAllOf: (sub: string) => void;
}

/** Creates the register of authorization codes. Each works once; an attempt that fails spends it too (unverified at Google). */
export function createCodes(now: () => number): Codes {
  const codes = new Map<string, { contents: CodeContents; issuedMs: number }>();
  return {
    issue: (contents) => {
      const code = `4/0A${randomBytes(52).toString('base64url')}`;
      codes.set(code, { contents, issuedMs: now() });
      keepNewest(codes, CODES_KEPT);
      return code;
    },
    take: (code) => {
      const found = codes.get(code);
      codes.delete(code);
      return found !== undefined && now() < found.issuedMs + CODE_LIFETIME_MS ? found.contents : undefined;
    },
    dropAllOf: (sub) => {
      for (const [code, { contents }] of codes) if (contents.sub === sub) codes.delete(code);
    },
  };
}
