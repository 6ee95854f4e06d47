import type { Migration } from '../migrations.ts';

/** Types that SQLite and PostgreSQL read alike. What each column holds is said in `schema.ts`. */
export const first: Migration = {
  id: 1,
  name: 'first',
  up: [
    `create table facts (name text primary key, value text not null)`,
    `create table applications (
      id text primary key, name text not null, secret_hash text not null, redirect_uris_json text not null, origins_json text not null,
      access_modes_json text not null, scope text not null, created_at bigint not null)`,
    `create unique index applications_by_secret on applications (secret_hash)`,
    `create table provider_clients (
      id text primary key, application_id text references applications (id) on delete cascade, provider text not null, client_id text not null)`,
    `create unique index provider_clients_by_client on provider_clients (provider, client_id, coalesce(application_id, ''))`,
    `create table data_keys (owner_id text primary key, key_id text not null, wrapped text not null)`,
    `create table accounts (
      id text primary key, application_id text not null references applications (id) on delete cascade, end_user text, email text,
      created_at bigint not null)`,
    `create unique index accounts_by_end_user on accounts (application_id, end_user) where end_user is not null`,
    `create table profiles (
      id text primary key, account_id text not null references accounts (id) on delete cascade, application_id text not null,
      provider text not null, provider_client_id text not null references provider_clients (id), subject text not null,
      access_mode text not null, provider_name text not null, provider_service text not null, name text not null, status text not null,
      credential_sealed text, credential_version bigint not null, calendars_sealed text, calendars_at bigint not null,
      created_at bigint not null)`,
    `create unique index profiles_by_login on profiles (account_id, provider, subject, access_mode)`,
    `create index profiles_by_subject on profiles (provider, subject, application_id)`,
    `create index profiles_to_give_back on profiles (status) where status = 'revoked' and credential_sealed is not null`,
    `create table sessions (
      id text primary key, application_id text not null references applications (id) on delete cascade, door text not null,
      state text not null, version bigint not null, failure_reason text, missing_scopes_json text, secret_hash text, claim_hash text,
      end_user text, end_user_name text, origin text, redirect_uri text, partner_state text, code_challenge text, scope text not null,
      providers_json text not null, access_modes_json text not null, locale text, provider text, access_mode text, browser_hash text,
      ticket_hash text, provider_client_id text, provider_state_hash text, provider_state_sealed text, provider_nonce text, provider_verifier_sealed text,
      account_id text, profile_id text, redeemed_at bigint, code_given_at bigint, created_at bigint not null, expires_at bigint not null,
      retry_until bigint not null, retried_by text)`,
    `create table pending_connections (
      session_id text primary key references sessions (id), profile_id text not null references profiles (id) on delete cascade,
      provider_client_id text not null, provider_service text not null, name text not null, email text, credential_sealed text not null,
      calendars_sealed text not null, calendars_at bigint not null, expires_at bigint not null)`,
    `create index pending_connections_by_expiry on pending_connections (expires_at)`,
    `create index pending_connections_by_profile on pending_connections (profile_id)`,
    `create table codes (
      id text primary key, kind text not null, secret_hash text not null, session_id text not null, application_id text not null,
      door text not null, code_challenge text, redirect_uri text, account_id text not null, profile_id text not null, scope text not null,
      expires_at bigint not null, failed_attempts bigint not null, redeemed_at bigint)`,
    `create index codes_by_session on codes (session_id)`,
    `create table grants (
      id text primary key, application_id text not null references applications (id) on delete cascade,
      account_id text not null references accounts (id) on delete cascade, scope text not null, refresh_hash text not null,
      refresh_sealed text not null, created_at bigint not null)`,
    `create unique index grants_by_account on grants (application_id, account_id)`,
    `create table access_tokens (
      id text primary key, grant_id text not null references grants (id) on delete cascade, token_hash text not null,
      expires_at bigint not null)`,
    `create index access_tokens_by_grant on access_tokens (grant_id)`,
  ],
};
