import {
  ACCESS_MODES,
  type AccessMode,
  type AdminApprovalStatus,
  type ClaimRequest,
  type ConnectionSummary,
  type ExchangeRequest,
  type FailureReason,
  type FailureSentences,
  type MintedSession as Minted,
  type SessionRequest,
  type SessionState,
  type SessionStatus,
} from '@calendar-connect/protocol';
import { number, object, oneOf, optional, text, type Parser } from './narrowing.ts';
import { parseConnection, parseOffer, type ShownConnection, type ShownOffer } from './offer.ts';
import type { RequestJson } from './request-json.ts';

/** What the element looks at of the answer of a mint or a claim. */
export type MintedSession = Omit<Minted, 'offer' | 'change'> & { offer: ShownOffer; change?: ShownConnection };

/** Who asks about a session. */
export interface SessionHolder {
  readonly id: string;
  readonly secret: string;
}

/** How long an answer may take. */
export interface PollOptions {
  /** Waits for a version greater than this. */
  readonly after?: number;
  /** Not at all where absent. */
  readonly waitSeconds?: number;
  readonly signal?: AbortSignal | null;
}

/** JSON leaves out what is undefined. */
type Unset<T> = { readonly [K in keyof T]: T[K] | undefined };

/** The element's half of the connect endpoints. Refusals are thrown as `CalendarConnectError` with the backend's code. */
export interface SessionClient {
  mint(body: Unset<SessionRequest>, retryOfSecret?: string): Promise<MintedSession>;
  claim(id: string, body: Unset<ClaimRequest>): Promise<MintedSession>;
  status(holder: SessionHolder, options?: PollOptions): Promise<PolledStatus>;
  /** Says that the person was told they need approval. */
  needApproval(holder: SessionHolder): Promise<PolledStatus>;
  /** Outlives the page. */
  cancel(holder: SessionHolder): Promise<unknown>;
  exchange(body: ExchangeRequest): Promise<ConnectionSummary>;
}

/** Where a session client talks to. */
export interface SessionClientOptions {
  readonly backend: URL;
  readonly clientId: string;
  readonly request: RequestJson;
  /** The partner's own endpoint that gets the code; the backend's where absent. */
  readonly exchange?: URL | undefined;
}

/** Makes the client of one backend and one application. */
export function createSessionClient({ backend, clientId, exchange, request }: SessionClientOptions): SessionClient {
  const at = (path: string, query = {}): URL => {
    const url = new URL(`connect/${path}`, backend);
    url.search = String(new URLSearchParams({ client_id: clientId, ...query }));
    return url;
  };
  const post = (to: string | URL, body: object, secret?: string): Promise<unknown> => {
    // A partner's endpoint on the page's own origin may know the person by a cookie; nobody else is sent one.
    const [url, credentials] = typeof to === 'string' ? ([at(to), 'omit'] as const) : ([to, 'same-origin'] as const);
    const headers = { 'Content-Type': 'application/json', ...(secret && bearer(secret)) };
    return request(url, { method: 'POST', body: JSON.stringify(body), headers, credentials });
  };
  return {
    mint: (body, retryOfSecret) => post('sessions', body, retryOfSecret).then(parseMintedSession),
    claim: (id, body) => post(`sessions/${id}/claim`, body).then(parseMintedSession),
    status({ id, secret }, { after = 0, waitSeconds = 0, signal = null } = {}) {
      const url = at(`sessions/${id}`, { wait: waitSeconds, after });
      return request(url, { headers: bearer(secret), cache: 'no-store', signal }).then(parseSessionStatus);
    },
    needApproval: ({ id, secret }) => post(`sessions/${id}/admin_approval`, {}, secret).then(parseSessionStatus),
    cancel: ({ id, secret }) => request(at(`sessions/${id}`), { method: 'DELETE', keepalive: true, headers: bearer(secret) }),
    exchange: (body) => post(exchange ?? 'exchange', body).then(parseConnectionSummary),
  };
}

function bearer(secret: string): Record<string, string> {
  return { Authorization: `Bearer ${secret}` };
}

/** A closed set that may have grown since this element was made: what it does not know, it treats as nothing special. */
type Open<T extends string> = Parser<T>;

/** Names the answer of a mint or a claim. @throws TypeError where it is not one. */
export const parseMintedSession: Parser<MintedSession> = object<MintedSession>({
  id: text,
  secret: text,
  expires_in: number,
  state: text as Open<SessionState>,
  version: number,
  offer: parseOffer,
  end_user: optional(object<{ name: string }>({ name: text })),
  change: optional(parseConnection),
  ticket: optional(text),
});

/** What the element looks at of what a session waits for. */
type PolledApproval = Pick<AdminApprovalStatus, 'organisation' | 'url' | 'mail' | 'decision'>;

/** What the element looks at in a session. */
export type PolledStatus = Pick<
  SessionStatus,
  'state' | 'version' | 'reason' | 'failure' | 'failure_code' | 'provider' | 'access_mode' | 'code'
> & { admin_approval?: PolledApproval };

/** Names the answer of a poll. @throws TypeError where it is not one. */
export const parseSessionStatus: Parser<PolledStatus> = object<PolledStatus>({
  state: text as Open<SessionState>,
  version: number,
  reason: optional(text as Open<FailureReason>),
  failure_code: optional(text),
  failure: optional(object<FailureSentences>({ happened: text, todo: text })),
  provider: optional(text),
  access_mode: optional(text as Open<AccessMode>),
  code: optional(text),
  admin_approval: optional(
    object<PolledApproval>({
      organisation: optional(text),
      url: text,
      mail: text,
      decision: optional(text as Open<'declined'>),
    }),
  ),
});

/** Names the answer of an exchange. @throws TypeError where it is not one. */
const parseConnectionSummary: Parser<ConnectionSummary> = object<ConnectionSummary>({
  account_id: text,
  profile_id: text,
  provider: text,
  access_mode: oneOf(ACCESS_MODES),
  name: text,
  receipt: optional(text),
});
