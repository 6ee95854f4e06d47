import { type AuthenticationLimits, createAuthenticationLimits } from './authentication-limits.ts';
import { RateLimited } from './rate-limited.ts';
import { type Buckets, createBuckets, type Rate } from './token-bucket.ts';

/** Sessions that pages make, per application and address: a whole office connects behind one address. */
const SESSIONS: Rate = { burst: 120, perMinute: 120 };
/** Codes that pages bring and that are wrong, per address. */
const WRONG_CODES: Rate = { burst: 60, perMinute: 60 };
/** Organisations looked up at a provider because somebody typed an address, per address of the client. */
const LOOKUPS: Rate = { burst: 20, perMinute: 20 };
const MAX_KEYS = 10_000;

/** The limits of one process. */
export interface Limits {
  readonly authentication: AuthenticationLimits;
  /** Counts a session that a page makes. @throws RateLimited where there were too many */
  countSession(applicationId: string, address: string | undefined): void;
  /** Counts a wrong code. The right one is always taken. @throws RateLimited where there were too many */
  countWrongCode(address: string | undefined): void;
  /** Counts an organisation that is looked up for somebody. @throws RateLimited where there were too many */
  countLookup(address: string | undefined): void;
}

/** Makes the limits of one process; all of them are forgotten when it ends. */
export function createLimits(now: () => number): Limits {
  const sessions = createBuckets(SESSIONS, MAX_KEYS, now);
  const wrongCodes = createBuckets(WRONG_CODES, MAX_KEYS, now);
  const lookups = createBuckets(LOOKUPS, MAX_KEYS, now);
  return {
    authentication: createAuthenticationLimits(now),
    countSession: (applicationId, address) => {
      if (address !== undefined) count(sessions, `${applicationId} ${address}`);
    },
    countWrongCode: (address) => {
      if (address !== undefined) count(wrongCodes, address);
    },
    countLookup: (address) => {
      if (address !== undefined) count(lookups, address);
    },
  };
}

function count(buckets: Buckets, key: string): void {
  const waitMs = buckets.waitMs(key);
  if (waitMs > 0) throw new RateLimited(waitMs);
  buckets.take(key);
}
