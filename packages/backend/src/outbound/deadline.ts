/** One signal for both ends of patience: ours, by the clock, and the caller's. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Whether it was the clock. */
  expired(): boolean;
  /** Lets go of the clock. What is still under way is ended. */
  end(): void;
}

/** Starts the clock. */
export function startDeadline(timeoutMs: number, callers: AbortSignal | undefined): Deadline {
  const own = new AbortController();
  let expired = false;
  const timer = setTimeout(() => {
    expired = true;
    own.abort();
  }, timeoutMs);
  return {
    signal: callers === undefined ? own.signal : AbortSignal.any([own.signal, callers]),
    expired: () => expired,
    end: () => {
      clearTimeout(timer);
      own.abort();
    },
  };
}

/** Rejects when the signal fires even where the work heeds no signal. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
