import type { Migration } from '../migrations.ts';

/** What an application may set for itself, modes that change in place, addresses that are proven by mail, events and invitations. What each column holds is said in `schema.ts`. */
export const accessModes: Migration = {
  id: 6,
  name: 'access-modes',
  up: [
    `alter table applications add column providers_json text not null default '[]'`,
    `alter table applications add column default_access_mode text`,
    `alter table applications add column accent_color text`,
    `alter table applications add column privacy_url text`,
    `alter table applications add column organizer_name text`,
    `alter table applications add column organizer_email text`,
    `alter table applications add column reply_to text`,
    `create table application_logos (
      application_id text primary key references applications (id) on delete cascade, logo text not null)`,
    `alter table provider_clients add column secret_sealed text`,
    `alter table provider_clients add column retired_at bigint`,
    `alter table accounts add column locale text`,
    `alter table profiles add column kind text not null default 'calendar'`,
    `alter table pending_connections add column provider text`,
    `alter table pending_connections add column subject text`,
    `alter table pending_connections add column access_mode text`,
    `alter table pending_connections add column provider_name text`,
    `alter table sessions add column purpose text not null default 'calendar'`,
    `alter table sessions add column for_account text`,
    `alter table sessions add column for_profile text`,
    `alter table sessions add column changes_profile text`,
    `create table address_checks (
      session_id text primary key references sessions (id) on delete cascade, email_sealed text not null, code_sealed text not null,
      attempts bigint not null, created_at bigint not null, expires_at bigint not null)`,
    `create table managed_events (
      id text primary key, application_id text not null, account_id text not null references accounts (id) on delete cascade,
      profile_id text not null references profiles (id) on delete cascade, calendar_id text not null, event_hash text not null,
      uid text not null, sequence bigint not null, version bigint not null, content_sealed text not null, first_month bigint not null,
      last_month bigint not null, deleted_at bigint, created_at bigint not null, updated_at bigint not null)`,
    `create unique index managed_events_by_event on managed_events (profile_id, calendar_id, event_hash)`,
    `create index managed_events_by_month on managed_events (profile_id, last_month) where deleted_at is null`,
    `create index managed_events_by_account on managed_events (account_id)`,
    `create table invitations (
      id text primary key, managed_event_id text not null references managed_events (id) on delete cascade, account_id text not null,
      application_id text not null, sealed text not null, created_at bigint not null)`,
    `create index invitations_by_event on invitations (managed_event_id)`,
  ],
};
