/**
 * The tables, as Kysely sees them: one property per table. Times are milliseconds since 1970; `*_json` holds a JSON array of strings;
 * `*_hash` is SHA-256 of a 256-bit random secret; `*_sealed` is a ciphertext of the vault.
 *
 * LOCK ORDER: a question that changes rows of several of these tables takes sessions, codes, profiles, pending_connections, grants, in this
 * order. On PostgreSQL two that take them in another order wait for each other until one is thrown out, a second later.
 */
export interface Schema {
  facts: FactsTable;
  applications: ApplicationsTable;
  provider_clients: ProviderClientsTable;
  data_keys: DataKeysTable;
  accounts: AccountsTable;
  profiles: ProfilesTable;
  pending_connections: PendingConnectionsTable;
  sessions: SessionsTable;
  codes: CodesTable;
  grants: GrantsTable;
  access_tokens: AccessTokensTable;
  work_lanes: WorkLanesTable;
  work_items: WorkItemsTable;
  dead_work_items: DeadWorkItemsTable;
  audit_events: AuditEventsTable;
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
}

export interface ProviderClientsTable {
  id: string;
  /** `null`: the operator's own. */
  application_id: string | null;
  provider: string;
  client_id: string;
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
  name: string;
  /** `pending` until its first code was redeemed, then `connected`, `disconnected` or `revoked`. */
  status: string;
  credential_sealed: string | null;
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
}

/** What a session connected and nobody redeemed yet. The profile keeps its old credential until then. */
export interface PendingConnectionsTable {
  session_id: string;
  profile_id: string;
  provider_client_id: string;
  provider_service: string;
  name: string;
  /** What the account's address becomes; `null`: it stays as it is. */
  email: string | null;
  /** Empty where the profile is new and has it already; so are the calendars. */
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
  /** When its code was exchanged; from then on the connection is real. */
  redeemed_at: number | null;
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
  redeemed_at: number | null;
}

export interface GrantsTable {
  id: string;
  application_id: string;
  account_id: string;
  scope: string;
  refresh_hash: string;
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
  /** Begins with its time. */
  id: string;
  event: string;
  application_id: string | null;
  account_id: string | null;
  /** The row that it is about: the grant, or the code. */
  subject_id: string | null;
  detail: string | null;
}
