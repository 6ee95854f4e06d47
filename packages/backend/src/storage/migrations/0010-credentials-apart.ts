import type { Migration } from '../migrations.ts';

/**
 * Credentials apart from their profiles: an exchange changes the profile, and wrote the credential along, more than half of the row: 33 changed
 * pages for 32 exchanges instead of 27.
 */
export const credentialsApart: Migration = {
  id: 10,
  name: 'credentials-apart',
  // What a backend of the former version writes meanwhile would be left behind.
  locks: 'profiles',
  up: [
    `create table credentials (
      profile_id text primary key references profiles (id) on delete cascade, credential_sealed text not null)`,
    `insert into credentials (profile_id, credential_sealed)
      select id, credential_sealed from profiles where credential_sealed is not null order by id`,
    `alter table profiles drop column credential_sealed`,
  ],
};
