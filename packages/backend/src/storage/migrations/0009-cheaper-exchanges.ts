import type { Migration } from '../migrations.ts';

/**
 * What every exchange of a code writes, in fewer pages and lookups.
 *
 * - The audit trail is ordered by a number that the database counts up: a row kept by its id had SQLite divide three pages whenever one was
 *   full, and by the number it only appends.
 * - An account has one application, so its grant is found by the account alone, and the account's own reference says that there is the application.
 * - Pending connections are kept once, by their session (see migration 3).
 */
export const cheaperExchanges: Migration = {
  id: 9,
  name: 'cheaper-exchanges',
  up: (dialect) => [
    ...(dialect === 'postgres'
      ? [
          // In place, and not copied: what another backend has written since this transaction began would be left behind. Rows get their
          // numbers as they lie, so they are laid down by their time first, and then read from the beginning.
          `cluster audit_events using audit_events_pkey`,
          `set local synchronize_seqscans = off`,
          `alter table audit_events drop constraint audit_events_pkey`,
          `alter table audit_events add column position bigint generated always as identity primary key`,
          `alter table grants drop constraint grants_application_id_fkey`,
          `drop index grants_by_account`,
        ]
      : [
          `create table audit_events_2 (
            position integer primary key, id text not null, event text not null, application_id text, account_id text, subject_id text, detail text)`,
          `insert into audit_events_2 (id, event, application_id, account_id, subject_id, detail)
            select id, event, application_id, account_id, subject_id, detail from audit_events order by id`,
          `drop table audit_events`,
          `alter table audit_events_2 rename to audit_events`,
          `create table grants_2 (
            id text primary key, application_id text not null, account_id text not null references accounts (id) on delete cascade,
            scope text not null, refresh_hash text not null, refresh_sealed text not null, created_at bigint not null) without rowid`,
          `insert into grants_2 select id, application_id, account_id, scope, refresh_hash, refresh_sealed, created_at from grants`,
          `drop table grants`,
          `alter table grants_2 rename to grants`,
          `create table pending_connections_2 (
            session_id text primary key references sessions (id), profile_id text not null references profiles (id) on delete cascade,
            provider_client_id text not null, provider text, subject text, access_mode text, provider_name text, provider_service text not null,
            provider_protocol text, name text not null, email text, credential_sealed text not null, calendars_sealed text not null,
            calendars_at bigint not null, expires_at bigint not null) without rowid`,
          `insert into pending_connections_2 select session_id, profile_id, provider_client_id, provider, subject, access_mode, provider_name,
            provider_service, provider_protocol, name, email, credential_sealed, calendars_sealed, calendars_at, expires_at from pending_connections`,
          `drop table pending_connections`,
          `alter table pending_connections_2 rename to pending_connections`,
          `create index pending_connections_by_profile on pending_connections (profile_id)`,
        ]),
    `create unique index grants_by_account on grants (account_id)`,
  ],
};
