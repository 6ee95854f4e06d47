/** One password that somebody has typed, or that is kept for them, where several places may ask for it. */
export interface LoginAttempt {
  /** Whether anything that could count as a wrong try has been sent. */
  readonly isSent: boolean;
  /** Whether a server has refused it: it is sent nowhere any more, because a further refusal would count as another wrong try. */
  readonly isRefused: boolean;
  noteSent(): void;
  noteRefused(): void;
}

/** Begins one. */
export function createLoginAttempt(): LoginAttempt {
  let isSent = false;
  let isRefused = false;
  return {
    get isSent() {
      return isSent;
    },
    get isRefused() {
      return isRefused;
    },
    noteSent: () => void (isSent = true),
    noteRefused: () => void (isRefused = true),
  };
}
