/** Codes of the errors that this package throws at its caller. Stable. */
export type CalendarConnectErrorCode =
  | 'option_invalid'
  | 'redirect_uri_invalid'
  | 'origin_invalid'
  | 'notification_url_invalid'
  | 'scope_invalid'
  | 'name_invalid'
  | 'application_not_found'
  | 'client_secret_needed'
  | 'client_secret_wrong'
  | 'access_modes_invalid'
  | 'default_access_mode_invalid'
  | 'providers_invalid'
  | 'accent_color_invalid'
  | 'logo_invalid'
  | 'privacy_url_invalid'
  | 'organizer_name_invalid'
  | 'organizer_email_invalid'
  | 'reply_to_invalid'
  | 'provider_unknown'
  | 'provider_client_id_invalid'
  | 'provider_client_secret_invalid'
  | 'provider_client_not_found';

/**
 * What this package throws when its caller can mend it: a wrong option, an address that cannot be registered.
 * `message` says which field, what was expected and what was received, and holds no secret.
 */
export class CalendarConnectError extends Error {
  readonly code: CalendarConnectErrorCode;

  constructor(code: CalendarConnectErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CalendarConnectError';
    this.code = code;
  }
}
