/**
 * Why a session ended as `failed`. Stable; the README of this package says what each means and what helps.
 */
export const FAILURE_REASONS = [
  'scopes_missing',
  'admin_policy_enforced',
  'provider_unavailable',
  'provider_refused',
  'provider_misconfigured',
  'identity_unverified',
  'no_refresh_token',
  'sign_in_required',
  'wrong_account',
  'no_mailbox',
  'server_not_found',
  'server_unreachable',
  'server_not_exchange',
  'server_access_denied',
  'server_too_old',
  'server_busy',
  'address_refused',
  'certificate_untrusted',
  'wrong_password',
  'account_locked',
  'access_switched_off',
  'login_unsafe',
  'modern_sign_in_required',
  'mailbox_in_cloud',
] as const;

/** One of {@link FAILURE_REASONS}. */
export type FailureReason = (typeof FAILURE_REASONS)[number];

/** Codes in the `error` member of a refusal by a `/connect/*` endpoint. Stable. */
export const CONNECT_ERROR_CODES = [
  'invalid_request',
  'unknown_application',
  'invalid_client',
  'origin_not_registered',
  'provider_not_offered',
  'access_mode_not_offered',
  'profile_not_found',
  'session_not_found',
  'session_ended',
  'session_already_claimed',
  'approval_not_applicable',
  'organisation_unknown',
  'invalid_grant',
  'rate_limited',
  'server_error',
] as const;

/** One of {@link CONNECT_ERROR_CODES}. */
export type ConnectErrorCode = (typeof CONNECT_ERROR_CODES)[number];

/** Codes that only the element finds out by itself. Stable. */
export const ELEMENT_ERROR_CODES = [
  'client_id_missing',
  'backend_missing',
  'backend_invalid',
  'exchange_invalid',
  'insecure_context',
  'backend_unreachable',
  'nothing_offered',
  'popup_blocked',
  'storage_blocked',
  'return_unknown',
  'form_blocked_by_policy',
  'exchange_failed',
] as const;

/** One of {@link ELEMENT_ERROR_CODES}. */
export type ElementErrorCode = (typeof ELEMENT_ERROR_CODES)[number];

/** Every value that `event.code` of a `calendar-connect-error` event can have. */
export type EventErrorCode = FailureReason | ConnectErrorCode | ElementErrorCode | 'expired';
