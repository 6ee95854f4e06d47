import type { Context } from 'hono';

/** An error of the token endpoint, with the status Google gives it. */
export class TokenError extends Error {
  readonly status: 400 | 401;
  readonly error: string;

  constructor(status: 400 | 401, error: string, description: string) {
    super(description);
    this.name = 'TokenError';
    this.status = status;
    this.error = error;
  }
}

/** Answers as the token endpoint does: `error` is OAuth's, the text behind it Google's. The exact texts are seen in the wild, not documented. */
export function answerTokenError(c: Context, { status, error, message }: TokenError): Response {
  return c.json({ error, error_description: message }, status);
}
