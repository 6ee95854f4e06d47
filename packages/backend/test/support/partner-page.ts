import type {
  AccessMode,
  ConnectErrorBody,
  ConnectionSummary,
  MintedSession,
  SessionRequest,
  SessionStatus,
} from '@calendar-connect/protocol';
import { challengeOf, newCodeVerifier } from '../../src/oauth/pkce.ts';
import type { Browser, Screen } from './browser.ts';
import { type AtGoogle, goThroughGoogle } from './consent.ts';
import { PAGE_ORIGIN, type Reachable } from './world.ts';

/** An answer with a JSON body, which is what the test expects it to be. */
export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

export async function readAnswer<T>(response: Response): Promise<Answer<T>> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: (text === '' ? undefined : JSON.parse(text)) as T };
}

/** What the person chose in the element, and does at Google. */
export interface Connecting extends AtGoogle {
  readonly provider?: string;
  readonly accessMode?: AccessMode;
}

/** A page of a partner's, with the element on it, in somebody's browser. */
export interface PartnerPage {
  readonly browser: Browser;
  /** Opens the dialog: a session of the page's own. */
  mint(request?: Partial<SessionRequest>, secretOfRetried?: string): Promise<PageSession>;
  /** Takes over the session that the partner's server minted. */
  claim(session: string): Promise<PageSession>;
  /** Asks a `/connect/*` endpoint as the page's script does. */
  ask<T>(method: string, path: string, asking?: { body?: unknown; secret?: string; signal?: AbortSignal }): Promise<Answer<T>>;
}

/** A session in the hands of the element. */
export interface PageSession extends MintedSession {
  readonly verifier: string;
  /** Sends the form that opens the popup. */
  start(choice?: Connecting, from?: { origin: string | undefined }): Promise<Screen>;
  /** The whole popup, from the click to its last page. Somebody who is asked confirms that it is them. */
  connect(choice?: Connecting): Promise<Screen>;
  poll(query?: { after?: number; wait?: number }, signal?: AbortSignal): Promise<SessionStatus & { code?: string }>;
  cancel(): Promise<Answer<SessionStatus>>;
  /** Says that approval is needed, or which organisation it is. */
  sayApprovalNeeded(request?: { email?: string }): Promise<Answer<SessionStatus & ConnectErrorBody>>;
  exchange(code: string | undefined, verifier?: string): Promise<Answer<ConnectionSummary & ConnectErrorBody>>;
}

/** What a page refused to do: the element would fire `calendar-connect-error`. */
class PageRefusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor({ status, body }: Answer<ConnectErrorBody>) {
    super(`${status} ${body.error}: ${body.error_description}`);
    this.status = status;
    this.code = body.error;
  }
}

export function openPage(world: Reachable, { origin = PAGE_ORIGIN, clientId = world.application.clientId } = {}): PartnerPage {
  const browser = world.browser();
  const ask: PartnerPage['ask'] = async (method, path, { body, secret, signal } = {}) => {
    const separator = path.includes('?') ? '&' : '?';
    const response = await world.request(`${path}${separator}client_id=${clientId}`, {
      method,
      headers: {
        origin,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    return readAnswer(response);
  };
  const take = async (path: string, body: object, secret?: string): Promise<PageSession> => {
    const verifier = newCodeVerifier();
    const challenge = { code_challenge: challengeOf(verifier), code_challenge_method: 'S256' };
    const answer = await ask<MintedSession & ConnectErrorBody>('POST', path, {
      body: { ...challenge, ...body },
      ...(secret === undefined ? {} : { secret }),
    });
    if (answer.status >= 400) throw new PageRefusal(answer);
    return heldSession({ world, browser, origin, ask }, answer.body, verifier);
  };
  return {
    browser,
    ask,
    mint: (request = {}, secretOfRetried) => take('/connect/sessions', request, secretOfRetried),
    claim: (session) => take(`/connect/sessions/${session.split('.')[0] ?? ''}/claim`, { session }),
  };
}

interface Holding {
  readonly world: Reachable;
  readonly browser: Browser;
  readonly origin: string;
  readonly ask: PartnerPage['ask'];
}

function heldSession({ world, browser, origin, ask }: Holding, minted: MintedSession, verifier: string): PageSession {
  const { id, secret } = minted;
  const start: PageSession['start'] = (choice = {}, from = { origin }) =>
    browser.postFrom(from.origin, `${world.publicUrl}/connect/start/${id}`, {
      secret,
      provider: choice.provider ?? 'google',
      access_mode: choice.accessMode ?? 'free_busy',
    });
  return {
    ...minted,
    verifier,
    start,
    connect: async (choice = {}) => {
      const first = await start(choice);
      const page = first.text.includes('name="ticket"') ? await browser.submit(first, { press: 'Continue' }) : first;
      return goThroughGoogle(browser, page, choice);
    },
    poll: async (query = {}, signal) => {
      const asked = Object.entries(query).map(([name, value]) => `${name}=${value}`);
      const answer = await ask<SessionStatus & ConnectErrorBody>('GET', `/connect/sessions/${id}?${asked.join('&')}`, {
        secret,
        ...(signal === undefined ? {} : { signal }),
      });
      if (answer.status >= 400) throw new PageRefusal(answer);
      return answer.body;
    },
    cancel: () => ask('DELETE', `/connect/sessions/${id}`, { secret }),
    sayApprovalNeeded: (request = {}) => ask('POST', `/connect/sessions/${id}/admin_approval`, { secret, body: request }),
    exchange: (code, codeVerifier = verifier) => ask('POST', '/connect/exchange', { body: { code, code_verifier: codeVerifier } }),
  };
}
