import { type LogInParts, type LogInRequest, openSession } from './log-in.ts';
import { createLoginGate } from './login-gate.ts';
import type { Refusal } from './outcome.ts';
import type { ExchangeSession, SessionAnswer, SessionRequest } from './session.ts';

/** A request to EWS. */
export interface AccountRequest extends SessionRequest {
  /**
   * Whether it may arrive twice: one that only reads. A server can close a connection in the moment that it is used, and then nobody knows
   * whether the request has arrived.
   */
  readonly repeatable: boolean;
}

/**
 * The connection of one account: opened with its first request, opened anew where the server has closed it, and nobody else's ever. Once the
 * password was refused, every further request is, without asking: a few more would lock the account.
 */
export interface AccountConnection {
  /** Sends one request after the other, with POST to EWS. */
  send(request: AccountRequest): Promise<SessionAnswer>;
  /** Ends it. The next request would open it anew. */
  close(): void;
}

/** What a request gets whose connection broke. */
const LOST: readonly string[] = ['ECONNRESET', 'EPIPE'];
/** As {@link LOST}, and nothing was sent. */
const OVER = 'CONVERSATION_OVER';

/** Makes the connection of an account. Nothing is asked yet. Without `logins` it has a gate of its own. */
export function createAccountConnection(account: Omit<LogInRequest, 'signal'>, parts: LogInParts): AccountConnection {
  const { logins = createLoginGate() } = parts;
  let session: ExchangeSession | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let refused: SessionAnswer | undefined;

  async function sendOnce(request: AccountRequest): Promise<SessionAnswer & { readonly again?: boolean }> {
    if (refused !== undefined) return refused;
    const known = session?.open === true ? session : undefined;
    const answer = known === undefined ? await logins.first(account, () => openAndSend(request)) : await sendBy(known, request);
    if (answer.outcome !== 'answered') close();
    if (answer.outcome === 'wrong_password') refused = answer;
    return { ...answer, again: known !== undefined && wasLost(answer, request.repeatable) };
  }

  async function openAndSend(request: AccountRequest): Promise<SessionAnswer> {
    const opened = await openSession({ ...account, signal: request.signal }, parts);
    if (opened.outcome !== 'begun') return opened;
    session = opened.session;
    return sendBy(session, request);
  }

  function sendBy(by: ExchangeSession, { repeatable: _repeatable, ...request }: AccountRequest): Promise<SessionAnswer> {
    const headers = {
      'content-type': 'text/xml; charset=utf-8',
      accept: 'text/xml',
      'x-anchormailbox': account.mailbox,
      ...request.headers,
    };
    return by.send(account.url.pathname, { ...request, method: 'POST', headers });
  }

  function close(): void {
    session?.close();
    session = undefined;
  }

  async function send(request: AccountRequest): Promise<SessionAnswer> {
    const { again, ...answer } = await sendOnce(request);
    if (again !== true) return answer;
    const { again: _again, ...second } = await sendOnce(request);
    return second;
  }

  return {
    send: (request) => {
      const sent = last.then(() => send(request));
      last = sent.catch(() => undefined);
      return sent;
    },
    close,
  };
}

function wasLost(answer: SessionAnswer | Refusal, repeatable: boolean): boolean {
  return answer.outcome === 'unreachable' && (answer.reason === OVER || (repeatable && LOST.includes(answer.reason)));
}
