import type { AccessMode } from '@calendar-connect/protocol';
import { CalendarConnectError } from './calendar-connect-error.ts';
import { listenToPopup } from './popup-messages.ts';

const WIDTH = 520;
const HEIGHT = 720;
const LOOK_MS = 1000;

/** What a window for one session needs. */
export interface ConnectWindowOptions {
  readonly backend: URL;
  readonly session: { readonly id: string; readonly secret: string };
  readonly provider: string;
  readonly accessMode: AccessMode;
  /** Where the form stands for the moment of sending. In a shadow root the page's own listeners do not see it. */
  readonly formParent: ParentNode;
  /** Ends all listening. */
  readonly signal: AbortSignal;
  /** Something happened that makes it worth to ask the backend now. */
  readonly onNudge: () => void;
  /** A guess, for a gentle word only: a provider's opener policy makes an open window look closed. */
  readonly onLook: (looksClosed: boolean) => void;
  /** The page's policy does not let the form go to the backend. */
  readonly onForbidden: (error: CalendarConnectError) => void;
}

/** The window in which a person signs in: opened here, written to by a form, listened to while the session lasts. */
export class ConnectWindow {
  readonly #options: ConnectWindowOptions;
  #opened: Window | null = null;
  /** There before the click that sends from it: a click counts for the frames that see it, and a tab opens only where one counts. */
  readonly #frame = Object.assign(document.createElement('iframe'), { hidden: true });
  /** Whether a tab was opened by the form alone, so that its window is not known before it speaks. */
  #unseen = false;

  constructor(options: ConnectWindowOptions) {
    this.#options = options;
    const { signal, onNudge, onLook, formParent } = options;
    formParent.append(this.#frame);
    signal.addEventListener('abort', () => this.#frame.remove());
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

  get #name(): string {
    return `calendar-connect-${this.#options.session.id}`;
  }

  /**
   * The browser puts the page's origin on a form; nothing but the form carries the secret.
   *
   * It stands in an empty frame: that has this page's origin and policies, but its referrer policy can be eased without touching this
   * page's. Under `no-referrer` a form says `Origin: null`, and where an opener policy has cut the windows apart nobody is left to ask.
   */
  #send(target: string): void {
    const { backend, session, provider, accessMode } = this.#options;
    const page = this.#frame.contentDocument ?? document;
    page.addEventListener('securitypolicyviolation', this.#onViolation);
    const form = page.createElement('form');
    const action = new URL(`connect/start/${session.id}`, backend).href;
    Object.assign(form, { method: 'post', action, target, rel: 'opener' });
    for (const [name, value] of Object.entries({ secret: session.secret, provider, access_mode: accessMode })) {
      form.append(Object.assign(page.createElement('input'), { name, value }));
    }
    if (page !== document) page.head.append(Object.assign(page.createElement('meta'), { name: 'referrer', content: 'strict-origin' }));
    page.body.append(form);
    form.submit();
    form.remove();
  }

  /** A tab opened by the form alone is ours from its first word on: it knows this session and is the backend's. */
  #isOurs(source: MessageEventSource): boolean {
    if (this.#unseen) this.#opened = source as Window;
    this.#unseen = false;
    return source === this.#opened;
  }

  readonly #onViolation = ({ effectiveDirective, blockedURI }: SecurityPolicyViolationEvent): void => {
    const { origin } = this.#options.backend;
    if (effectiveDirective !== 'form-action' || !blockedURI.startsWith(origin)) return;
    this.close();
    this.#options.onForbidden(new CalendarConnectError('form_blocked_by_policy', `The page’s form-action policy has to name ${origin}.`));
  };
}
