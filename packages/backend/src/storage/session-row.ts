import type { AccessMode, FailureReason, SessionState } from '@calendar-connect/protocol';
import type { Selectable } from 'kysely';
import { readList } from './json-list.ts';
import type { ProfileKind } from './profile-row.ts';
import type { SessionRow } from './redeemed-session.ts';
import type { SessionsTable } from './schema.ts';

/**
 * How a session's code leaves; fixed when the session starts. `poll`: to the page that polls. `redirect`: in the address that an
 * authorization request named. `return`: in the address of the page that minted the session, which exchanges it there.
 */
export type Door = 'poll' | 'redirect' | 'return';

/** A session in one of these waits for an administrator: before they said yes, and after. */
export const WAITING_STATES: readonly SessionState[] = ['waiting_for_admin', 'approved'];

/** A session in one of these may be on a trip to its provider. One that waits for an administrator stays what it is while it tries again. */
export const TRIP_STATES: readonly SessionState[] = ['at_provider', ...WAITING_STATES];

/** What a provider is to show: as in `AuthorizationRequest`. */
export type TripInteraction = 'choose' | 'continue' | 'none';

/** One attempt of one end user to connect. */
export interface Session {
  readonly id: string;
  readonly applicationId: string;
  readonly door: Door;
  /** As stored: whether it has expired meanwhile is for the reader to see by {@link Session.expiresAtMs}. */
  readonly state: SessionState;
  readonly version: number;
  readonly failureReason: FailureReason | undefined;
  /** The provider's own code of it, such as `AADSTS50105`. */
  readonly failureCode: string | undefined;
  readonly missingScopes: readonly string[] | undefined;
  readonly secretHash: string | undefined;
  readonly claimHash: string | undefined;
  /** The partner's own id of the person, where its server minted the session. */
  readonly endUser: string | undefined;
  readonly endUserName: string | undefined;
  /** The page that may prove itself; not for door `redirect`, and for one that a partner's server minted from the claim on. */
  readonly origin: string | undefined;
  readonly redirectUri: string | undefined;
  /** What the partner wants back as `state`. */
  readonly partnerState: string | undefined;
  readonly codeChallenge: string | undefined;
  readonly scope: string;
  readonly providers: readonly string[];
  readonly accessModes: readonly AccessMode[];
  readonly locale: string | undefined;
  readonly provider: string | undefined;
  readonly accessMode: AccessMode | undefined;
  readonly browserHash: string | undefined;
  readonly ticketHash: string | undefined;
  readonly providerClientId: string | undefined;
  readonly providerStateHash: string | undefined;
  readonly providerStateSealed: string | undefined;
  readonly providerNonce: string | undefined;
  readonly providerVerifierSealed: string | undefined;
  readonly accountId: string | undefined;
  readonly profileId: string | undefined;
  /** Whether its code was exchanged; from then on the connection is real. */
  readonly isRedeemed: boolean;
  /** When the provider's answer was taken. */
  readonly arrivedAtMs: number | undefined;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  /** Until when other sessions may take the place of this one; the same for all that do. */
  readonly retryUntilMs: number;
  /** What it waits for, or waited for, of an administrator. */
  readonly adminApprovalId: string | undefined;
  /** When it set out for its provider last. */
  readonly departedAtMs: number | undefined;
  /** What the provider was to show on that trip. */
  readonly tripInteraction: TripInteraction | undefined;
  /** What is to be connected. */
  readonly purpose: ProfileKind;
  /** The account it is for, where it was minted for one. */
  readonly forAccount: string | undefined;
  /** The profile it is for, where it was minted to change one: any other login is the wrong one. */
  readonly forProfile: string | undefined;
  /** The connection that its page has: one without a provider takes its place, and the other way round. Any login is welcome. */
  readonly changesProfile: string | undefined;
}

/**
 * Closed sets are named here without a check: only this package writes them.
 *
 * @param row Without what is pending where the session cannot be redeemed: its connection was made just now, or it has none.
 */
export function rowToSession(row: Selectable<SessionsTable> & Partial<SessionRow>): Session {
  return {
    id: row.id,
    applicationId: row.application_id,
    door: row.door as Door,
    state: row.state as SessionState,
    version: row.version,
    failureReason: (row.failure_reason ?? undefined) as FailureReason | undefined,
    failureCode: row.failure_code ?? undefined,
    missingScopes: row.missing_scopes_json === null ? undefined : readList(row.missing_scopes_json),
    secretHash: row.secret_hash ?? undefined,
    claimHash: row.claim_hash ?? undefined,
    endUser: row.end_user ?? undefined,
    endUserName: row.end_user_name ?? undefined,
    origin: row.origin ?? undefined,
    redirectUri: row.redirect_uri ?? undefined,
    partnerState: row.partner_state ?? undefined,
    codeChallenge: row.code_challenge ?? undefined,
    scope: row.scope,
    providers: readList(row.providers_json),
    accessModes: readList(row.access_modes_json) as AccessMode[],
    locale: row.locale ?? undefined,
    provider: row.provider ?? undefined,
    accessMode: (row.access_mode ?? undefined) as AccessMode | undefined,
    browserHash: row.browser_hash ?? undefined,
    ticketHash: row.ticket_hash ?? undefined,
    providerClientId: row.provider_client_id ?? undefined,
    providerStateHash: row.provider_state_hash ?? undefined,
    providerStateSealed: row.provider_state_sealed ?? undefined,
    providerNonce: row.provider_nonce ?? undefined,
    providerVerifierSealed: row.provider_verifier_sealed ?? undefined,
    accountId: row.account_id ?? undefined,
    profileId: row.profile_id ?? undefined,
    isRedeemed: row.state === 'connected' && row.pending_session_id === null,
    arrivedAtMs: row.arrived_at ?? undefined,
    createdAtMs: row.created_at,
    expiresAtMs: row.expires_at,
    retryUntilMs: row.retry_until,
    adminApprovalId: row.admin_approval_id ?? undefined,
    departedAtMs: row.departed_at ?? undefined,
    tripInteraction: (row.trip_interaction ?? undefined) as TripInteraction | undefined,
    purpose: row.purpose as ProfileKind,
    forAccount: row.for_account ?? undefined,
    forProfile: row.for_profile ?? undefined,
    changesProfile: row.changes_profile ?? undefined,
  };
}
