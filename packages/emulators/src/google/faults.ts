/** The endpoints a fault can strike. `authorize` is the pages; `identity` is userinfo, tokeninfo, keys and discovery. */
export const ENDPOINT_GROUPS = ['authorize', 'token', 'revoke', 'identity', 'calendar', 'meet'] as const;

/** One of {@link ENDPOINT_GROUPS}. */
export type EndpointGroup = (typeof ENDPOINT_GROUPS)[number];

/** Trouble to make: a delay, an error, or both. */
export interface Fault {
  /** The default is every group. */
  readonly group?: EndpointGroup;
  /** Strikes calls of this person only; known for `calendar` and `meet` calls with a valid token. */
  readonly email?: string;
  /** Waits this long before going on. */
  readonly delayMs?: number;
  /** Answers with this status instead of doing the work: 403 or 429 for quotas, 5xx for outages. */
  readonly status?: 403 | 429 | 500 | 502 | 503 | 504;
  /** The `reason` in a Calendar error; the default is `rateLimitExceeded` or `backendError`. */
  readonly reason?: string;
  /** Sends `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** How many requests it strikes; the default is every one until it is removed. */
  readonly times?: number;
}

/** Returns the group that a path belongs to. */
export function endpointGroup(path: string): EndpointGroup {
  if (path.startsWith('/o/oauth2/v2/auth')) return 'authorize';
  if (path.startsWith('/calendar/')) return 'calendar';
  if (path.startsWith('/v2/')) return 'meet';
  if (path === '/token') return 'token';
  return path === '/revoke' ? 'revoke' : 'identity';
}
