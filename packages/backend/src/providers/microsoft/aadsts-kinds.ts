import type { FailureReason } from '@calendar-connect/protocol';
import type { CallbackReading, ExchangeOutcome, RefreshOutcome } from '../provider.ts';

/** What an error means for a connection attempt and for a connection, what its person is told, and who can do something. */
export interface ErrorKind {
  /** Of an error that the callback brings. */
  readonly callback: Exclude<CallbackReading['outcome'], 'code' | 'failed'> | FailureReason;
  /** Of an error in place of the tokens of a code. */
  readonly exchange: Extract<ExchangeOutcome['outcome'], 'admin_approval_needed'> | FailureReason;
  /** Of an error in place of the tokens of a refresh. `needs_operator` is `unavailable` until the operator does something. */
  readonly refresh: Exclude<RefreshOutcome['outcome'], 'refreshed'> | 'needs_operator';
  /** How long Microsoft is left alone, where it names no time itself. */
  readonly restMs?: number;
  /** One sentence for the person of what happened. What to do is said beside it by the failure reason. */
  readonly user: string;
  /** `retry`: it passes. `reconnect`: the person has to go to Microsoft again. `operator`: only the operator can mend it. */
  readonly action: 'retry' | 'reconnect' | 'operator';
}

/** The kinds of errors of Microsoft's sign-in service. */
export type ErrorKindName =
  | 'approval_needed'
  | 'approval_failed'
  | 'declined'
  | 'wrong_account'
  | 'sign_in_again'
  | 'organisation_refuses'
  | 'account_unusable'
  | 'grant_over'
  | 'attempt_over'
  | 'unreadable'
  | 'misconfigured'
  | 'transient'
  | 'too_fast'
  | 'unknown';

/** What each kind means. */
export const ERROR_KINDS: Readonly<Record<ErrorKindName, ErrorKind>> = {
  approval_needed: {
    callback: 'admin_approval_needed',
    exchange: 'admin_approval_needed',
    // Consent that was withdrawn and is given again revives the very same refresh token.
    refresh: 'interaction_required',
    user: 'An administrator of your organisation has to approve this before you can connect.',
    action: 'reconnect',
  },
  approval_failed: {
    callback: 'admin_approval_needed',
    exchange: 'admin_approval_needed',
    refresh: 'unavailable',
    user: 'Something went wrong while your administrator approved.',
    action: 'retry',
  },
  declined: {
    callback: 'declined',
    exchange: 'provider_refused',
    refresh: 'rejected',
    user: 'You said no, so nothing was connected.',
    action: 'reconnect',
  },
  wrong_account: {
    callback: 'wrong_account',
    exchange: 'wrong_account',
    refresh: 'rejected',
    user: 'This account cannot be used here.',
    action: 'reconnect',
  },
  sign_in_again: {
    callback: 'interaction_required',
    exchange: 'sign_in_required',
    refresh: 'interaction_required',
    user: 'Microsoft wants you to sign in again.',
    action: 'reconnect',
  },
  organisation_refuses: {
    callback: 'admin_policy_enforced',
    exchange: 'admin_policy_enforced',
    refresh: 'interaction_required',
    user: 'A rule of your organisation does not let you connect.',
    action: 'reconnect',
  },
  account_unusable: {
    callback: 'sign_in_required',
    exchange: 'sign_in_required',
    refresh: 'interaction_required',
    user: 'Microsoft does not let this account sign in at the moment.',
    action: 'reconnect',
  },
  grant_over: {
    callback: 'provider_refused',
    exchange: 'provider_refused',
    refresh: 'rejected',
    user: 'The permission that Microsoft gave for this is no longer valid.',
    action: 'reconnect',
  },
  attempt_over: {
    callback: 'provider_refused',
    exchange: 'provider_refused',
    refresh: 'rejected',
    user: 'This attempt to connect is over.',
    action: 'reconnect',
  },
  unreadable: {
    callback: 'provider_misconfigured',
    exchange: 'provider_refused',
    refresh: 'rejected',
    user: 'Microsoft could not read what it was sent.',
    action: 'reconnect',
  },
  misconfigured: {
    callback: 'provider_misconfigured',
    exchange: 'provider_misconfigured',
    refresh: 'needs_operator',
    user: 'The connection to Microsoft is not set up correctly.',
    action: 'operator',
  },
  transient: {
    callback: 'provider_unavailable',
    exchange: 'provider_unavailable',
    refresh: 'unavailable',
    user: 'Microsoft is too busy to answer at the moment.',
    action: 'retry',
  },
  too_fast: {
    callback: 'provider_unavailable',
    exchange: 'provider_unavailable',
    refresh: 'unavailable',
    restMs: 10 * 60_000,
    user: 'Microsoft was asked too often in a short time.',
    action: 'retry',
  },
  unknown: {
    callback: 'provider_refused',
    exchange: 'provider_refused',
    refresh: 'unavailable',
    user: 'Microsoft refused the connection.',
    action: 'retry',
  },
};

/**
 * What an `error` means without a code that we know.
 *
 * @see [Error codes for authorization endpoint errors](https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#error-codes-for-authorization-endpoint-errors)
 * @see [Error codes for token endpoint errors](https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#error-codes-for-token-endpoint-errors)
 */
export const OAUTH_ERRORS: ReadonlyMap<string, ErrorKindName> = new Map<string, ErrorKindName>([
  ['access_denied', 'declined'],
  ['consent_required', 'approval_needed'],
  ['interaction_required', 'sign_in_again'],
  ['login_required', 'sign_in_again'],
  ['account_selection_required', 'sign_in_again'],
  ['invalid_grant', 'grant_over'],
  ['invalid_client', 'misconfigured'],
  ['unauthorized_client', 'misconfigured'],
  ['invalid_request', 'misconfigured'],
  ['invalid_resource', 'misconfigured'],
  ['invalid_scope', 'misconfigured'],
  ['unsupported_grant_type', 'misconfigured'],
  ['unsupported_response_type', 'misconfigured'],
  ['unsupported_response_mode', 'misconfigured'],
  ['server_error', 'transient'],
  ['temporarily_unavailable', 'transient'],
]);
