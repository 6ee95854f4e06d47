import {
  ACCESS_MODES,
  type ClaimRequest,
  type ConnectionSummary,
  type ExchangeRequest,
  type FailureReason,
  type MintedSession,
  type SessionRequest,
  type SessionState,
  type SessionStatus,
} from '@calendar-connect/protocol';
import { number, object, oneOf, optional, text, type Parser } from './narrowing.ts';
import { parseOffer } from './offer.ts';
import type { RequestJson } from './request-json.ts';

/** Who asks about a session. */
export interface SessionHolder {
  readonly id: string;
  readonly secret: string;
}

/** How long an answer may take. */
export interface PollOptions {
  /** Waits for a version greater than this. */
  readonly after?: number;
  readonly waitSeconds: number;
  readonly signal?: AbortSignal;
}

/** JSON leaves out what is undefined. */
type Unset<T> = { readonly [K in keyof T]: T[K] | undefined };

/** The element's half of the connect endpoints. Refusals are thrown as `CalendarConnectError` with the backend's code. */
export interface SessionClient {
  mint(body: Unset<SessionRequest>, retryOfSecret?: string): Promise<MintedSession>;
  claim(id: string, body: Unset<ClaimRequest>): Promise<MintedSession>;
  status(holder: SessionHolder, options: PollOptions): Promise<PolledStatus>;
  /** Outlives the page. */
  cancel(holder: SessionHolder): Promise<void>;
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
  const at = (path: string, query: Record<string, string> = {}): URL => {
    const url = new URL(`connect/${path}`, backend);
    url.search = new URLSearchParams({ client_id: clientId, ...query }).toString();
    return url;
  };
  return {
    mint: async (body, retryOfSecret) => parseMintedSession(await request(at('sessions'), post(body, retryOfSecret))),
    claim: async (id, body) => parseMintedSession(await request(at(`sessions/${id}/claim`), post(body))),
    status: async ({ id, secret }, { after, waitSeconds, signal }) => {
      const query = { wait: `${waitSeconds}`, ...(after && { after: `${after}` }) };
      return parseSessionStatus(
        await request(at(`sessions/${id}`, query), { headers: bearer(secret), cache: 'no-store', ...(signal && { signal }) }),
      );
    },
    cancel: async ({ id, secret }) => {
      await request(at(`sessions/${id}`), { method: 'DELETE', keepalive: true, headers: bearer(secret) });
    },
    exchange: async (body) => {
      // A partner's endpoint on the page's own origin may know the person by a cookie; nobody else is sent one.
      const credentials = exchange ? 'same-origin' : 'omit';
      return parseConnectionSummary(await request(exchange ?? at('exchange'), { ...post(body), credentials }));
    },
  };
}

function post(body: object, secret?: string): RequestInit {
  return { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', ...(secret ? bearer(secret) : {}) } };
}

function bearer(secret: string): Record<string, string> {
  return { Authorization: `Bearer ${secret}` };
}

/** A closed set that may have grown since this element was made: what it does not know, it treats as nothing special. */
function open<T extends string>(): Parser<T> {
  return text as Parser<T>;
}

/** Names the answer of a mint or a claim. @throws TypeError where it is not one. */
export const parseMintedSession: Parser<MintedSession> = object<MintedSession>({
  id: text,
  secret: text,
  expires_in: number,
  state: open<SessionState>(),
  version: number,
  offer: parseOffer,
  end_user: optional(object<{ name: string }>({ name: text })),
  ticket: optional(text),
});

/** What the element looks at in a session. */
export type PolledStatus = Pick<SessionStatus, 'state' | 'version' | 'reason' | 'code'>;

/** Names the answer of a poll. @throws TypeError where it is not one. */
const parseSessionStatus: Parser<PolledStatus> = object<PolledStatus>({
  state: open<SessionState>(),
  version: number,
  reason: optional(open<FailureReason>()),
  code: optional(text),
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
