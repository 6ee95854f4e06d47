import type { AccessMode } from '@calendar-connect/protocol';
import type { QueryCreator } from 'kysely';
import { putCredential, selectProfiles } from '../credential-row.ts';
import { LIVING_STATUSES, type Profile, rowToProfile } from '../profile-row.ts';
import { maybeOne, type Question, rows, run } from '../question.ts';
import type { Schema } from '../schema.ts';

/** A profile whose credential may still give something, with all that is needed to act for it. */
export function* findLivingProfile(db: QueryCreator<Schema>, id: string): Question<Profile | undefined> {
  const row = yield* maybeOne(selectProfiles(db).where('id', '=', id).where('status', 'in', LIVING_STATUSES));
  return row && rowToProfile(row);
}

/** A profile of an application that was connected at some time, and the partner's own id of its person, where its server named one. */
export function* findProfileOf(
  db: QueryCreator<Schema>,
  of: { readonly id: string; readonly applicationId: string },
): Question<(Profile & { readonly endUser: string | undefined }) | undefined> {
  const row = yield* maybeOne(
    selectProfiles(db)
      .innerJoin('accounts', 'accounts.id', 'profiles.account_id')
      .select('accounts.end_user')
      .where('profiles.id', '=', of.id)
      .where('profiles.application_id', '=', of.applicationId)
      .where('profiles.status', '!=', 'pending'),
  );
  return row && { ...rowToProfile(row), endUser: row.end_user ?? undefined };
}

/**
 * The living profiles of a person that share more than one of them is about to, by the same client at the provider: where their login is known,
 * of that one.
 */
export function* findWiderProfiles(
  db: QueryCreator<Schema>,
  login: {
    readonly applicationId: string;
    /** The profile that is to change, or all of the person whom the partner's server named. */
    readonly of: { readonly profileId: string } | { readonly endUser: string };
    readonly provider: string;
    readonly subject?: string | undefined;
    readonly providerClientId: string;
    readonly widerModes: readonly string[];
  },
): Question<Profile[]> {
  if (login.widerModes.length === 0) return [];
  const { of, subject } = login;
  const found = yield* rows(
    selectProfiles(db)
      .innerJoin('accounts', 'accounts.id', 'profiles.account_id')
      .where('profiles.application_id', '=', login.applicationId)
      .where((eb) => ('profileId' in of ? eb('profiles.id', '=', of.profileId) : eb('accounts.end_user', '=', of.endUser)))
      .where('provider', '=', login.provider)
      .$if(subject !== undefined, (query) => query.where('subject', '=', subject ?? ''))
      .where('provider_client_id', '=', login.providerClientId)
      .where('access_mode', 'in', login.widerModes)
      .where('status', 'in', LIVING_STATUSES)
      .orderBy('profiles.created_at'),
  );
  return found.map(rowToProfile);
}

/** A credential that was renewed at the provider, and the version it was renewed from. */
export interface RenewedCredential {
  readonly profileId: string;
  readonly fromVersion: number;
  readonly credentialSealed: string;
}

/** Stores a renewed credential, unless another one came meanwhile. Answers with the profile as it now stands. */
export function* storeCredential(db: QueryCreator<Schema>, renewed: RenewedCredential): Question<Profile | undefined> {
  const row = yield* maybeOne(
    db
      .updateTable('profiles')
      .set({
        status: 'connected' satisfies Profile['status'],
        credential_version: renewed.fromVersion + 1,
        refresh_lease_by: null,
        refresh_lease_until: 0,
      })
      .where('id', '=', renewed.profileId)
      .where('credential_version', '=', renewed.fromVersion)
      .where('status', 'in', LIVING_STATUSES)
      .returningAll(),
  );
  if (row === undefined) return undefined;
  yield* putCredential(db, row.id, renewed.credentialSealed);
  return rowToProfile({ ...row, credential_sealed: renewed.credentialSealed });
}

/**
 * Marks a profile as `disconnected`: its provider rejected the credential of this version for good; or as `needs_attention`: it wants to see the
 * person first. A newer credential keeps it connected.
 */
export function* breakProfile(
  db: QueryCreator<Schema>,
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
  db: QueryCreator<Schema>,
  calendars: { profileId: string; accessMode: AccessMode; sealed: string | undefined; nowMs: number },
): Question<void> {
  yield* run(
    db
      .updateTable('profiles')
      .set({ ...(calendars.sealed === undefined ? {} : { calendars_sealed: calendars.sealed }), calendars_at: calendars.nowMs })
      .where('id', '=', calendars.profileId)
      // A list that was asked for in a wider mode must not come back after the person has shared less.
      .where('access_mode', '=', calendars.accessMode)
      .where('status', 'in', LIVING_STATUSES),
  );
}
