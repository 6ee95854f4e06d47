/** What Microsoft's sign-in service says with one of its codes. */
export interface AadstsEntry {
  /** `error` of the token endpoint's answer. */
  readonly error: string;
  /** `error` in a callback, where it is another. */
  readonly callbackError?: string;
  /** The token endpoint's status; the default is 400. */
  readonly status?: 401 | 503;
  readonly suberror?: string;
  /** Whether a claims challenge comes with it. */
  readonly withClaims?: boolean;
  readonly text: string;
}
