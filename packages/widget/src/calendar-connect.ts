import type { EventErrorCode } from '@calendar-connect/protocol';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import { parseBackend, parseExchange } from './backend-address.ts';
import { buttonTemplate, connectedTemplate, noticeTemplate, problemTemplate, type Connection } from './button-template.ts';
import { CalendarConnectError, codeOf, isPassing } from './calendar-connect-error.ts';
import { styles } from './calendar-connect.styles.ts';
import type { ConnectDialog, DialogOptions, DialogOutcome } from './dialog-host.ts';
import { dialogStyles } from './dialog.styles.ts';
import { DrawnElement } from './drawn-element.ts';
import type { ElementState } from './element-states.ts';
import { CalendarConnectCancelledEvent } from './events/calendar-connect-cancelled-event.ts';
import { CalendarConnectErrorEvent } from './events/calendar-connect-error-event.ts';
import { CalendarConnectStateEvent } from './events/calendar-connect-state-event.ts';
import { CalendarConnectedEvent } from './events/calendar-connected-event.ts';
import { herePath, onInterruption, storages, takeAnswer } from './interruption.ts';
import { en as texts } from './locales/en.ts';
import { requestJson } from './request-json.ts';

export type { ElementState } from './element-states.ts';
export type { CalendarConnectCancelledEvent, CalendarConnectErrorEvent, CalendarConnectStateEvent, CalendarConnectedEvent };

/** A change of these mends or makes a mistake that is worth telling before anybody clicks. */
const ASKED_WITH = ['clientId', 'backend', 'exchange'] as const;

/**
 * A button that connects a person's calendar.
 *
 * @summary Connects a person's calendar: Google, Microsoft 365 or Outlook.com, Exchange, iCloud.
 *
 * @fires {CalendarConnectedEvent} calendar-connected - A server has exchanged the code: the calendar is connected.
 * @fires {CalendarConnectErrorEvent} calendar-connect-error - Something did not work; the element says so to the person by itself.
 * @fires {CalendarConnectCancelledEvent} calendar-connect-cancelled - The person closed the dialog, cancelled, or said no at the provider.
 * @fires {CalendarConnectStateEvent} calendar-connect-state - The element came into another state.
 *
 * @slot label - The button's label.
 * @slot heading - The dialog's heading, while choosing.
 *
 * @csspart button - The button that opens the dialog.
 * @csspart icon - The button's picture.
 * @csspart notice - The sentence under the button after a cancelled attempt.
 * @csspart status - What stands in place of the button once a calendar is connected.
 * @csspart problem - What stands in place of the button where the page is not set up correctly.
 * @csspart dialog - The dialog.
 * @csspart waiting - What stands in place of the button while an administrator is waited for.
 * @csspart field - The administrator's link.
 * @csspart link - A quiet way on beside the buttons and in what is connected, and an address of the provider's.
 * @csspart heading - The dialog's heading.
 * @csspart person - For whom the partner's server minted the session, and which connection is changed.
 * @csspart group - A group of choices.
 * @csspart legend - A group's question.
 * @csspart option - One choice: its radio button and its label.
 * @csspart error - The sentence beside a group that nothing was chosen in.
 * @csspart sharing - What the chosen access mode shares and does not share.
 * @csspart scopes - The unfolding list of exact scopes.
 * @csspart message - What happens or happened.
 * @csspart word - A word beside the buttons.
 * @csspart hint - A quiet word beside it.
 * @csspart support - The code for support.
 * @csspart actions - The row of buttons.
 * @csspart primary - The button that goes on.
 * @csspart secondary - Any other button of the dialog.
 *
 * @cssprop --calendar-connect-accent - The button, links and what is chosen.
 * @cssprop --calendar-connect-on-accent - Text on the accent.
 * @cssprop --calendar-connect-accent-soft - The background of what is chosen.
 * @cssprop --calendar-connect-surface - The dialog's background.
 * @cssprop --calendar-connect-surface-raised - The background of what stands out from it.
 * @cssprop --calendar-connect-text - Text.
 * @cssprop --calendar-connect-text-muted - Quieter text.
 * @cssprop --calendar-connect-line - Borders of controls.
 * @cssprop --calendar-connect-danger - Where something is wrong.
 * @cssprop --calendar-connect-success - Where something worked.
 * @cssprop --calendar-connect-radius - The roundness of corners.
 * @cssprop --calendar-connect-font - The font family.
 * @cssprop --calendar-connect-font-size - The size that all others follow.
 * @cssprop --calendar-connect-spacing - The distance that all others follow.
 *
 * @cssstate idle - The button is there.
 * @cssstate choosing - The dialog asks for provider and access mode.
 * @cssstate connecting - The person is at the provider, in another window.
 * @cssstate waiting-for-admin - An administrator has to allow it first, or has and the person may go on.
 * @cssstate connected - A calendar is connected.
 * @cssstate failed - Something did not work.
 */
export class CalendarConnect extends DrawnElement {
  static override readonly observedAttributes: readonly string[] = [
    'client-id',
    'backend',
    'session',
    'scope',
    'providers',
    'access-modes',
    'exchange',
    'flow',
    'return-path',
    'locale',
    'theme',
  ];

  static {
    this.defineProperties();
  }

  /** In the order in which they came into the document, which a reload repeats. */
  static readonly #here: Set<CalendarConnect> = new Set();

  /** The application. Required. */
  declare clientId?: string | null;
  /** The backend's address. From a script tag: where the script came from. */
  declare backend?: string | null;
  /** A connect session minted by the partner's server, as the backend gave it. */
  declare session?: string | null;
  /** Space-separated partner scopes; the application's own where absent. */
  declare scope?: string | null;
  /** Narrows and orders the providers, separated by spaces. */
  declare providers?: string | null;
  /** Narrows and orders the access modes, separated by spaces. */
  declare accessModes?: string | null;
  /** Who gets the code instead of the backend: an endpoint of the partner's server. */
  declare exchange?: string | null;
  /** How the person gets to the provider: in a window, by leaving this page and coming back, or, where absent, as the browser lets it. */
  declare flow?: 'auto' | 'popup' | 'redirect' | null;
  /** Where a redirect comes back to, on this page's origin; this very place where absent. */
  declare returnPath?: string | null;
  /** A BCP 47 tag; the document's language where absent. */
  declare locale?: string | null;
  /** `light`, `dark`, or `auto`: the page's own `color-scheme`. */
  declare theme?: 'light' | 'dark' | 'auto' | null;

  /** The backend of an element without the attribute. */
  declare protected readonly defaultBackend: string | undefined;

  readonly #internals: ElementInternals = this.attachInternals();
  #state: ElementState = 'idle';
  #offer: Promise<unknown> | undefined;
  #loading: Promise<ConnectDialog> | undefined;
  #dialog: ConnectDialog | undefined;
  #opening = false;
  #problem: EventErrorCode | undefined;
  #connection: Connection | undefined;
  #notice = '';
  #resumed = false;

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles + dialogStyles);
    this.renderRoot.adoptedStyleSheets = [sheet];
  }

  /** Opens the dialog, as a click of the button does. */
  connect(): void {
    if (this.#opening || !['idle', 'connected'].includes(this.#state)) return;
    void this.#withDialog((dialog) => dialog.open(this.#dialogOptions()));
  }

  /** Closes the dialog, as Escape does: an attempt that was started is cancelled. Who waits for an administrator goes on waiting. */
  close(): void {
    this.#dialog?.close();
  }

  override connectedCallback(): void {
    takeAnswer();
    super.connectedCallback();
    CalendarConnect.#here.add(this);
    this.#showState();
    this.#dialog?.moved();
  }

  disconnectedCallback(): void {
    // Moving an element removes and inserts it at once; only one that stays away is given up.
    queueMicrotask(() => {
      if (this.isConnected) return;
      CalendarConnect.#here.delete(this);
      this.#dialog?.abandon();
    });
  }

  protected override template(): TemplateResult {
    const waits = this.#state === 'waiting-for-admin';
    const button = { busy: this.#opening, open: () => this.connect(), intent: () => void this.#load().catch(() => undefined) };
    return html`
      ${this.#connection || this.#problem || waits ? nothing : buttonTemplate(button)}
      <div role="status">
        ${this.#connection ? connectedTemplate(this.#connection, waits ? undefined : button) : this.#problem ? problemTemplate(this.#problem) : noticeTemplate(this.#notice)}
      </div>
      ${this.#dialog?.template() ?? nothing}
    `;
  }

  protected override drawn(changed: ReadonlySet<string>): void {
    // The styles go by the attribute.
    if (changed.has('theme') && this.theme !== this.getAttribute('theme')) this.setAttribute('theme', this.theme ?? '');
    if (!this.#offer || ASKED_WITH.some((name) => changed.has(name))) this.#ask();
    this.#resume();
  }

  /** Asks what the application offers: the dialog then draws at once, and a mistake in the page shows before anybody clicks. */
  #ask(): void {
    if (this.#problem) this.#enter('idle');
    this.#problem = undefined;
    const offer = this.#fetchOffer();
    this.#offer = offer;
    offer.catch((error: unknown) => {
      // No answer is nobody's business before the click, which asks again.
      if (this.#offer === offer && this.#state === 'idle' && !isPassing(error)) this.#showProblem(error);
    });
  }

  async #fetchOffer(): Promise<unknown> {
    const { backend, clientId } = this.#address();
    const url = new URL('connect/offer', backend);
    url.searchParams.set('client_id', clientId);
    return requestJson(url);
  }

  /** @throws `insecure_context`, `client_id_missing`, `backend_missing`, `backend_invalid`, `exchange_invalid`. */
  #address(): Pick<DialogOptions, 'backend' | 'clientId' | 'exchange'> {
    if (!globalThis.crypto?.subtle) {
      throw new CalendarConnectError('insecure_context', 'Serve the page by https.');
    }
    const { clientId } = this;
    if (!clientId) throw new CalendarConnectError('client_id_missing', 'client-id is missing.');
    return { clientId, backend: parseBackend(this.backend ?? this.defaultBackend), exchange: parseExchange(this.exchange) };
  }

  #load(): Promise<ConnectDialog> {
    this.#loading ??= import('./dialog.ts').then(({ createDialog }) =>
      createDialog({
        root: this.renderRoot,
        buttonTexts: texts,
        draw: () => (this.requestUpdate(), this.updateComplete),
        enter: (state) => this.#enter(state),
        failed: (code, message) => this.#report(code, message),
        closed: (outcome) => this.#closed(outcome),
      }),
    );
    return this.#loading;
  }

  /** Once it is known whose element this is: goes on with what a reload, or the way to the provider and back, has interrupted. */
  #resume(): void {
    if (this.#resumed) return;
    let options: DialogOptions;
    try {
      options = this.#dialogOptions();
    } catch {
      // The page is not set up correctly yet, which is told elsewhere.
      return;
    }
    this.#resumed = true;
    onInterruption(options, (interruption) => {
      if (this.#state === 'idle') void this.#withDialog((dialog) => dialog.resume(options, interruption));
    });
  }

  async #withDialog(act: (dialog: ConnectDialog) => void): Promise<void> {
    this.#opening = true;
    this.#notice = '';
    this.requestUpdate();
    try {
      this.#dialog = await this.#load();
    } catch {
      this.#loading = undefined;
      this.#notice = texts.notLoaded;
      this.#report('backend_unreachable', texts.notLoaded);
    }
    this.#opening = false;
    this.requestUpdate();
    try {
      if (this.isConnected && this.#dialog) act(this.#dialog);
    } catch (error) {
      this.#showProblem(error);
    }
  }

  #dialogOptions(): DialogOptions {
    const address = this.#address();
    return {
      ...address,
      place: `${this.clientId} ${address.backend} ${this.id || [...CalendarConnect.#here].indexOf(this)}`,
      attributes: this,
      offer: this.providers || this.accessModes ? undefined : this.#offer,
      change: this.#connection,
      request: requestJson,
      storages: storages(),
      here: herePath(),
    };
  }

  #closed(outcome: DialogOutcome): void {
    // Closing has given the focus back to a button, which may be about to go; or what was waited in goes.
    if (this.renderRoot.activeElement) {
      void this.updateComplete.then(
        () => this.renderRoot.activeElement ?? this.renderRoot.querySelector<HTMLElement>('[part=status],[part=button]')?.focus(),
      );
    }
    if (outcome.how === 'connected') {
      const { summary, details } = outcome;
      this.#connection = { ...summary, details };
      this.#enter('connected');
      this.dispatchEvent(new CalendarConnectedEvent(summary));
      return;
    }
    const { how } = outcome;
    // What was to change may have ended by then: nothing is claimed that is not sure.
    if (how === 'cancelled' || how === 'declined') this.#connection = undefined;
    this.#notice = how === 'left' || how === 'dismissed' ? '' : texts[how];
    this.#enter(this.#connection ? 'connected' : 'idle');
    if (how !== 'dismissed' && how !== 'elsewhere') this.dispatchEvent(new CalendarConnectCancelledEvent());
  }

  /** A mistake of the page's makers: shown in place of the button, and told in the console with what to do. */
  #showProblem(error: unknown): void {
    const code = codeOf(error);
    const message = (error as Error).message;
    this.#problem = code;
    this.#enter('failed');
    console.error(`<calendar-connect> ${code}: ${message}`);
    this.#report(code, message);
  }

  #report(code: EventErrorCode, message: string): void {
    this.dispatchEvent(new CalendarConnectErrorEvent(code, message));
  }

  #enter(state: ElementState): void {
    const previous = this.#state;
    this.#state = state;
    this.#showState();
    this.requestUpdate();
    if (state !== previous) this.dispatchEvent(new CalendarConnectStateEvent(state, previous));
  }

  #showState(): void {
    try {
      this.#internals.states?.clear();
      this.#internals.states?.add(this.#state);
    } catch {
      // Chromium before 125 wants another spelling; there `:state()` does not exist.
    }
  }
}
