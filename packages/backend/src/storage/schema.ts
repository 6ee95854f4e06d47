import type { Generated } from 'kysely';
import type { InvitationsTable, ManagedEventsTable } from './event-tables.ts';
import type { AddressChecksTable, DomainServersTable, PasswordSignInsTable } from './sign-in-tables.ts';

/**
 * The tables, as Kysely sees them: one property per table. Times are milliseconds since 1970; `*_json` holds a JSON array of strings;
 * `*_hash` is SHA-256 of a secret of 256 bits, random or derived from a key that is; `*_sealed` is a ciphertext of the vault.
 *
 * LOCK ORDER: a question that changes rows of several of these tables, which were there before, takes sessions, codes, profiles, credentials,
 * pending_connections, grants, admin_approvals, managed_events, in this order. On PostgreSQL two that take them in another order wait for each
 * other until one is thrown out, a second later.
 */
export interface Schema {
  facts: FactsTable;
  applications: ApplicationsTable;
  provider_clients: ProviderClientsTable;
  data_keys: DataKeysTable;
  accounts: AccountsTable;
  profiles: ProfilesTable;
  credentials: CredentialsTable;
  pending_connections: PendingConnectionsTable;
  sessions: SessionsTable;
  codes: CodesTable;
  grants: GrantsTable;
  access_tokens: AccessTokensTable;
  work_lanes: WorkLanesTable;
  work_items: WorkItemsTable;
  dead_work_items: DeadWorkItemsTable;
  audit_events: AuditEventsTable;
  admin_approvals: AdminApprovalsTable;
  mail_claims: MailClaimsTable;
  address_checks: AddressChecksTable;
  managed_events: ManagedEventsTable;
  invitations: InvitationsTable;
  application_logos: ApplicationLogosTable;
  password_sign_ins: PasswordSignInsTable;
  domain_servers: DomainServersTable;
}

/** What is true of the whole database, such as the value that proves the key. */
export interface FactsTable {
  name: string;
  value: string;
}

export interface ApplicationsTable {
  id: string;
  name: string;
  secret_hash: string;
  redirect_uris_json: string;
  origins_json: string;
  access_modes_json: string;
  scope: string;
  created_at: number;
  /** Where the partner's server wants to be told of what happens, where it does. */
  notification_url: string | null;
  /** The client secret itself, which notifications are signed with; `null` for applications older than notifications. */
  secret_sealed: string | null;
  /** 1: who waited for an administrator gets a mail when they can go on. */
  mails_approvals: number;
  /** Ids of the providers it offers, in their order; empty: all that the backend has. */
  providers_json: string;
  /** The access mode that is marked when a chooser opens; `null`: none. */
  default_access_mode: string | null;
  /** `#rrggbb`. */
  accent_color: string | null;
  privacy_url: string | null;
  /** Whom invitations are from; `null`: the operator's own address, by the application's name. */
  organizer_name: string | null;
  organizer_email: string | null;
  /** Where answers to invitations go; `null`: to the organizer. */
  reply_to: string | null;
}

/** Apart, because applications are read with every request, and their pictures only for a page. */
export interface ApplicationLogosTable {
  application_id: string;
  /** A picture as a `data:` address. */
  logo: string;
}

export interface ProviderClientsTable {
  id: string;
  /** `null`: the operator's own. */
  application_id: string | null;
  provider: string;
  client_id: string;
  /** Of an application's own client, under its data key; `null` for the operator's, whose secret is a setting. */
  secret_sealed: string | null;
  /** Since when new connections use another one; those that were made with it still do. */
  retired_at: number | null;
}

export interface DataKeysTable {
  owner_id: string;
  key_id: string;
  wrapped: string;
}

export interface AccountsTable {
  id: string;
  application_id: string;
  /** The partner's own id of the person, where its server named one. */
  end_user: string | null;
  email: string | null;
  created_at: number;
  /** The language of the person, a BCP 47 tag, as their last session said. */
  locale: string | null;
}

export interface ProfilesTable {
  id: string;
  account_id: string;
  application_id: string;
  provider: string;
  provider_client_id: string;
  subject: string;
  access_mode: string;
  provider_name: string;
  provider_service: string;
  /** By which protocol its calendars are read, where partners are told at all. */
  provider_protocol: string | null;
  name: string;
  /** `pending` until its first code was redeemed, then `connected`, `needs_attention`, `disconnected` or `revoked`. */
  status: string;
  /** Grows with every credential: who stores a refreshed one names the version it started from. */
  credential_version: number;
  calendars_sealed: string | null;
  /** When the provider was last asked for the calendars. */
  calendars_at: number;
  created_at: number;
  /** Who renews the credential at the provider just now; nobody else does before `refresh_lease_until`. */
  refresh_lease_by: string | null;
  refresh_lease_until: number;
  /** The provider could not renew it and is left alone until then. */
  refresh_not_before: number;
  /** `calendar`, or `conferencing`: a service that makes meetings. */
  kind: string;
}

/** Of profiles that have one, see credential-row.ts. */
export interface CredentialsTable {
  profile_id: string;
  credential_sealed: string;
}

/** What a session connected and nobody redeemed yet. The profile keeps its old credential until then. */
export interface PendingConnectionsTable {
  session_id: string;
  profile_id: string;
  provider_client_id: string;
  /** What the profile changes to, of a connection that was kept before there were changes `null`: the profile keeps its own. */
  provider: string | null;
  subject: string | null;
  access_mode: string | null;
  provider_name: string | null;
  provider_service: string;
  /** By which protocol its calendars are read, where partners are told at all. */
  provider_protocol: string | null;
  name: string;
  /** What the account's address becomes; `null`: it stays as it is. */
  email: string | null;
  /** `''` where the profile is new and has it already; so are the calendars. `-` where the mode needs none. */
  credential_sealed: string;
  calendars_sealed: string;
  calendars_at: number;
  expires_at: number;
}

export interface SessionsTable {
  id: string;
  application_id: string;
  door: string;
  state: string;
  version: number;
  failure_reason: string | null;
  /** The provider's own code of it. */
  failure_code: string | null;
  missing_scopes_json: string | null;
  secret_hash: string | null;
  claim_hash: string | null;
  end_user: string | null;
  end_user_name: string | null;
  origin: string | null;
  redirect_uri: string | null;
  partner_state: string | null;
  code_challenge: string | null;
  scope: string;
  providers_json: string;
  access_modes_json: string;
  locale: string | null;
  provider: string | null;
  access_mode: string | null;
  /** The cookie of the browser that goes through this session. */
  browser_hash: string | null;
  /** One-time value in the form of the page that was shown last. */
  ticket_hash: string | null;
  provider_client_id: string | null;
  provider_state_hash: string | null;
  /** The same, to be shown again: a window that is opened twice goes on with one trip. */
  provider_state_sealed: string | null;
  provider_nonce: string | null;
  provider_verifier_sealed: string | null;
  account_id: string | null;
  profile_id: string | null;
  /** When it gave its code away: but for door `poll` it does so once. */
  code_given_at: number | null;
  created_at: number;
  expires_at: number;
  /** Until when other sessions may take the place of this one; the same for all that do. */
  retry_until: number;
  /** The session that took the place of this one last. */
  retried_by: string | null;
  /** When the provider's answer was taken; it leads to a connection or a reason within seconds, unless the process dies. */
  arrived_at: number | null;
  /** What it waits for, or waited for, of an administrator. */
  admin_approval_id: string | null;
  /** When it set out for its provider last, and what the provider was to show: `choose`, `continue` or `none`. */
  departed_at: number | null;
  trip_interaction: string | null;
  /** `calendar`, or `conferencing`: what is to be connected. */
  purpose: string;
  /** The account and the profile that it is for, where it was minted for one: any other login is the wrong one. */
  for_account: string | null;
  for_profile: string | null;
  /** The connection that its page has, and that it takes the place of where it comes to be one without a provider, or was one. */
  changes_profile: string | null;
}

/** Something that an administrator has to allow before people of their organisation can connect. Several sessions may wait for one. */
export interface AdminApprovalsTable {
  id: string;
  application_id: string;
  provider: string;
  provider_client_id: string;
  access_mode: string;
  /** The partner's own id of the person who waits, where its server named one: a later session of theirs goes on with it. */
  end_user: string | null;
  /** The login that the person used, as they typed it; its domain alone once it is closed. */
  email: string | null;
  /** The organisation's id at the provider, as its public directory says; an administrator's id token proves it. */
  organisation: string | null;
  /** `waiting`, `approved` or `declined`. */
  state: string;
  /** The secret of the administrator's link. */
  link_hash: string;
  /** The same, to be shown again to the person who waits. */
  link_sealed: string;
  /** The administrator's own trip to the provider, which proves the organisation. */
  admin_browser_hash: string | null;
  admin_state_hash: string | null;
  admin_nonce: string | null;
  admin_verifier_sealed: string | null;
  /** How often it was tried without anybody asking, and when it may be tried again. */
  probes: number;
  probe_not_before: number;
  created_at: number;
  decided_at: number | null;
  /** When the person connected or gave up. */
  closed_at: number | null;
}

export interface CodesTable {
  id: string;
  /** `code`, or `receipt`: proof that a code was exchanged. */
  kind: string;
  secret_hash: string;
  session_id: string;
  application_id: string;
  door: string;
  code_challenge: string | null;
  redirect_uri: string | null;
  account_id: string;
  profile_id: string;
  scope: string;
  expires_at: number;
  failed_attempts: number;
  /** Of a receipt. Codes had it too until an exchange stopped writing them: see redeemed-session.ts. */
  redeemed_at: number | null;
}

export interface GrantsTable {
  id: string;
  application_id: string;
  account_id: string;
  scope: string;
  /** 43 dashes: the row is only the place for a grant, see grant-row.ts. */
  refresh_hash: string;
  /** Of grants that are older than the derivation of refresh tokens, which then have random ones; `''`: it is derived from the grant's id. */
  refresh_sealed: string;
  created_at: number;
}

export interface AccessTokensTable {
  /** Begins with its time, so expired ones are one range at the front of the table. */
  id: string;
  /** Without this grant, which may have been revoked, the token is worth nothing. */
  grant_id: string;
  token_hash: string;
  expires_at: number;
}

/** A line of work that is done in order. Whoever leases the lane does its items; the items themselves are never leased. */
export interface WorkLanesTable {
  /** What the line is about, such as `profile:pro_…`. */
  id: string;
  /** When its first item may be tried. */
  due_at: number;
  /** How often its first item has failed. */
  failures: number;
  lease_by: string | null;
  lease_until: number;
}

/** Something to be done, written in the transaction of the change that it follows from. */
export interface WorkItemsTable {
  lane_id: string;
  /** 1 for the first of a lane, then one more each. */
  position: number;
  kind: string;
  payload_json: string;
  created_at: number;
}

/** What was given up. */
export interface DeadWorkItemsTable {
  /** Begins with the time when it was given up. */
  id: string;
  lane_id: string;
  kind: string;
  payload_json: string;
  reason: string;
  failures: number;
  created_at: number;
}

/** What an operator may have to account for: that tokens were issued, refreshed and revoked, a code used twice, a secret wrong. */
export interface AuditEventsTable {
  /** Counted up by the database as they are written. */
  position: Generated<number>;
  /** Begins with its time. */
  id: string;
  event: string;
  application_id: string | null;
  account_id: string | null;
  /** The row that it is about: the grant, or the code. */
  subject_id: string | null;
  detail: string | null;
}

/** Which mails left, or are about to: at most one about the same thing, and to the same address, in a day. Older ones are forgotten. */
export interface MailClaimsTable {
  /** What there is to be one mail about: an id, or the hash of an address; with a number, one of the codes that an address gets in an hour. */
  subject: string;
  /** The mail that claimed it. */
  item: string;
  claimed_at: number;
  /** When the mail server took it, or refused it for good. */
  settled_at: number | null;
}
