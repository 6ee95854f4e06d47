import type { QueryCreator } from 'kysely';
import { selectProfiles } from '../credential-row.ts';
import { LIVING_STATUSES, type Profile, rowToProfile } from '../profile-row.ts';
import { maybeOne, type Question, run } from '../question.ts';
import type { Schema } from '../schema.ts';

/** Who wants to renew a profile's credential at its provider, starting from which version. */
export interface RefreshClaim {
  readonly profileId: string;
  readonly fromVersion: number;
  readonly by: string;
  readonly nowMs: number;
  readonly untilMs: number;
}

/** What became of a claim. */
export type RefreshClaimed =
  /** The lease is the claimer's. */
  | { readonly outcome: 'leased' }
  /** Somebody has renewed it meanwhile. */
  | { readonly outcome: 'renewed'; readonly profile: Profile }
  /** Somebody renews it just now. */
  | { readonly outcome: 'under_way' }
  /** The provider could not renew it a moment ago and is left alone. */
  | { readonly outcome: 'resting' }
  /** There is no connected profile of this id. */
  | { readonly outcome: 'gone' };

/** Leases the renewal of a credential: one asker at a time over all processes, so that a thousand that need it cause one. */
export function* claimRefresh(db: QueryCreator<Schema>, claim: RefreshClaim): Question<RefreshClaimed> {
  const leased = yield* maybeOne(
    db
      .updateTable('profiles')
      .set({ refresh_lease_by: claim.by, refresh_lease_until: claim.untilMs })
      .where('id', '=', claim.profileId)
      .where('status', 'in', LIVING_STATUSES)
      .where('credential_version', '=', claim.fromVersion)
      .where('refresh_lease_until', '<=', claim.nowMs)
      .where('refresh_not_before', '<=', claim.nowMs)
      .returning('id'),
  );
  if (leased !== undefined) return { outcome: 'leased' };
  const row = yield* maybeOne(selectProfiles(db).where('id', '=', claim.profileId).where('status', 'in', LIVING_STATUSES));
  if (row === undefined) return { outcome: 'gone' };
  if (row.credential_version !== claim.fromVersion) return { outcome: 'renewed', profile: rowToProfile(row) };
  return { outcome: row.refresh_not_before > claim.nowMs ? 'resting' : 'under_way' };
}

/** Lets a lease go without a new credential; until `notBeforeMs` nobody asks the provider again. Somebody else's lease stays theirs. */
export function* releaseRefresh(
  db: QueryCreator<Schema>,
  lease: { readonly profileId: string; readonly by: string; readonly notBeforeMs: number },
): Question<void> {
  yield* run(
    db
      .updateTable('profiles')
      .set({ refresh_lease_by: null, refresh_lease_until: 0, refresh_not_before: lease.notBeforeMs })
      .where('id', '=', lease.profileId)
      .where('refresh_lease_by', '=', lease.by),
  );
}
