import { type AuthenticationLimits, createAuthenticationLimits } from './authentication-limits.ts';
import { RateLimited } from './rate-limited.ts';
import { type Buckets, createBuckets, type Rate } from './token-bucket.ts';

/** Sessions that pages make, per application and address: a whole office connects behind one address. */
const SESSIONS: Rate = { burst: 120, perMinute: 120 };
/** Codes that pages bring and that are wrong, per address. */
const WRONG_CODES: Rate = { burst: 60, perMinute: 60 };
/** Organisations looked up at a provider because somebody typed an address, per address of the client. */
const LOOKUPS: Rate = { burst: 20, perMinute: 20 };
/** Servers looked for, per mail domain in one application: each look asks up to a dozen addresses of it. A company of hundreds is invited on one day. */
const SERVER_LOOKUPS_OF_DOMAIN: Rate = { burst: 200, perMinute: 40 };
/** Per mail domain in all of them, so that nobody can keep its people from every application by asking in one. */
const SERVER_LOOKUPS_OF_DOMAIN_EVERYWHERE: Rate = { burst: 2000, perMinute: 400 };
/** Per application, whose people are of many companies: a look can be sent to any server, and shall scan no network. */
const SERVER_LOOKUPS_OF_APPLICATION: Rate = { burst: 600, perMinute: 120 };
/** Codes mailed to prove an address, whatever addresses are typed: ten an hour in one session. */
const ADDRESS_CODES_OF_SESSION: Rate = { burst: 10, perMinute: 10 / 60 };
/** Per address of the client, behind which a whole office may be. */
const ADDRESS_CODES_OF_CLIENT: Rate = { burst: 30, perMinute: 1 };
/** Per application: its name stands in the mails, and the mail server's good name pays for what is sent in vain. */
const ADDRESS_CODES_OF_APPLICATION: Rate = { burst: 300, perMinute: 10 };
/** Invitations mailed for one account: some large events, changed a few times, or a day full of small ones. */
const INVITATIONS_OF_ACCOUNT: Rate = { burst: 1000, perMinute: 20 };
/** Per application, which says what stands in them and to whom they go: the mail server's good name pays for them, too. */
const INVITATIONS_OF_APPLICATION: Rate = { burst: 10_000, perMinute: 200 };
/**
 * Passwords tried for one mail address, and with one user name at one server: three at once, then one in ten minutes. Directories lock an account
 * after five to ten wrong ones within half an hour; one try counts for one of them, however many hosts ask for it.
 */
const SIGN_INS_OF_LOGIN: Rate = { burst: 3, perMinute: 0.1 };
/** Per address of the client, behind which a whole office may be. */
const SIGN_INS_OF_CLIENT: Rate = { burst: 30, perMinute: 6 };
/** Per mail domain, whoever asks: a company of hundreds is invited on one day. */
const SIGN_INS_OF_DOMAIN: Rate = { burst: 100, perMinute: 20 };
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
  /**
   * Counts somebody's server that is looked for. For the address of the client it counts as the lookups do that {@link countLookup} counts.
   *
   * @throws RateLimited where there were too many: then it counts for nobody
   */
  countServerLookup(lookup: ServerLookup): void;
  /** Counts a code that is to be mailed to prove an address. @throws RateLimited where there were too many: then it counts for nobody */
  countAddressCode(asker: AddressCodeAsker): void;
  /** Counts the invitations that one event is mailed by, all or none of them. @throws RateLimited where there were too many before */
  countInvitations(inviter: Inviter, invitations: number): void;
  /** Counts a password that is to be tried at somebody's server. @throws RateLimited where there were too many: then it counts for nobody */
  countSignIn(attempt: SignInAttempt): void;
}

/** Somebody's server that is to be looked for. */
export interface ServerLookup {
  readonly applicationId: string;
  /** In small letters; `undefined` where what was typed has none. */
  readonly mailDomain: string | undefined;
  /** `undefined` where the runtime does not say who connected. */
  readonly address: string | undefined;
}

/** A password that is to be tried. */
export interface SignInAttempt {
  /** The mail address, in small letters. */
  readonly login: string;
  /** The user name and where it is tried, in small letters. */
  readonly userAtHost: string;
  readonly mailDomain: string;
  /** `undefined` where the runtime does not say who connected. */
  readonly address: string | undefined;
}

/** For whom people are invited by mail. */
export interface Inviter {
  readonly applicationId: string;
  readonly accountId: string;
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
    countServerLookup: createServerLookupLimit(now, lookups),
    countAddressCode: createAddressCodeLimit(now),
    countInvitations: createInvitationLimit(now),
    countSignIn: createSignInLimit(now),
  };
}

/** An event of many guests is not held up halfway: whoever comes after it waits for longer. */
function createInvitationLimit(now: () => number): Limits['countInvitations'] {
  const ofAccount = createBuckets(INVITATIONS_OF_ACCOUNT, MAX_KEYS, now);
  const ofApplication = createBuckets(INVITATIONS_OF_APPLICATION, MAX_KEYS, now);
  return ({ applicationId, accountId }, invitations) => {
    const counted: Counted = [
      [ofAccount, accountId],
      [ofApplication, applicationId],
    ];
    requireRoom(counted);
    for (const [buckets, key] of counted) for (let n = 0; n < invitations; n += 1) buckets.take(key);
  };
}

/** @param ofClient What the client's other lookups are counted in. */
function createServerLookupLimit(now: () => number, ofClient: Buckets): Limits['countServerLookup'] {
  const ofDomain = createBuckets(SERVER_LOOKUPS_OF_DOMAIN, MAX_KEYS, now);
  const ofDomainEverywhere = createBuckets(SERVER_LOOKUPS_OF_DOMAIN_EVERYWHERE, MAX_KEYS, now);
  const ofApplication = createBuckets(SERVER_LOOKUPS_OF_APPLICATION, MAX_KEYS, now);
  return ({ applicationId, mailDomain, address }) => {
    const counted: Counted = [
      [ofApplication, applicationId],
      ...(mailDomain === undefined
        ? []
        : [[ofDomain, `${applicationId} ${mailDomain}`] as const, [ofDomainEverywhere, mailDomain] as const]),
      ...(address === undefined ? [] : [[ofClient, address] as const]),
    ];
    requireRoom(counted);
    for (const [buckets, key] of counted) buckets.take(key);
  };
}

function createAddressCodeLimit(now: () => number): Limits['countAddressCode'] {
  const ofSession = createBuckets(ADDRESS_CODES_OF_SESSION, MAX_KEYS, now);
  const ofClient = createBuckets(ADDRESS_CODES_OF_CLIENT, MAX_KEYS, now);
  const ofApplication = createBuckets(ADDRESS_CODES_OF_APPLICATION, MAX_KEYS, now);
  return ({ sessionId, applicationId, address }) => {
    const counted: Counted = [
      [ofSession, sessionId],
      [ofApplication, applicationId],
      ...(address === undefined ? [] : [[ofClient, address] as const]),
    ];
    requireRoom(counted);
    for (const [buckets, key] of counted) buckets.take(key);
  };
}

function createSignInLimit(now: () => number): Limits['countSignIn'] {
  const ofLogin = createBuckets(SIGN_INS_OF_LOGIN, MAX_KEYS, now);
  const ofUser = createBuckets(SIGN_INS_OF_LOGIN, MAX_KEYS, now);
  const ofClient = createBuckets(SIGN_INS_OF_CLIENT, MAX_KEYS, now);
  const ofDomain = createBuckets(SIGN_INS_OF_DOMAIN, MAX_KEYS, now);
  return ({ login, userAtHost, mailDomain, address }) => {
    const counted: Counted = [
      [ofLogin, login],
      [ofUser, userAtHost],
      [ofDomain, mailDomain],
      ...(address === undefined ? [] : [[ofClient, address] as const]),
    ];
    requireRoom(counted);
    for (const [buckets, key] of counted) buckets.take(key);
  };
}

type Counted = readonly (readonly [Buckets, string])[];

function requireRoom(counted: Counted): void {
  const waitMs = Math.max(...counted.map(([buckets, key]) => buckets.waitMs(key)));
  if (waitMs > 0) throw new RateLimited(waitMs);
}

function count(buckets: Buckets, key: string): void {
  requireRoom([[buckets, key]]);
  buckets.take(key);
}
