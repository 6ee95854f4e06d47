import type { Migration } from '../migrations.ts';

/** Durable work in lanes, leases on refreshing at a provider, and the audit trail. What each column holds is said in `schema.ts`. */
export const workLeasesAudit: Migration = {
  id: 2,
  name: 'work-leases-audit',
  up: [
    `create table work_lanes (
      id text primary key, due_at bigint not null, failures bigint not null, lease_by text, lease_until bigint not null)`,
    `create index work_lanes_by_due on work_lanes (due_at)`,
    `create table work_items (
      lane_id text not null references work_lanes (id) on delete cascade, position bigint not null, kind text not null,
      payload_json text not null, created_at bigint not null, primary key (lane_id, position))`,
    `create table dead_work_items (
      id text primary key, lane_id text not null, kind text not null, payload_json text not null, reason text not null, failures bigint not null,
      created_at bigint not null)`,
    `alter table profiles add column refresh_lease_by text`,
    `alter table profiles add column refresh_lease_until bigint not null default 0`,
    `alter table profiles add column refresh_not_before bigint not null default 0`,
    `alter table sessions add column arrived_at bigint`,
    `create table audit_events (
      id text primary key, event text not null, application_id text, account_id text, subject_id text, detail text)`,
    // What version 1 left to be given back to its provider, found then by looking at the rows themselves.
    `insert into work_lanes (id, due_at, failures, lease_until)
      select 'connection:' || session_id, expires_at, 0, 0 from pending_connections`,
    `insert into work_items (lane_id, position, kind, payload_json, created_at)
      select 'connection:' || session_id, 1, 'give_back', '{"from":"pending","sessionId":"' || session_id || '"}', expires_at from pending_connections`,
    `insert into work_lanes (id, due_at, failures, lease_until)
      select 'profile:' || id, 0, 0, 0 from profiles where status = 'revoked' and credential_sealed is not null`,
    `insert into work_items (lane_id, position, kind, payload_json, created_at)
      select 'profile:' || id, 1, 'give_back', '{"from":"profile","profileId":"' || id || '"}', created_at from profiles
      where status = 'revoked' and credential_sealed is not null`,
    `drop index profiles_to_give_back`,
    `drop index pending_connections_by_expiry`,
  ],
};
