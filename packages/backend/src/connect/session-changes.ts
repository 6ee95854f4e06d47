import { EventEmitter, once } from 'node:events';

/** How often a waiting poll looks at the database itself: another process may have changed the session. */
const LOOK_AGAIN_MS = 1000;

/** Tells the polls that wait in this process when a session changes. */
export interface SessionChanges {
  announce(sessionId: string): void;
  /** Resolves when the session may have changed: when it was announced here, or when it is time to look again. Never rejects. */
  next(sessionId: string, signal: AbortSignal): Promise<void>;
}

export function createSessionChanges(): SessionChanges {
  // Not the default limit of 10 listeners: one session may be waited for in many tabs.
  const emitter = new EventEmitter().setMaxListeners(0);
  return {
    announce: (sessionId) => void emitter.emit(sessionId),
    next: async (sessionId, signal) => {
      const woken = AbortSignal.any([signal, AbortSignal.timeout(LOOK_AGAIN_MS)]);
      await once(emitter, sessionId, { signal: woken }).catch(() => undefined);
    },
  };
}
