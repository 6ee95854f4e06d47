import { isEnded, type AccessMode, type Offer } from '@calendar-connect/protocol';
import { CalendarConnectError, codeOf, isPassing } from './calendar-connect-error.ts';
import { settleChoice, type Choice } from './choice.ts';
import { hold, obtainSession, type ConnectSession } from './connect-session.ts';
import { ConnectWindow } from './connect-window.ts';
import { exchangeCode } from './exchange-code.ts';
import type { FlowHost, FlowOptions, FlowOutcome } from './flow-host.ts';
import { CLOSED, type FlowView } from './flow-view.ts';
import { isInAppBrowser } from './in-app-browser.ts';
import type { Interruption } from './interruption.ts';
import { leavePage } from './leave-page.ts';
import { parseOffer } from './offer.ts';
import { pollSession } from './poll.ts';
import { createSessionClient, type PolledStatus, type SessionClient } from './session-client.ts';
import { createSessionKeeper, type SessionKeeper } from './session-storage.ts';
import type { StartFormOptions } from './start-form.ts';

/** A choice that *Continue* was pressed with. */
interface Settled {
  readonly provider: string;
  readonly accessMode: AccessMode;
}

/**
 * One person's way from the open dialog to a connected calendar: gets the session, opens the window or leaves the page, watches, hands
 * over the code. It owns the session and the window; it knows nothing of what shows it.
 */
export class ConnectFlow {
  readonly #host: FlowHost;
  #view: FlowView = CLOSED;
  #options!: FlowOptions;
  #client!: SessionClient;
  #keeper!: SessionKeeper;
  /** Whether *Continue* takes this tab to the provider, instead of a window. */
  #leaves = false;
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
    this.#begin(options, { step: 'choosing' });
    this.#prepare();
    const { signal } = this.#life;
    // Only a first drawing: what is wrong with the offer, the session's request finds too, and tells.
    options.offer?.then((offer) => signal.aborted || this.#view.offer || this.#adopt(parseOffer(offer))).catch(() => undefined);
  }

  /** Goes on where a reload, or the way to the provider and back, has interrupted. What can no longer come to anything is passed over. */
  resume(options: FlowOptions, { id, answer }: Interruption): void {
    const kept = id ? createSessionKeeper(options.clientId).recall(id) : undefined;
    if (!answer && !kept?.pending) return;
    this.#begin(options, { step: 'connecting', window: 'open' });
    if (!kept?.pending || (answer && `${answer.iss}/` !== options.backend.href)) {
      const code = id && !kept ? 'expired' : 'return_unknown';
      return this.#fail(new CalendarConnectError(code, 'This tab knows of no session that the answer in the address belongs to.'));
    }
    const { provider, access_mode, partner_minted } = kept.pending;
    const session = (this.#session = hold(kept, partner_minted));
    this.#adopt(kept.minted.offer, { provider, accessMode: access_mode });
    if (!session.state) return this.#watchWindow(session);
    this.#leaves = true;
    this.#comeBack(session, answer?.code);
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
    if (!opened) this.#host.failed('popup_blocked', 'The browser blocked the window; the element offers another way.');
  }

  /** *Open in a new tab*, inside its click. */
  openTab(): void {
    this.#window?.openTab();
    this.#set({ window: 'open' });
  }

  /** *Continue in this tab*: leaves the page, with a session that has a place to come back to. */
  async leave(): Promise<void> {
    this.#leaves = true;
    this.#window?.close();
    this.#watch.abort();
    const { signal } = (this.#watch = new AbortController());
    this.#set({ step: 'connecting', window: 'leaving', early: undefined, failure: undefined });
    try {
      const session = await this.#returning();
      if (signal.aborted) return this.#discard(session);
      if (!this.#keep(session))
        throw new CalendarConnectError(
          'storage_blocked',
          'The browser keeps nothing for this page: after the way back, nobody would know whose answer it is.',
        );
      // A browser may keep the page as it is, and show it again where the person goes back.
      addEventListener('pageshow', ({ persisted }) => persisted && this.#comeBack(session), { signal });
      leavePage(this.#startOf(session, signal));
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
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
    if (this.#view.step === 'closed') return;
    // What takes the element's place later begins with a click of its own.
    if (this.#session?.pending) this.#keeper.keep({ ...this.#session, pending: undefined });
    this.#close({ how: 'dismissed' });
  }

  #begin(options: FlowOptions, first: Partial<FlowView>): void {
    this.#options = options;
    this.#client = createSessionClient(options);
    this.#keeper = createSessionKeeper(options.clientId);
    this.#life = new AbortController();
    this.#watch = new AbortController();
    const { flow } = options;
    // Providers do not let themselves be framed, and no frame may take the page around it away.
    const canLeave = flow !== 'popup' && self === top && (flow === 'redirect' || this.#keeper.lasts());
    this.#leaves = canLeave && (flow === 'redirect' || isInAppBrowser());
    this.#set({ ...first, canLeave }, CLOSED);
  }

  /** Gets a session where there is none that can be used, so that the next click can open the window at once. */
  #prepare(): void {
    const { signal } = this.#life;
    this.#obtaining = this.#obtaining.then(() => this.#obtain(signal));
  }

  async #obtain(signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#view.ready) return;
    try {
      const session = await this.#request(this.#leaves, this.#session);
      this.#session = session;
      if (!signal.aborted) this.#take(session);
      else if (!session.partnerMinted) this.#drop(session);
    } catch (error) {
      // One prepared in the background, while the former's failure is on show, is asked for again by the next click.
      if (!signal.aborted && (this.#view.step !== 'failed' || this.#view.early)) this.#fail(error);
    }
  }

  #request(returns: boolean, previous: ConnectSession | undefined): Promise<ConnectSession> {
    const { wishes, returnPath } = this.#options;
    return obtainSession({ client: this.#client, keeper: this.#keeper, wishes, returnPath: returns ? returnPath : undefined }, previous);
  }

  /** The session, or where it was made for a window another that takes its place and has a place to come back to. */
  async #returning(): Promise<ConnectSession> {
    const session = this.#session as ConnectSession;
    if (session.state) return session;
    const over = { ...session, over: true };
    this.#session = over;
    this.#keeper.forget(session.id);
    await this.#client.cancel(session);
    return this.#request(true, over);
  }

  #take(session: ConnectSession): void {
    const { early } = this.#view;
    this.#adopt(session.minted.offer);
    this.#set({ ready: true, personName: session.minted.end_user?.name });
    if (session.found) void this.#follow(session, Promise.resolve(session.found));
    else if (early && (this.#leaves || navigator.userActivation?.isActive)) this.#connect();
    else if (early) this.#set({ early: 'press-again' });
  }

  #adopt(offer: Offer, choice = this.#view.choice): void {
    if (!offer.providers.length) throw new CalendarConnectError('nothing_offered', 'providers and access-modes leave nothing to choose.');
    this.#set({ offer, choice: settleChoice(offer, choice) });
  }

  #connect(): void {
    const session = this.#session;
    if (!session) return;
    if (this.#leaves) return void this.leave();
    this.#window?.close();
    this.#watch = new AbortController();
    this.#watchWindow(session);
    this.reopen();
  }

  /** Watches what happens in the window of a session, from where it is opened or from a reload on. */
  #watchWindow(session: ConnectSession): void {
    const { signal } = this.#watch;
    const poll = pollSession({ client: this.#client, session, signal, onUnreachable: (unreachable) => this.#set({ unreachable }) });
    this.#window = new ConnectWindow({
      ...this.#startOf(session, signal),
      onNudge: () => poll.nudge(),
      onLook: (looksClosed) => this.#look(looksClosed ? 'looks-closed' : 'open'),
      onForbidden: () => this.#forbid(),
    });
    this.#keep(session);
    void this.#follow(session, poll.result);
  }

  #startOf(session: ConnectSession, signal: AbortSignal): Omit<StartFormOptions, 'onForbidden'> & { session: ConnectSession } {
    const { provider, accessMode } = this.#view.choice as Settled;
    return { backend: this.#options.backend, formParent: this.#host.formParent, session, provider, accessMode, signal };
  }

  /** Remembers where the person is sent. Answers whether a reload would find it. */
  #keep(session: ConnectSession): boolean {
    const { provider, accessMode } = this.#view.choice as Settled;
    const pending = { place: this.#options.place, provider, access_mode: accessMode, partner_minted: session.partnerMinted };
    this.#session = { ...session, pending };
    return this.#keeper.keep(this.#session);
  }

  #look(window: 'looks-closed' | 'open'): void {
    const now = this.#view.window;
    if (now !== window && (now === 'open' || now === 'looks-closed')) this.#set({ window });
  }

  /** The page's policy lets no window be opened, so that only this tab can go there. */
  #forbid(): void {
    const { origin } = this.#options.backend;
    const error = new CalendarConnectError('form_blocked_by_policy', `The page’s form-action policy has to name ${origin}.`);
    if (!this.#view.canLeave) return this.#fail(error);
    this.#set({ window: 'forbidden' });
    this.#host.failed(error.code, error.message);
  }

  /** The person is here again. Without a code, the backend knows what became of it. */
  #comeBack(session: ConnectSession, code?: string | null): void {
    this.#set({ finishing: true });
    const { signal } = this.#watch;
    void this.#follow(
      session,
      code ? Promise.resolve({ state: 'connected', version: 0, code }) : this.#client.status(session, { waitSeconds: 0, signal }),
    );
  }

  /** Waits for the session's end and does what it asks for. */
  async #follow(session: ConnectSession, result: Promise<PolledStatus>): Promise<void> {
    const { signal } = this.#watch;
    try {
      const status = await result;
      const { state, reason } = status;
      // Only somebody who came back from the provider without an answer is here before the end.
      if (!isEnded(state)) this.#drop(session);
      if (state === 'declined') return this.#end(session, { how: state });
      if (state === 'cancelled' || !isEnded(state)) return this.#end(session, { how: 'cancelled' });
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
    this.#discard(session);
  }

  #discard(session: ConnectSession): void {
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
