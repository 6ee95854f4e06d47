import type { Conversation } from '../../../outbound/conversation.ts';
import type { OutboundInit } from '../../../outbound/outbound.ts';
import { channelBindingHash } from '../ntlm/channel-binding.ts';
import { authenticateMessage, negotiateMessage, readChallenge } from '../ntlm/messages.ts';
import { NtlmChallengeError } from '../ntlm/ntlm-error.ts';
import { readChallenges } from './challenges.ts';
import { chooseScheme, modernAuthOf, type Scheme, type SchemeMemory } from './choose-scheme.ts';
import type { LoginAttempt } from './login-attempt.ts';
import { type Refusal, refusalOf, refusalOfStatus } from './outcome.ts';
import { parseUserName, type UserName } from './user-name.ts';
import { textFault } from './text-fault.ts';

/** Exchange administrators can let clients in by it: stable. */
const USER_AGENT = 'CalendarConnect/1.0';
/** Windows takes 127 characters of a password, and 256 in some places. */
const MAX_PASSWORD_LENGTH = 256;

/** Who logs in. Both as the person typed them; the password is a secret. */
export interface ExchangeLogin {
  readonly userName: string;
  readonly password: string;
}

/** What logging in is made of. */
export interface SessionParts {
  readonly now: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly schemes: SchemeMemory;
  /** Of everything that one password is tried for. Default: one for each session. */
  readonly attempt?: LoginAttempt | undefined;
  /**
   * Whether NTLM says which certificate it sees, as Windows always does. Only for a server behind a device with another certificate, which
   * Windows cannot log in to either where Extended Protection is on. Default true.
   */
  readonly channelBinding?: boolean | undefined;
}

/** A request of a session. `authorization` is the session's. */
export type SessionRequest = Omit<OutboundInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> };

/** What came of a request. Every status but a refused login and a busy server is an answer. */
export type SessionAnswer = { readonly outcome: 'answered'; readonly response: Response } | Refusal;

/** One login on one connection. */
export interface ExchangeSession {
  readonly scheme: Scheme;
  /** Whether the connection still is. The next request would open another one, and log in there. */
  readonly open: boolean;
  /** Sends one request after the other; the first one logs in. */
  send(path: string, request: SessionRequest): Promise<SessionAnswer>;
  close(): void;
}

/** Reads what the person typed. */
export function readLogin({ userName, password }: ExchangeLogin): { readonly outcome: 'read'; readonly name: UserName } | Refusal {
  const name = parseUserName(userName);
  if (typeof name === 'string') return { outcome: 'credential_invalid', field: 'user_name', why: name };
  const why = textFault(password, MAX_PASSWORD_LENGTH);
  return why === undefined ? { outcome: 'read', name } : { outcome: 'credential_invalid', field: 'password', why };
}

/** Asks what is at a path, with nothing of the person's. @throws OutboundError */
export function ask(conversation: Conversation, path: string, init: OutboundInit = {}): Promise<Response> {
  return conversation.fetch(path, { ...init, headers: { 'user-agent': USER_AGENT } });
}

/** Only these paths are asked for credentials: Exchange's, in whatever case. */
export function isExchangePath(path: string): boolean {
  return /^\/(ews|autodiscover)\/[^?#]/i.test(path);
}

/** A login and the answer that asked for it. */
export interface SessionOpening {
  readonly conversation: Conversation;
  /** Of a request without credentials, at {@link path}. */
  readonly asked: Response;
  readonly path: string;
  readonly login: ExchangeLogin;
  /** Opens another conversation with the same server, where it ends one with each answer. @throws OutboundError */
  readonly reopen: () => Promise<Conversation>;
}

/**
 * Begins a session where an unauthenticated request was answered with 401 at a path of Exchange's, on that connection. Sends nothing of the person's yet.
 *
 * @throws OutboundError
 */
export async function beginSession(
  { conversation, asked, path, login, reopen }: SessionOpening,
  parts: SessionParts,
): Promise<{ readonly outcome: 'begun'; readonly session: ExchangeSession } | Refusal> {
  if (asked.status !== 401 || !isExchangePath(path)) return { outcome: 'not_exchange', status: asked.status };
  const choice = chooseScheme(offerOf(conversation, asked), parts.schemes);
  if (choice.outcome !== 'chosen') return choice.outcome === 'unexpected' ? ((await askForBearer(conversation, path)) ?? choice) : choice;
  const read = readLogin(login);
  if (read.outcome !== 'read') return read;
  if (parts.attempt?.isRefused === true) return { outcome: 'wrong_password' };
  const { name } = read;
  // RFC 7617 §2: nobody could tell where it ends.
  if (choice.scheme === 'basic' && name.whole.includes(':')) {
    return { outcome: 'credential_invalid', field: 'user_name', why: 'not_a_user_name' };
  }
  return { outcome: 'begun', session: new Session({ conversation, reopen, scheme: choice.scheme, name, password: login.password }, parts) };
}

/**
 * Exchange says that it takes tokens only to whoever says `Bearer`, with no token behind it.
 *
 * @see [How to configure Exchange Server on-premises to use Hybrid Modern Authentication](https://learn.microsoft.com/microsoft-365/enterprise/configure-exchange-server-for-hybrid-modern-authentication)
 */
async function askForBearer(conversation: Conversation, path: string): Promise<Refusal | undefined> {
  if (!conversation.open) return undefined;
  const answer = await conversation.fetch(path, { headers: { 'user-agent': USER_AGENT, authorization: 'Bearer' } });
  return answer.status === 401 ? modernAuthOf(offerOf(conversation, answer).challenges) : undefined;
}

function offerOf({ origin }: Conversation, response: Response): Parameters<typeof chooseScheme>[0] {
  const url = new URL(origin);
  return { challenges: readChallenges(response.headers.get('www-authenticate')), host: url.host, secure: url.protocol === 'https:' };
}

interface SessionState {
  readonly conversation: Conversation;
  readonly reopen: () => Promise<Conversation>;
  readonly scheme: Scheme;
  readonly name: UserName;
  readonly password: string;
}

class Session implements ExchangeSession {
  readonly scheme: Scheme;
  readonly #state: SessionState;
  readonly #parts: SessionParts;
  #conversation: Conversation;
  #loggedIn = false;
  #closed = false;
  /** A password that was refused is not sent again: each time counts towards locking the account. */
  #refused: Refusal | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(state: SessionState, parts: SessionParts) {
    this.scheme = state.scheme;
    this.#state = state;
    this.#conversation = state.conversation;
    this.#parts = parts;
  }

  get open(): boolean {
    return this.#conversation.open;
  }

  close(): void {
    this.#closed = true;
    this.#conversation.close();
  }

  async send(path: string, request: SessionRequest): Promise<SessionAnswer> {
    // Two handshakes on one connection would take each other's challenge.
    const before = this.#last;
    const sent = before.then(() => this.#send(path, request));
    this.#last = sent.catch(() => undefined);
    return sent;
  }

  async #send(path: string, request: SessionRequest): Promise<SessionAnswer> {
    if (this.#refused !== undefined) return this.#refused;
    try {
      await this.#makeReady();
      const answer = this.scheme === 'basic' ? await this.#sendBasic(path, request) : await this.#sendNtlm(path, request);
      if (answer.outcome === 'wrong_password') {
        this.#refused = answer;
        this.#parts.attempt?.noteRefused();
      }
      return answer;
    } catch (error) {
      return error instanceof NtlmChallengeError ? { outcome: 'unexpected', detail: `${error.code} ${error.fault}` } : refusalOf(error);
    }
  }

  /** A server may end the connection with each answer; a login is for one connection. */
  async #makeReady(): Promise<void> {
    if (this.open || this.#closed) return;
    this.#conversation = await this.#state.reopen();
    this.#loggedIn = false;
  }

  async #sendBasic(path: string, request: SessionRequest): Promise<SessionAnswer> {
    const { name, password } = this.#state;
    this.#parts.attempt?.noteSent();
    return this.#answer(await this.#fetch(path, request, `Basic ${Buffer.from(`${name.whole}:${password}`).toString('base64')}`));
  }

  async #sendNtlm(path: string, request: SessionRequest): Promise<SessionAnswer> {
    if (!this.#loggedIn) return this.#logIn(path, request);
    const response = await this.#fetch(path, request);
    // A server can want the login once per request, or once in a while.
    return response.status === 401 && this.open ? this.#logIn(path, request) : this.#answer(response);
  }

  /** The three messages of NTLM on this connection; the request goes with the last of them. */
  async #logIn(path: string, request: SessionRequest): Promise<SessionAnswer> {
    const header = this.scheme === 'ntlm' ? 'NTLM' : 'Negotiate';
    const negotiate = negotiateMessage();
    // Without its body, which would be sent twice.
    const challenged = await this.#fetch(
      path,
      { ...request, body: request.body === undefined ? undefined : '' },
      `${header} ${negotiate.toString('base64')}`,
    );
    if (challenged.status !== 401) {
      return refusalOfStatus(challenged, this.#parts.now()) ?? { outcome: 'unexpected', detail: `ntlm_unheeded ${challenged.status}` };
    }
    const { challenges } = offerOf(this.#conversation, challenged);
    const token = challenges.find(({ scheme, token68 }) => scheme === this.scheme && token68 !== undefined)?.token68;
    if (token === undefined) {
      const basicAlone = challenges.length > 0 && challenges.every(({ scheme }) => scheme === 'basic');
      return basicAlone ? { outcome: 'downgrade_refused' } : { outcome: 'unexpected', detail: 'ntlm_without_challenge' };
    }
    const authenticate = this.#authenticate(readChallenge(token), negotiate);
    // Something on the way ends each connection with its answer; the login would be on another.
    if (!this.open) return { outcome: 'unexpected', detail: 'connection_not_kept' };
    this.#parts.attempt?.noteSent();
    const response = await this.#fetch(path, request, `${header} ${authenticate.toString('base64')}`);
    this.#loggedIn = response.status !== 401;
    return this.#answer(response);
  }

  #authenticate(challenge: ReturnType<typeof readChallenge>, negotiate: Uint8Array): Buffer {
    const { name, password } = this.#state;
    const conversation = this.#conversation;
    const { channelBinding = true, now, randomBytes } = this.#parts;
    return authenticateMessage(challenge, {
      login: { user: name.user, domain: name.domain, password },
      negotiate,
      channelBindings: channelBindingHash(channelBinding ? conversation.serverEndPoint : undefined),
      targetName: `HTTP/${new URL(conversation.origin).hostname}`,
      clientChallenge: randomBytes(8),
      nowMs: now(),
    });
  }

  #answer(response: Response): SessionAnswer {
    if (response.status === 401) return { outcome: 'wrong_password' };
    return refusalOfStatus(response, this.#parts.now()) ?? { outcome: 'answered', response };
  }

  #fetch(path: string, request: SessionRequest, authorization?: string): Promise<Response> {
    const headers = { 'user-agent': USER_AGENT, ...request.headers, ...(authorization !== undefined && { authorization }) };
    return this.#conversation.fetch(path, { ...request, headers });
  }
}
