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
export class ConnectWindow {
  readonly #name: string;
  readonly #send: (target: string) => void;
  #opened: Window | null = null;
  /** Whether a tab was opened by the form alone, so that its window is not known before it speaks. */
  #unseen = false;

  constructor(options: ConnectWindowOptions) {
    const { session, signal, onNudge, onLook, onForbidden } = options;
    this.#name = `calendar-connect-${session.id}`;
    this.#send = prepareStartForm({ ...options, onForbidden: () => (this.close(), onForbidden()) });
    listenToPopup({ ...options, isOurs: (source) => this.#isOurs(source) });
    document.addEventListener('visibilitychange', onNudge, { signal });
    addEventListener('focus', onNudge, { signal });
    const timer = setInterval(() => document.hasFocus() && onLook(!!this.#opened?.closed), LOOK_MS);
    signal.addEventListener('abort', () => clearInterval(timer));
  }

  /** Opens the window, or finds it again, and sends the start form to it. Has to be called inside a click. `false` where the browser blocks it. */
  open(): boolean {
    const left = screenX + (outerWidth - WIDTH) / 2;
    const top = screenY + (outerHeight - HEIGHT) / 2;
    this.#opened = open('', this.#name, `popup,width=${WIDTH},height=${HEIGHT},left=${left},top=${top}`);
    this.#unseen = false;
    if (!this.#opened || this.#opened.closed) return false;
    this.#opened.focus();
    this.#send(this.#name);
    return true;
  }

  /** Opens a tab instead; where the browser gives none, the form opens it by itself. Has to be called inside a click. */
  openTab(): void {
    this.#opened = open('', this.#name);
    this.#unseen = !this.#opened;
    this.#send(this.#unseen ? '_blank' : this.#name);
  }

  close(): void {
    this.#opened?.close();
  }

  /** A tab opened by the form alone is ours from its first word on: it knows this session and is the backend's. */
  #isOurs(source: MessageEventSource): boolean {
    if (this.#unseen) this.#opened = source as Window;
    this.#unseen = false;
    return source === this.#opened;
  }
}
