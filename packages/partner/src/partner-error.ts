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
  /** The code or receipt is unknown, too old or was redeemed before, or what came with it is not what it was made for. */
  | 'invalid_grant'
  /** The application has no session of this id. */
  | 'session_not_found'
  /** The backend refused for another reason; the message says which. */
  | 'refused'
  /** The backend has an error of its own: try again. */
  | 'unavailable'
  /** What answered does not speak like a Calendar Connect backend: is `issuer` right? */
  | 'unexpected_answer'
  /** `onTokens` of an exchange handler failed: the calendar is connected and your server has no tokens of it. The cause is what it threw. */
  | 'tokens_not_kept'
  /** `user` or `authorization` of an exchange handler failed, before anything was redeemed. The cause is what it threw. */
  | 'callback_failed';

/** What a {@link PartnerError} is made with. */
export interface PartnerErrorDetails {
  readonly status?: number | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly cause?: unknown;
}

/** The only error that this package throws. No secret, token, code or receipt is ever in its message. */
export class PartnerError extends Error {
  /** What went wrong. */
  readonly code: PartnerErrorCode;
  /** The HTTP status, where there was an answer. */
  readonly status: number | undefined;
  /** When the backend wants to be asked again, where it said so. */
  readonly retryAfterSeconds: number | undefined;

  constructor(code: PartnerErrorCode, message: string, details: PartnerErrorDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.name = 'PartnerError';
    this.code = code;
    this.status = details.status;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}
