import type { Backend } from '../backend.ts';
import { describeError } from '../log.ts';
import { newId } from '../vault/secrets.ts';
import { type Rounds, startRounds } from '../work/rounds.ts';
import { ID_PREFIX } from '../vault/issued-token.ts';
import { ACCESS_TOKEN_LIFE_SECONDS } from './redeem.ts';

const EVERY_MS = 60_000;
/** Rows of a kind that are deleted at once: about 10 ms. */
const SLICE = 2000;
const DAY_MS = 24 * 3600_000;
/** How long a redeemed code is remembered, so that somebody who finds it later is noticed. */
const REMEMBER_MS = 30 * DAY_MS;
/** How long the audit trail, and work that was given up, can be looked at. */
const AUDIT_MS = 400 * DAY_MS;

/** Forgets what has expired and serves no purpose any longer: soon, and every minute. */
export function startHousekeeping({ store, log, now }: Pick<Backend, 'store' | 'log' | 'now'>): Rounds {
  return startRounds({
    everyMs: EVERY_MS,
    round: async () => {
      const nowMs = now();
      const expired = {
        accessTokensBefore: idAt('tok_', nowMs - ACCESS_TOKEN_LIFE_SECONDS * 1000),
        codesBefore: idAt('cod_', nowMs - REMEMBER_MS),
        sessionsBefore: idAt('ses_', nowMs - REMEMBER_MS),
        auditEventsBefore: idAt('aud_', nowMs - AUDIT_MS),
        deadWorkBefore: idAt('ded_', nowMs - AUDIT_MS),
        adminApprovalsBefore: idAt(ID_PREFIX.adminApproval, nowMs - 2 * REMEMBER_MS),
      };
      await store.forgetAddressChecks({ nowMs });
      await store.forgetSignIns({ nowMs });
      await store.forgetExpiredServers({ nowMs });
      // In slices, between which others get their turn.
      while ((await store.forgetExpired({ ...expired, limit: SLICE })) === SLICE);
    },
    failed: (error) => log({ level: 'error', event: 'housekeeping_failed', ...describeError(error) }),
  });
}

/** The smallest id of that second: ids begin with their time. */
function idAt(prefix: string, atMs: number): string {
  return newId(prefix, atMs).slice(0, prefix.length + 8);
}
