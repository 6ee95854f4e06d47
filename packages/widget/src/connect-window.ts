import { listenToPopup } from './popup-messages.ts';
import { prepareStartForm, type StartFormOptions } from './start-form.ts';

const WIDTH = 520;
const HEIGHT = 720;
const LOOK_MS = 1000;

/** What a window for one session needs. */
export interface ConnectWindowOptions extends StartFormOptions {
  /** Something happened that makes it worth to ask the backend now. */
  readonly onNudge: () => void;
  /** A guess, for a gentle word only: a provider's opener policy makes an open window look closed. */
  readonly onLook: (looksClosed: boolean) => void;
}

/** The window in which a person signs in: opened here, written to by a form, listened to while the session lasts. */
export interface ConnectWindow {
  /** Opens the window, or finds it again, and sends the start form to it. Has to be called inside a click. `false` where the browser blocks it. */
  open(): boolean;
  /** Opens a tab instead; where the browser gives none, the form opens it by itself. Has to be called inside a click. */
  openTab(): void;
  close(): void;
}

/** Prepares it. */
export function createConnectWindow(options: ConnectWindowOptions): ConnectWindow {
  const { session, signal, onNudge, onLook, onForbidden } = options;
  const name = `calendar-connect-${session.id}`;
  let opened: Window | null = null;
  /** Whether a tab was opened by the form alone, so that its window is not known before it speaks. */
  let unseen = false;
  const close = (): void => opened?.close();
  const send = prepareStartForm({ ...options, onForbidden: () => (close(), onForbidden()) });
  listenToPopup({
    ...options,
    // A tab opened by the form alone is ours from its first word on: it knows this session and is the backend's.
    isOurs(source) {
      if (unseen) opened = source as Window;
      unseen = false;
      return source === opened;
    },
  });
  document.addEventListener('visibilitychange', onNudge, { signal });
  addEventListener('focus', onNudge, { signal });
  const timer = setInterval(() => document.hasFocus() && onLook(!!opened?.closed), LOOK_MS);
  signal.addEventListener('abort', () => clearInterval(timer));
  return {
    close,
    open() {
      const left = screenX + (outerWidth - WIDTH) / 2;
      const top = screenY + (outerHeight - HEIGHT) / 2;
      opened = open('', name, `popup,width=${WIDTH},height=${HEIGHT},left=${left},top=${top}`);
      unseen = false;
      if (!opened || opened.closed) return false;
      opened.focus();
      send(name);
      return true;
    },
    openTab() {
      opened = open('', name);
      unseen = !opened;
      send(unseen ? '_blank' : name);
    },
  };
}
