/** Somebody asks too often. Says when to come back, never what was counted. */
export class RateLimited extends Error {
  readonly code = 'rate_limited';
  /** For `Retry-After` ([RFC 9110 §10.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3)), at least 1. */
  readonly retryAfterSeconds: number;

  constructor(waitMs: number) {
    const seconds = Math.max(1, Math.ceil(waitMs / 1000));
    super(`Too many requests. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`);
    this.name = 'RateLimited';
    this.retryAfterSeconds = seconds;
  }
}
