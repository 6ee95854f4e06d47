import type { QueryCreator, Selectable, SelectQueryBuilder } from 'kysely';
import { maybeOne, type Question, run } from './question.ts';
import type { ProfilesTable, Schema } from './schema.ts';

// Credentials lie apart from their profiles: they are the longest that there is of one, nobody needs them who only looks, and an exchange changes
// the profile. On PostgreSQL whoever changes a credential changes its profile first, so that of two at once one is run again.

/** A profile with its credential, `null` where it has none. */
export type ProfileWithCredential = Selectable<ProfilesTable> & { readonly credential_sealed: string | null };

/** Profiles with their credentials. */
export function selectProfiles(db: QueryCreator<Schema>): SelectQueryBuilder<Schema, 'profiles', ProfileWithCredential> {
  return db
    .selectFrom('profiles')
    .selectAll('profiles')
    .select((eb) =>
      eb
        .selectFrom('credentials')
        .select('credentials.credential_sealed')
        .whereRef('credentials.profile_id', '=', 'profiles.id')
        .as('credential_sealed'),
    );
}

/** The sealed credential of a profile, `null` where it has none. */
export function* findCredential(db: QueryCreator<Schema>, profileId: string): Question<string | null> {
  const row = yield* maybeOne(db.selectFrom('credentials').select('credential_sealed').where('profile_id', '=', profileId));
  return row?.credential_sealed ?? null;
}

/** Puts a credential in the place of the one before; `null`: from now on there is none. */
export function* putCredential(db: QueryCreator<Schema>, profileId: string, sealed: string | null): Question<void> {
  if (sealed === null) {
    yield* run(db.deleteFrom('credentials').where('profile_id', '=', profileId));
    return;
  }
  yield* run(
    db
      .insertInto('credentials')
      .values({ profile_id: profileId, credential_sealed: sealed })
      .onConflict((conflict) => conflict.column('profile_id').doUpdateSet({ credential_sealed: sealed })),
  );
}
