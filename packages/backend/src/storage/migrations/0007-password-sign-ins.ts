import type { Migration } from '../migrations.ts';

/** Signing in with a password on our own page, and what is remembered of the servers for colleagues. What each column holds is said in `schema.ts`. */
export const passwordSignIns: Migration = {
  id: 7,
  name: 'password-sign-ins',
  up: [
    `create table password_sign_ins (
      session_id text primary key references sessions (id) on delete cascade, state_sealed text not null, updated_at bigint not null)`,
    `create table domain_servers (
      application_id text not null references applications (id) on delete cascade, provider text not null, mail_domain text not null,
      ews_url text not null, state text not null, vouched_by text not null, user_name_domain text, user_name_form text not null,
      offers_ntlm bigint not null, evidence text not null, first_used_at bigint not null, last_used_at bigint not null,
      expires_at bigint, primary key (application_id, provider, mail_domain, ews_url))`,
  ],
};
