import type { Kysely } from 'kysely';
import { LIVING_STATUSES, type Profile, rowToProfile } from '../profile-row.ts';
import { maybeOne, type Question, run } from '../question.ts';
import type { Schema } from '../schema.ts';

/** A profile whose credential may still give something, with all that is needed to act for it. */
export function* findLivingProfile(db: Kysely<Schema>, id: string): Question<Profile | undefined> {
  const row = yield* maybeOne(db.selectFrom('profiles').selectAll().where('id', '=', id).where('status', 'in', LIVING_STATUSES));
  return row && rowToProfile(row);
}

/** A credential that was renewed at the provider, and the version it was renewed from. */
export interface RenewedCredential {
  readonly profileId: string;
  readonly fromVersion: number;
  readonly credentialSealed: string;
}

/** Stores a renewed credential, unless another one came meanwhile. Answers with the profile as it now stands. */
export function* storeCredential(db: Kysely<Schema>, renewed: RenewedCredential): Question<Profile | undefined> {
  const row = yield* maybeOne(
    db
      .updateTable('profiles')
      .set({
        status: 'connected' satisfies Profile['status'],
        credential_sealed: renewed.credentialSealed,
        credential_version: renewed.fromVersion + 1,
        refresh_lease_by: null,
        refresh_lease_until: 0,
      })
      .where('id', '=', renewed.profileId)
      .where('credential_version', '=', renewed.fromVersion)
      .where('status', 'in', LIVING_STATUSES)
      .returningAll(),
  );
  return row && rowToProfile(row);
}

/**
 * Marks a profile as `disconnected`: its provider rejected the credential of this version for good; or as `needs_attention`: it wants to see the
 * person first. A newer credential keeps it connected.
 */
export function* breakProfile(
  db: Kysely<Schema>,
  profile: { id: string; credentialVersion: number; status: 'disconnected' | 'needs_attention' },
): Question<boolean> {
  const row = yield* maybeOne(
    db
      .updateTable('profiles')
      .set({ status: profile.status })
      .where('id', '=', profile.id)
      .where('credential_version', '=', profile.credentialVersion)
      .where('status', 'in', LIVING_STATUSES)
      .returning('id'),
  );
  return row !== undefined;
}

/** Stores the calendars of a connected profile as the provider last told them, or only that it was asked in vain. */
export function* storeCalendars(
  db: Kysely<Schema>,
  calendars: { profileId: string; sealed: string | undefined; nowMs: number },
): Question<void> {
  yield* run(
    db
      .updateTable('profiles')
      .set({ ...(calendars.sealed === undefined ? {} : { calendars_sealed: calendars.sealed }), calendars_at: calendars.nowMs })
      .where('id', '=', calendars.profileId)
      .where('status', 'in', LIVING_STATUSES),
  );
}
