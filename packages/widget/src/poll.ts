import { isEnded } from '@calendar-connect/protocol';
import { isPassing } from './calendar-connect-error.ts';
import type { ConnectSession } from './connect-session.ts';
import type { PolledStatus, SessionClient } from './session-client.ts';

const WAIT_SECONDS = 25;
/** A connection that fell asleep with the computer never answers; after this it is given up and made anew. */
const ANSWER_LIMIT_MS = 40_000;
const LONGEST_PAUSE_MS = 16_000;
const FAILURES_BEFORE_A_WORD = 3;
/** An administrator may take days: after some minutes a page that is left open asks only now and then, and at once where somebody looks at it. */
const CALM_AFTER_MS = 5 * 60_000;
const CALM_PAUSE_MS = 60_000;

/** What watching a session needs. */
export interface PollOptions {
  readonly client: Pick<SessionClient, 'status'>;
  readonly session: ConnectSession;
  /** Ends it: the promise then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Told of every answer before the end. */
  readonly onStatus: (status: PolledStatus) => void;
  /** Told `true` after a few failures in a row, `false` when an answer comes again. */
  readonly onUnreachable: (unreachable: boolean) => void;
}

/** A session being watched. */
export interface Poll {
  /** How the session ended. Rejects with the backend's refusal, for instance `session_not_found`. */
  readonly result: Promise<PolledStatus>;
  /** Asks now instead of when the present wait is over. */
  nudge(): void;
}

/** Watches a session until it ends, by long polling. Network faults are waited out for as long as the session lives. */
export function pollSession({ client, session, signal, onStatus, onUnreachable }: PollOptions): Poll {
  let turn = new AbortController();

  async function watch(): Promise<PolledStatus> {
    let after = session.minted.version;
    let failures = 0;
    let { expiresAtMs } = session;
    const calmAtMs = Date.now() + CALM_AFTER_MS;
    while (Date.now() < expiresAtMs) {
      turn = new AbortController();
      const stop = AbortSignal.any([signal, turn.signal]);
      try {
        const limit = AbortSignal.any([stop, AbortSignal.timeout(ANSWER_LIMIT_MS)]);
        const status = await client.status(session, { after, waitSeconds: WAIT_SECONDS, signal: limit });
        if (isEnded(status.state)) return status;
        onStatus(status);
        after = status.version;
        failures = 0;
        if (status.admin_approval) {
          // By now it lives longer than the hour it was made for; the backend says when it is over.
          expiresAtMs = Infinity;
          if (Date.now() > calmAtMs) await pause(CALM_PAUSE_MS, stop);
        }
      } catch (error) {
        signal.throwIfAborted();
        if (!isPassing(error)) throw error;
        if (!stop.aborted) await pause(Math.min(1000 * 2 ** failures++, LONGEST_PAUSE_MS), stop);
      }
      onUnreachable(failures >= FAILURES_BEFORE_A_WORD);
    }
    return { state: 'expired', version: after };
  }

  return { result: watch(), nudge: () => turn.abort() };
}

/** Waits, or less where the signal aborts. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
    signal.addEventListener('abort', () => resolve());
  });
}
