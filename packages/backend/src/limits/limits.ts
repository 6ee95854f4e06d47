import { type AuthenticationLimits, createAuthenticationLimits } from './authentication-limits.ts';
import { RateLimited } from './rate-limited.ts';
import { type Buckets, createBuckets, type Rate } from './token-bucket.ts';

/** Sessions that pages make, per application and address: a whole office connects behind one address. */
const SESSIONS: Rate = { burst: 120, perMinute: 120 };
/** Codes that pages bring and that are wrong, per address. */
const WRONG_CODES: Rate = { burst: 60, perMinute: 60 };
/** Organisations looked up at a provider because somebody typed an address, per address of the client. */
const LOOKUPS: Rate = { burst: 20, perMinute: 20 };
/** Codes mailed to prove an address: ten an hour for one person, whatever addresses they type. */
const ADDRESS_CODES_OF_SESSION: Rate = { burst: 10, perMinute: 10 / 60 };
/** Per address of the client, behind which a whole office may be. */
const ADDRESS_CODES_OF_CLIENT: Rate = { burst: 30, perMinute: 1 };
/** Per application: its name stands in the mails, and the mail server's good name pays for what is sent in vain. */
const ADDRESS_CODES_OF_APPLICATION: Rate = { burst: 300, perMinute: 10 };
const MAX_KEYS = 10_000;

/** The limits of one process. */
export interface Limits {
  readonly authentication: AuthenticationLimits;
  /** The same for keys of the admin API, so that a partner with a wrong secret keeps no operator out. */
  readonly adminKeys: AuthenticationLimits;
  /** Counts a session that a page makes. @throws RateLimited where there were too many */
  countSession(applicationId: string, address: string | undefined): void;
  /** Counts a wrong code. The right one is always taken. @throws RateLimited where there were too many */
  countWrongCode(address: string | undefined): void;
  /** Counts an organisation that is looked up for somebody. @throws RateLimited where there were too many */
  countLookup(address: string | undefined): void;
  /** Counts a code that is to be mailed to prove an address. @throws RateLimited where there were too many: then it counts for nobody */
  countAddressCode(asker: AddressCodeAsker): void;
}

/** Who wants a code mailed. How many one mailbox gets is counted in the database. */
export interface AddressCodeAsker {
  readonly sessionId: string;
  readonly applicationId: string;
  /** `undefined` where the runtime does not say who connected. */
  readonly address: string | undefined;
}

/** Makes the limits of one process; all of them are forgotten when it ends. */
export function createLimits(now: () => number): Limits {
  const sessions = createBuckets(SESSIONS, MAX_KEYS, now);
  const wrongCodes = createBuckets(WRONG_CODES, MAX_KEYS, now);
  const lookups = createBuckets(LOOKUPS, MAX_KEYS, now);
  return {
    authentication: createAuthenticationLimits(now),
    adminKeys: createAuthenticationLimits(now),
    countSession: (applicationId, address) => {
      if (address !== undefined) count(sessions, `${applicationId} ${address}`);
    },
    countWrongCode: (address) => {
      if (address !== undefined) count(wrongCodes, address);
    },
    countLookup: (address) => {
      if (address !== undefined) count(lookups, address);
    },
    countAddressCode: createAddressCodeLimit(now),
  };
}

function createAddressCodeLimit(now: () => number): Limits['countAddressCode'] {
  const ofSession = createBuckets(ADDRESS_CODES_OF_SESSION, MAX_KEYS, now);
  const ofClient = createBuckets(ADDRESS_CODES_OF_CLIENT, MAX_KEYS, now);
  const ofApplication = createBuckets(ADDRESS_CODES_OF_APPLICATION, MAX_KEYS, now);
  return ({ sessionId, applicationId, address }) => {
    const counted: readonly (readonly [Buckets, string])[] = [
      [ofSession, sessionId],
      [ofApplication, applicationId],
      ...(address === undefined ? [] : [[ofClient, address] as const]),
    ];
    const waitMs = Math.max(...counted.map(([buckets, key]) => buckets.waitMs(key)));
    if (waitMs > 0) throw new RateLimited(waitMs);
    for (const [buckets, key] of counted) buckets.take(key);
  };
}

function count(buckets: Buckets, key: string): void {
  const waitMs = buckets.waitMs(key);
  if (waitMs > 0) throw new RateLimited(waitMs);
  buckets.take(key);
}
