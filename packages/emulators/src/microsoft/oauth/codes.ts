import { randomBytes, randomUUID } from 'node:crypto';
import { keepNewest } from '../../keep-newest.ts';
import type { CodeChallenge } from '../../oauth/pkce.ts';

/** "Typically, they expire after about 10 minutes." */
const CODE_LIFETIME_MS = 600_000;
const CODES_KEPT = 10_000;

/** What a code stands for. */
export interface CodeContents {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly challenge: CodeChallenge | undefined;
  readonly email: string;
  /** The organisation that issued it. */
  readonly tenantId: string;
  /** The address it was asked at, where alone it can be redeemed. */
  readonly authorityKey: string;
  /** In full spelling. */
  readonly scopes: readonly string[];
  readonly asUrls: boolean;
  readonly nonce: string | undefined;
}

/** A code as the register has it. */
export interface FoundCode {
  readonly contents: CodeContents;
  readonly state: 'live' | 'redeemed' | 'expired';
}

/** Authorization codes. */
export interface Codes {
  readonly issue: (contents: CodeContents, isPersonal: boolean) => string;
  readonly find: (code: string) => FoundCode | undefined;
  /** Notes that a code was exchanged; it stays known as redeemed. */
  readonly redeem: (code: string) => void;
}

/** Creates the register of authorization codes. Whether a failed exchange spends a code is not known; here it does not. */
export function createCodes(now: () => number): Codes {
  const codes = new Map<string, { contents: CodeContents; issuedMs: number; redeemed: boolean }>();
  return {
    issue: (contents, isPersonal) => {
      const code = codeText(isPersonal);
      codes.set(code, { contents, issuedMs: now(), redeemed: false });
      keepNewest(codes, CODES_KEPT);
      return code;
    },
    find: (code) => {
      const found = codes.get(code);
      if (found === undefined) return undefined;
      const live = now() < found.issuedMs + CODE_LIFETIME_MS ? 'live' : 'expired';
      return { contents: found.contents, state: found.redeemed ? 'redeemed' : live };
    },
    redeem: (code) => {
      const found = codes.get(code);
      if (found !== undefined) found.redeemed = true;
    },
  };
}

function codeText(isPersonal: boolean): string {
  return isPersonal ? `M.C532_BAY.2.U.${randomUUID()}` : `1.AXoA${randomBytes(360).toString('base64url')}`;
}
