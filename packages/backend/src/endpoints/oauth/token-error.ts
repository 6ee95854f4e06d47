import { answerJson } from '../json-answer.ts';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** Error codes of the token and revocation endpoints ([RFC 6749 §5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2)). */
export type TokenErrorCode = 'invalid_request' | 'invalid_client' | 'invalid_grant' | 'unsupported_grant_type' | 'invalid_scope';

/** A refusal by an OAuth endpoint that a partner's server asks. */
export class TokenError extends Error {
  readonly code: TokenErrorCode;
  readonly status: ContentfulStatusCode;

  constructor(code: TokenErrorCode, description: string, status: ContentfulStatusCode = 400) {
    super(description);
    this.name = 'TokenError';
    this.code = code;
    this.status = status;
  }
}

/** Tokens and refusals are nobody's to keep ([RFC 6749 §5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1)). */
export function forbidCaching(c: Context): void {
  c.header('Cache-Control', 'no-store');
  c.header('Pragma', 'no-cache');
}

/** A refusal in the form of RFC 6749 §5.2. */
export function tokenErrorAnswer(c: Context, error: TokenError): Response {
  forbidCaching(c);
  if (error.status === 401) c.header('WWW-Authenticate', 'Basic realm="calendar-connect"');
  return answerJson(c, { error: error.code, error_description: error.message }, error.status);
}
