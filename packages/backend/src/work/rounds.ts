/** Something that is done again and again, never twice at once in this process. */
export interface Rounds {
  /** Does one round now, or right after the one that runs; it sees everything that was written before it begins. */
  again(): Promise<void>;
  /** Lets the round that runs end; there is none after it. */
  stop(): Promise<void>;
}

/** What the rounds are made of. */
export interface RoundsOptions {
  readonly everyMs: number;
  readonly round: () => Promise<void>;
  readonly failed: (error: unknown) => void;
}

/** The first round waits for this: who starts a server wants its first answer, and what waited for us while we were away has time. */
const FIRST_AFTER_MS = 500;

/** Does a round half a second from now, then every so often, and whenever it is asked to. */
export function startRounds({ everyMs, round, failed }: RoundsOptions): Rounds {
  let running = Promise.resolve();
  let isNextAsked = false;
  let isStopped = false;
  const again = (): Promise<void> => {
    if (isNextAsked || isStopped) return running;
    isNextAsked = true;
    running = running
      .then(() => {
        isNextAsked = false;
        return round();
      })
      .catch(failed);
    return running;
  };
  const first = setTimeout(() => void again(), FIRST_AFTER_MS).unref();
  const timer = setInterval(() => void again(), everyMs).unref();
  return {
    again,
    stop: async () => {
      clearTimeout(first);
      clearInterval(timer);
      isStopped = true;
      await running;
    },
  };
}
