import type { ConnectionSummary } from '@calendar-connect/protocol';
import { CalendarConnectError, codeOf, isPassing } from './calendar-connect-error.ts';
import type { ConnectSession } from './connect-session.ts';
import type { PolledStatus, SessionClient } from './session-client.ts';

const ATTEMPTS = 3;
const PAUSE_MS = 1000;
/** Half of a code's life. Within it a code that comes twice is only refused; later it would revoke what the first one gave. */
const MAY_COME_AGAIN_MS = 30_000;

/** What handing over a code needs. */
export interface ExchangeOptions {
  readonly client: Pick<SessionClient, 'exchange' | 'status'>;
  readonly session: ConnectSession;
  /** The poll that found the session connected. */
  readonly status: PolledStatus;
  readonly signal: AbortSignal;
  /** Whether other tabs may hand over a code of the same session. */
  readonly shared: boolean;
}

/**
 * Hands the session's code to a server. Where the answer does not come it asks for another code and tries again, three times in all. A code
 * that came in the address is the only one: it is sent again while it is fresh, because its request may never have arrived.
 *
 * @returns `undefined` where another tab was first.
 * @throws `exchange_failed` where the server did not say yes.
 */
export async function exchangeCode(options: ExchangeOptions): Promise<ConnectionSummary | undefined> {
  // Every new code ends the one before, so tabs that wait for the same session take turns.
  return options.shared ? navigator.locks.request(options.session.id, () => exchange(options)) : exchange(options);
}

async function exchange({ client, session, status, signal, shared }: ExchangeOptions): Promise<ConnectionSummary | undefined> {
  let { code } = status;
  let fault: unknown;
  const since = Date.now();
  for (let attempt = 0; attempt < ATTEMPTS && code; attempt += 1) {
    try {
      return await client.exchange({ code, code_verifier: session.verifier });
    } catch (error) {
      fault = error;
      // A code lives 60 seconds: a computer that slept in between holds an old one.
      if (!isPassing(error) && codeOf(error) !== 'invalid_grant') break;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempt));
    const another = (await client.status(session, { signal })).code;
    code = another ?? (isPassing(fault) && Date.now() - since < MAY_COME_AGAIN_MS ? code : undefined);
  }
  if (shared && !code && (!fault || codeOf(fault) === 'invalid_grant')) return undefined;
  throw new CalendarConnectError('exchange_failed', String(fault), fault);
}
