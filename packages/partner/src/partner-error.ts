/** What {@link PartnerError} can have as `code`. Stable. */
export type PartnerErrorCode =
  /** An option is missing or malformed; nothing was sent. */
  | 'option_invalid'
  /** No answer: network, name, certificate. The cause says more. */
  | 'unreachable'
  /** No whole answer in time. */
  | 'timeout'
  /** The client id or client secret is wrong. */
  | 'invalid_client'
  /** The receipt is unknown, older than 10 minutes, or was redeemed before. */
  | 'invalid_grant'
  /** The application has no session of this id. */
  | 'session_not_found'
  /** The backend refused for another reason; the message says which. */
  | 'refused'
  /** The backend has an error of its own: try again. */
  | 'unavailable'
  /** What answered does not speak like a Calendar Connect backend: is `issuer` right? */
  | 'unexpected_answer';

/** The only error that this package throws. No secret, token or receipt is ever in it. */
export class PartnerError extends Error {
  /** What went wrong. */
  readonly code: PartnerErrorCode;
  /** The HTTP status, where there was an answer. */
  readonly status: number | undefined;

  constructor(code: PartnerErrorCode, message: string, options: { readonly status?: number; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'PartnerError';
    this.code = code;
    this.status = options.status;
  }
}
