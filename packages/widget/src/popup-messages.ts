import { POPUP_MESSAGES, type PopupMessage } from '@calendar-connect/protocol';

/** Whose messages count. */
export interface PopupConversation {
  readonly backend: URL;
  readonly session: { readonly id: string };
  /** Whether a window is the one that this element opened. */
  readonly isOurs: (source: MessageEventSource) => boolean;
  readonly onNudge: () => void;
  readonly signal: AbortSignal;
}

/** Answers the start page's question where it comes from the window we opened and from the backend, and passes on nudges of the backend. Everything else is ignored. */
export function listenToPopup({ backend, session: { id }, isOurs, onNudge, signal }: PopupConversation): void {
  const { origin } = backend;
  const listener = ({ origin: from, data, source }: MessageEvent<Partial<PopupMessage> | null>): void => {
    const { type, session, nonce } = (data ?? {}) as Record<string, unknown>;
    if (from !== origin || session !== id) return;
    if (type === POPUP_MESSAGES.nudge) onNudge();
    if (type === POPUP_MESSAGES.prove && typeof nonce === 'string' && source && isOurs(source)) {
      const proof: PopupMessage = { type: POPUP_MESSAGES.proof, session: id, nonce };
      (source as Window).postMessage(proof, origin);
    }
  };
  addEventListener('message', listener, { signal });
}
