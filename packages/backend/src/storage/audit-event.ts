/** What the audit trail tells. */
export const AUDIT_EVENTS = [
  /** A code or a receipt gave tokens. */
  'tokens_issued',
  /** A page's code gave a receipt; the tokens stay here. */
  'receipt_issued',
  'token_refreshed',
  'grant_revoked',
  /** One profile of an account was ended; the authorization on the account stays. */
  'profile_revoked',
  /** A code came a second time; `detail` says whether that revoked what it gave. */
  'code_reused',
  /** A code came with a wrong PKCE verifier. */
  'verifier_wrong',
  /** A client secret was wrong, or its application unknown. */
  'client_authentication_failed',
  /** A partner's server could not be told something for days, or said 410 Gone; `detail` says what. */
  'notification_given_up',
  /** The command or the admin API registered an application; `detail` says which of the two, and from where. */
  'application_created',
  /** It changed one; `detail` names the fields too. */
  'application_changed',
  /** It gave one a client of its own at a provider, or took it away; `detail` names the provider. */
  'provider_client_set',
  'provider_client_removed',
  /** A key for the admin API was wrong; `detail` is the network address. */
  'admin_key_wrong',
] as const;

/** One of {@link AUDIT_EVENTS}. */
export type AuditEventName = (typeof AUDIT_EVENTS)[number];

/** One thing that an operator may have to account for. No secret and no name of a person; of servers that failed to authenticate, the network address. */
export interface AuditEvent {
  /** `aud_…`, made by the asker: ids begin with their time. */
  readonly id: string;
  readonly event: AuditEventName;
  readonly applicationId?: string | undefined;
  readonly accountId?: string | undefined;
  /** The row that it is about: a grant, a code or a session. */
  readonly subjectId?: string | undefined;
  readonly detail?: string | undefined;
}
