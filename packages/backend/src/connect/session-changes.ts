import type { Backend } from '../backend.ts';

/** How often the database is asked whether another process has changed a session that is waited for. */
const LOOK_AGAIN_MS = 1000;

/** How many sessions one question asks about: one statement text for each size, so that each is prepared once. */
const SIZES = [1, 8, 64, 512] as const;

/** A session as whoever waits knows it. */
export interface KnownSession {
  readonly id: string;
  readonly version: number;
  /** It changes by itself then. */
  readonly expiresAtMs: number;
}

/** Tells the polls that wait in this process when a session changes, here or at another backend on the same database. */
export interface SessionChanges {
  announce(sessionId: string): void;
  /** Resolves when the session is not as it is known any more, by an announcement at once and else within about a second. Never rejects. */
  next(session: KnownSession, signal: AbortSignal): Promise<void>;
}

/**
 * While any poll waits, one question a second asks for the versions of all sessions that are waited for, however many polls there are: on
 * every database the same, with no connection held open for it. Where nobody waits, nothing is asked.
 */
export function createSessionChanges({ store, now }: Pick<Backend, 'store' | 'now'>): SessionChanges {
  const waiting = new Map<string, Set<Waiter>>();
  let looking = false;

  async function look(): Promise<void> {
    const ids = [...waiting.keys()];
    for (let from = 0; from < ids.length; from += SIZES[3]) {
      // A database that cannot be asked just now is asked again a second later; the poll itself tells of it when its time is up.
      const versions = await store.sessionVersions(padded(ids.slice(from, from + SIZES[3]))).catch(() => undefined);
      if (versions !== undefined) for (const id of ids.slice(from, from + SIZES[3])) wake(id, versions.get(id));
    }
  }

  function wake(id: string, version: number | undefined): void {
    for (const waiter of waiting.get(id) ?? []) {
      if (waiter.session.version !== version || waiter.session.expiresAtMs <= now()) waiter.wake();
    }
  }

  function lookLater(): void {
    if (looking) return;
    looking = true;
    setTimeout(() => {
      void look().finally(() => {
        looking = false;
        if (waiting.size > 0) lookLater();
      });
    }, LOOK_AGAIN_MS).unref();
  }

  function next(session: KnownSession, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const waiters = waiting.get(session.id) ?? new Set();
      const wake = (): void => {
        waiters.delete(waiter);
        if (waiters.size === 0 && waiting.get(session.id) === waiters) waiting.delete(session.id);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const waiter: Waiter = { session, wake };
      waiting.set(session.id, waiters.add(waiter));
      signal.addEventListener('abort', wake);
      lookLater();
    });
  }

  return {
    announce: (sessionId) => {
      for (const waiter of waiting.get(sessionId) ?? []) waiter.wake();
    },
    next,
  };
}

interface Waiter {
  readonly session: KnownSession;
  readonly wake: () => void;
}

/** Repeats the last id up to the next size. */
function padded(ids: readonly string[]): string[] {
  const size = SIZES.find((each) => each >= ids.length) ?? ids.length;
  return Array.from({ length: size }, (_, index) => ids[Math.min(index, ids.length - 1)] ?? '');
}
