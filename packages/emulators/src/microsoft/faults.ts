/**
 * The endpoints a fault can strike. `authorize` and `adminconsent` are the pages; `identity` is discovery, keys and userinfo;
 * `graph` is everything under `/v1.0`, `ews` is Exchange Online's `Exchange.asmx`.
 */
export const MICROSOFT_ENDPOINT_GROUPS = ['authorize', 'adminconsent', 'token', 'identity', 'graph', 'ews'] as const;

/** One of {@link MICROSOFT_ENDPOINT_GROUPS}. */
export type MicrosoftEndpointGroup = (typeof MICROSOFT_ENDPOINT_GROUPS)[number];

/** Trouble to make: a delay, an error, or both. */
export interface MicrosoftFault {
  /** The default is every group. */
  readonly group?: MicrosoftEndpointGroup;
  /** Strikes calls of this person only; known for `graph` and `ews` calls with a valid token. */
  readonly email?: string;
  /** Waits this long before going on. */
  readonly delayMs?: number;
  /** Answers with this status instead of doing the work. */
  readonly status?: 401 | 403 | 404 | 429 | 500 | 502 | 503 | 504;
  /** `error.code` of a Graph error; the default is the usual one of the status. */
  readonly graphCode?: string;
  /** With `ews`, a SOAP fault of this code, HTTP 500 whatever the status; `retryAfterSeconds` becomes its `BackOffMilliseconds`. */
  readonly ewsCode?: string;
  /** An AADSTS code: `token` answers it, `authorize` and `adminconsent` send it to the callback at once. */
  readonly aadsts?: number;
  /** Sends `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** How many requests it strikes; the default is every one until it is removed. */
  readonly times?: number;
}

/** Returns the group that a path belongs to. */
export function endpointGroup(path: string): MicrosoftEndpointGroup {
  if (path.startsWith('/v1.0/')) return 'graph';
  if (path.toLowerCase() === '/ews/exchange.asmx') return 'ews';
  if (path.includes('/adminconsent')) return 'adminconsent';
  if (path.includes('/oauth2/v2.0/authorize')) return 'authorize';
  return path.endsWith('/oauth2/v2.0/token') ? 'token' : 'identity';
}
