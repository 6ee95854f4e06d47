import type { Migration } from '../migrations.ts';

/** Waiting for an administrator, telling a partner's server of it, and what the provider called a failure. What each column holds is said in `schema.ts`. */
export const adminApprovals: Migration = {
  id: 4,
  name: 'admin-approvals',
  up: [
    `create table admin_approvals (
      id text primary key, application_id text not null references applications (id), provider text not null,
      provider_client_id text not null, access_mode text not null, end_user text, email text, organisation text,
      state text not null, link_hash text not null, link_sealed text not null,
      admin_browser_hash text, admin_state_hash text, admin_nonce text, admin_verifier_sealed text,
      probes bigint not null, probe_not_before bigint not null, created_at bigint not null, decided_at bigint,
      closed_at bigint)`,
    `create index admin_approvals_by_organisation on admin_approvals (provider_client_id, organisation)`,
    `create index admin_approvals_by_end_user on admin_approvals (application_id, end_user) where end_user is not null`,
    `alter table sessions add column admin_approval_id text`,
    `alter table sessions add column failure_code text`,
    `alter table sessions add column departed_at bigint`,
    `alter table sessions add column trip_interaction text`,
    `create index sessions_by_admin_approval on sessions (admin_approval_id) where admin_approval_id is not null`,
    `alter table profiles add column provider_protocol text`,
    `alter table pending_connections add column provider_protocol text`,
    `alter table applications add column notification_url text`,
    `alter table applications add column secret_sealed text`,
    `alter table applications add column mails_approvals bigint not null default 0`,
  ],
};
