import type { ConnectionSummary, EventErrorCode, Offer } from '@calendar-connect/protocol';
import { CalendarConnectError, codeOf, isPassing } from './calendar-connect-error.ts';
import { settleChoice, type Choice } from './choice.ts';
import { obtainSession, type ConnectSession, type SessionWishes } from './connect-session.ts';
import { ConnectWindow } from './connect-window.ts';
import { exchangeCode } from './exchange-code.ts';
import { CLOSED, type FlowView } from './flow-view.ts';
import { parseOffer } from './offer.ts';
import { pollSession } from './poll.ts';
import type { RequestJson } from './request-json.ts';
import { createSessionClient, type PolledStatus, type SessionClient } from './session-client.ts';
import { createSessionKeeper, type SessionKeeper } from './session-storage.ts';

/** What one run through the dialog is started with. */
export interface FlowOptions {
  readonly backend: URL;
  readonly clientId: string;
  readonly exchange: URL | undefined;
  readonly wishes: SessionWishes;
  /** The offer, where it has been asked for already: the dialog draws from it until the session's own is there. */
  readonly offer: Promise<unknown> | undefined;
  readonly request: RequestJson;
}

/** Who runs the flow and is told of what happens. */
export interface FlowHost {
  /** Where the start form stands for the moment of sending. */
  readonly formParent: ParentNode;
  readonly changed: (view: FlowView, previous: FlowView) => void;
  readonly failed: (code: EventErrorCode, message: string) => void;
  /** Told with what was on show last. */
  readonly closed: (outcome: FlowOutcome, last: FlowView) => void;
}

/** How a run through the dialog ended. */
export type FlowOutcome =
  | { readonly how: 'connected'; readonly summary: ConnectionSummary }
  /** `left`: before anything was started. `dismissed`: after a failure that was told, or with the element. */
  | { readonly how: 'left' | 'cancelled' | 'declined' | 'dismissed' };

/**
 * One person's way from the open dialog to a connected calendar: gets the session, opens the window, watches, hands over the code.
 * It owns the session and the window; it knows nothing of what shows it.
 */
export class ConnectFlow {
  readonly #host: FlowHost;
  #view: FlowView = CLOSED;
  #options!: FlowOptions;
  #client!: SessionClient;
  #keeper!: SessionKeeper;
  /** From opening the dialog to closing it. */
  #life = new AbortController();
  /** From *Continue* to the end of that session. */
  #watch = new AbortController();
  /** One session is asked for at a time: a claim works only once. */
  #obtaining: Promise<void> = Promise.resolve();
  #session: ConnectSession | undefined;
  #window: ConnectWindow | undefined;

  constructor(host: FlowHost) {
    this.#host = host;
  }

  get view(): FlowView {
    return this.#view;
  }

  /** Starts choosing, and gets the session meanwhile. */
  open(options: FlowOptions): void {
    if (options.wishes.session !== this.#options?.wishes.session) this.#session = undefined;
    this.#options = options;
    this.#client = createSessionClient(options);
    this.#keeper = createSessionKeeper(options.clientId);
    this.#life = new AbortController();
    this.#watch = new AbortController();
    this.#set({ step: 'choosing' }, CLOSED);
    this.#prepare();
    const { signal } = this.#life;
    // Only a first drawing: what is wrong with the offer, the session's request finds too, and tells.
    options.offer?.then((offer) => signal.aborted || this.#view.offer || this.#adopt(parseOffer(offer))).catch(() => undefined);
  }

  choose(choice: Choice): void {
    const { offer } = this.#view;
    if (offer) this.#set({ choice: settleChoice(offer, { ...this.#view.choice, ...choice }), missing: undefined });
  }

  /** *Continue*, inside its click: opens the window where the choice and the session are there. */
  proceed(): void {
    const { choice, ready } = this.#view;
    const missing = !choice.provider ? 'provider' : !choice.accessMode ? 'accessMode' : undefined;
    if (missing) return this.#set({ missing: { group: missing } });
    if (ready) return this.#connect();
    this.#set({ early: 'waiting' });
    this.#prepare();
  }

  /** *Open the window again*, inside its click. */
  reopen(): void {
    const opened = this.#window?.open();
    this.#set({ step: 'connecting', window: opened ? 'open' : 'blocked', early: undefined, failure: undefined });
    if (!opened) this.#host.failed('popup_blocked', 'The browser blocked the window; the element offers a tab.');
  }

  /** *Open in a new tab*, inside its click. */
  openTab(): void {
    this.#window?.openTab();
    this.#set({ window: 'open' });
  }

  /** *Try again*, inside its click. */
  retry(): void {
    const { provider, accessMode } = this.#view.choice;
    if (provider && accessMode) this.proceed();
    else this.changeChoice();
  }

  /** Back to the choice; the session for it is there already, or being made. */
  changeChoice(): void {
    this.#set({ step: 'choosing', failure: undefined, early: undefined });
    this.#prepare();
  }

  /** *Cancel*, Escape, or the page's `close()`. */
  cancel(): void {
    const { step, finishing } = this.#view;
    if (step === 'closed' || finishing) return;
    const started = step === 'connecting';
    const session = this.#session;
    // One that the partner's server minted can be claimed only once, so it is kept for the next click unless it was begun.
    if (session && !session.over && (started || !session.partnerMinted)) this.#drop(session);
    if (started) this.#window?.close();
    this.#close({ how: started ? 'cancelled' : step === 'failed' ? 'dismissed' : 'left' });
  }

  /** The element left the page: asks and listens no more. The backend's session stays as it is. */
  abandon(): void {
    if (this.#view.step !== 'closed') this.#close({ how: 'dismissed' });
  }

  /** Gets a session where there is none that can be used, so that the next click can open the window at once. */
  #prepare(): void {
    const { signal } = this.#life;
    this.#obtaining = this.#obtaining.then(() => this.#obtain(signal));
  }

  async #obtain(signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#view.ready) return;
    try {
      const session = await obtainSession({ client: this.#client, keeper: this.#keeper, wishes: this.#options.wishes }, this.#session);
      this.#session = session;
      if (!signal.aborted) this.#take(session);
      else if (!session.partnerMinted) this.#drop(session);
    } catch (error) {
      // One prepared in the background, while the former's failure is on show, is asked for again by the next click.
      if (!signal.aborted && (this.#view.step !== 'failed' || this.#view.early)) this.#fail(error);
    }
  }

  #take(session: ConnectSession): void {
    const { early } = this.#view;
    this.#adopt(session.minted.offer);
    this.#set({ ready: true, personName: session.minted.end_user?.name });
    if (session.found) void this.#follow(session, Promise.resolve(session.found));
    else if (early && navigator.userActivation?.isActive) this.#connect();
    else if (early) this.#set({ early: 'press-again' });
  }

  #adopt(offer: Offer): void {
    if (!offer.providers.length) throw new CalendarConnectError('nothing_offered', 'providers and access-modes leave nothing to choose.');
    this.#set({ offer, choice: settleChoice(offer, this.#view.choice) });
  }

  #connect(): void {
    const session = this.#session;
    const { provider, accessMode } = this.#view.choice;
    if (!session || !provider || !accessMode) return;
    this.#window?.close();
    const { signal } = (this.#watch = new AbortController());
    const poll = pollSession({ client: this.#client, session, signal, onUnreachable: (unreachable) => this.#set({ unreachable }) });
    this.#window = new ConnectWindow({
      backend: this.#options.backend,
      formParent: this.#host.formParent,
      onNudge: () => poll.nudge(),
      onLook: (looksClosed) => this.#look(looksClosed ? 'looks-closed' : 'open'),
      onForbidden: (error) => this.#fail(error),
      session,
      provider,
      accessMode,
      signal,
    });
    this.reopen();
    void this.#follow(session, poll.result);
  }

  #look(window: 'looks-closed' | 'open'): void {
    if (this.#view.window !== 'blocked' && this.#view.window !== window) this.#set({ window });
  }

  /** Waits for the session's end and does what it asks for. */
  async #follow(session: ConnectSession, result: Promise<PolledStatus>): Promise<void> {
    const { signal } = this.#watch;
    try {
      const status = await result;
      const { state, reason } = status;
      if (state === 'declined' || state === 'cancelled') return this.#end(session, { how: state });
      if (state !== 'connected') throw new CalendarConnectError(reason ?? 'expired', `The session ended as ${state}.`);
      this.#set({ finishing: true });
      const summary = await exchangeCode({ client: this.#client, session, status, signal });
      if (!signal.aborted) this.#end(session, { how: 'connected', summary });
    } catch (error) {
      if (!signal.aborted) this.#fail(error, session);
    }
  }

  /** Shows what went wrong. Where a session came to its end, the next one is made at once, so that *Try again* can open the window within its click. */
  #fail(error: unknown, over?: ConnectSession): void {
    const code = codeOf(error);
    this.#watch.abort();
    if (over) this.#session = { ...over, over: true };
    this.#forget();
    const failure = { code, sessionId: this.#session?.id, retry: !!over || isPassing(error) };
    this.#set({ step: 'failed', failure, ready: false, early: undefined, finishing: false, unreachable: false });
    this.#host.failed(code, error instanceof Error ? error.message : String(error));
    if (over) this.#prepare();
  }

  #drop(session: ConnectSession): void {
    this.#session = { ...session, over: true };
    this.#keeper.forget(session.id);
    // Whether or not it arrives: a session that nobody asks about ends by itself within the hour.
    this.#client.cancel(session).catch(() => undefined);
  }

  #end(session: ConnectSession, outcome: FlowOutcome): void {
    this.#session = { ...session, over: true };
    this.#close(outcome);
  }

  #close(outcome: FlowOutcome): void {
    this.#life.abort();
    this.#watch.abort();
    this.#forget();
    if (!this.#session?.partnerMinted) this.#session = undefined;
    const last = this.#view;
    this.#set({}, CLOSED);
    this.#host.closed(outcome, last);
  }

  /** Nothing of a session that is over, or that nobody could take up again, stays behind in the tab. */
  #forget(): void {
    const session = this.#session;
    if (session && (session.over || !session.partnerMinted)) this.#keeper.forget(session.id);
  }

  #set(change: Partial<FlowView>, from = this.#view): void {
    const previous = this.#view;
    this.#view = { ...from, ...change };
    this.#host.changed(this.#view, previous);
  }
}
