import { LRUCache } from 'lru-cache';
import { createBuckets, type Rate } from './token-bucket.ts';

/** Wrong secrets from one address, whatever application they are for. A partner with a wrong setting gets this far in a minute of retries. */
const PER_ADDRESS: Rate = { burst: 30, perMinute: 30 };
/** Wrong secrets for one application, from wherever they come. */
const PER_APPLICATION: Rate = { burst: 100, perMinute: 60 };
/** What is remembered of each kind; the least recently seen is forgotten first. About 1 MB each. */
const MAX_KEYS = 10_000;
/** How long an address counts as known after the right secret came from it. */
const KNOWN_FOR_MS = 24 * 3600_000;

/** Somebody who shows a secret. */
export interface SecretAttempt {
  readonly applicationId: string;
  /** Where it comes from; `undefined` where the runtime does not tell. */
  readonly address: string | undefined;
}

/**
 * Limits on wrong client secrets, per address and per application. An address beyond its limit is not looked at any longer, unless the right
 * secret came from it within a day; an application beyond its limit still is, and only wrong ones are told to wait: its `client_id` is no
 * secret, and nobody shall lock a partner out by guessing at it from many places.
 *
 * The secrets are 256 random bits, which no number of guesses finds. What the limits save is work, disk (each failure is an audit row) and
 * the partner with a wrong setting who retries without end. They live in memory, so that each process counts for itself and a restart
 * forgives.
 */
export interface AuthenticationLimits {
  /** Milliseconds to wait before the secret is even looked at; 0 where it may be. */
  waitMs(attempt: SecretAttempt): number;
  succeeded(attempt: SecretAttempt): void;
  /** Counts a wrong secret. Answers with the milliseconds to wait where that was one too many, else 0. */
  failed(attempt: SecretAttempt & { readonly isKnownApplication: boolean }): number;
}

/** Makes the limits of one process. */
export function createAuthenticationLimits(now: () => number): AuthenticationLimits {
  const byAddress = createBuckets(PER_ADDRESS, MAX_KEYS, now);
  const byApplication = createBuckets(PER_APPLICATION, MAX_KEYS, now);
  // As in the buckets, made when first needed.
  let knownUntil: LRUCache<string, number> | undefined;
  const pairOf = ({ applicationId, address }: SecretAttempt): string => `${applicationId} ${address ?? ''}`;
  const ofAddressMs = ({ address }: SecretAttempt): number => (address === undefined ? 0 : byAddress.waitMs(address));
  return {
    waitMs: (attempt) => {
      const waitMs = ofAddressMs(attempt);
      return waitMs > 0 && (knownUntil?.get(pairOf(attempt)) ?? 0) > now() ? 0 : waitMs;
    },
    succeeded: (attempt) => {
      knownUntil ??= new LRUCache({ max: MAX_KEYS });
      knownUntil.set(pairOf(attempt), now() + KNOWN_FOR_MS);
    },
    failed: (attempt) => {
      const waitMs = Math.max(ofAddressMs(attempt), byApplication.waitMs(attempt.applicationId));
      if (attempt.address !== undefined) byAddress.take(attempt.address);
      // Invented ids are counted by their address alone: they must not push real applications out of memory.
      if (attempt.isKnownApplication) byApplication.take(attempt.applicationId);
      return waitMs;
    },
  };
}
