import { isEnded } from '@calendar-connect/protocol';
import { CalendarConnectError, codeOf, isPassing } from './calendar-connect-error.ts';
import { settleChoice, type Choice } from './choice.ts';
import { hold, type ConnectSession } from './connect-session.ts';
import { createConnectWindow, type ConnectWindow } from './connect-window.ts';
import { exchangeCode } from './exchange-code.ts';
import type { FlowHost, FlowOptions, FlowOutcome } from './flow-host.ts';
import { CLOSED, type FlowView } from './flow-view.ts';
import { isInAppBrowser } from './in-app-browser.ts';
import type { Interruption } from './interruption.ts';
import { leavePage, mayLeave } from './leave-page.ts';
import { parseOffer, type ShownOffer } from './offer.ts';
import { pollSession } from './poll.ts';
import { readResumption } from './resumption.ts';
import type { PolledStatus } from './session-client.ts';
import { SessionHold, type Settled } from './session-hold.ts';
import type { StartFormOptions } from './start-form.ts';

/**
 * One person's way from the open dialog to a connected calendar: gets the session, opens the window or leaves the page, watches, hands
 * over the code. It owns the session and the window; it knows nothing of what shows it.
 */
export class ConnectFlow {
  readonly #host: FlowHost;
  #view: FlowView = CLOSED;
  #options!: FlowOptions;
  #hold!: SessionHold;
  /** Whether *Continue* takes this tab to the provider, instead of a window. */
  #leaves = false;
  /** From opening the dialog to closing it. */
  #life = new AbortController();
  /** From *Continue* to the end of that session. */
  #watch = new AbortController();
  /** One session is asked for at a time: a claim works only once. */
  #obtaining: Promise<void> = Promise.resolve();
  /** Opened for the session that is watched. */
  #window: ConnectWindow | undefined;
  /** Whether nobody here has begun it, so that nobody is disturbed where it comes to nothing. */
  #quiet = false;

  constructor(host: FlowHost) {
    this.#host = host;
  }

  get view(): FlowView {
    return this.#view;
  }

  /** Starts choosing, and gets the session meanwhile. */
  open(options: FlowOptions): void {
    this.#quiet = false;
    this.#begin(options, { step: 'choosing', change: options.change });
    this.#prepare();
    const { signal } = this.#life;
    // Only a first drawing: what is wrong with the offer, the session's request finds too, and tells.
    options.offer?.then((offer) => signal.aborted || this.#view.offer || this.#adopt(parseOffer(offer))).catch(() => undefined);
  }

  /** Goes on where a reload, or the way to the provider and back, has interrupted. What can no longer come to anything is passed over. */
  resume(options: FlowOptions, interruption: Interruption): void {
    const resumption = readResumption(options, interruption);
    if (!resumption) return;
    const { kept, quiet, code } = resumption;
    this.#quiet = quiet;
    this.#begin(options, quiet ? {} : { step: 'connecting', window: 'open' });
    if (!kept) return this.#fail(new CalendarConnectError(code, 'No session is kept for the answer in the address.'));
    const { provider, access_mode, partner_minted } = kept.pending;
    const { session: named } = options.wishes;
    if (quiet && named && !named.startsWith(kept.minted.id)) {
      // The backend knows whether this is the person who waits.
      this.#hold.keeper.forget(kept.minted.id);
      return this.#prepare();
    }
    const session = (this.#hold.session = hold(kept, partner_minted));
    this.#adopt(kept.minted.offer, { provider, accessMode: access_mode });
    if (session.state) this.#leaves = true;
    if (kept.status && !interruption.answer) return this.#wait(session, kept.status);
    if (!session.state) return this.#watchWindow(session);
    this.#comeBack(session, interruption.answer?.code);
  }

  choose(choice: Choice): void {
    const { offer } = this.#view;
    if (offer) this.#adopt(offer, { ...this.#view.asked, ...choice });
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
    const step = this.#view.status ? 'waiting-for-admin' : 'connecting';
    this.#set({ step, window: opened ? 'open' : 'blocked', early: undefined });
    if (!opened) this.#host.failed('popup_blocked', 'The browser blocked the window.');
  }

  /** *Finish connecting*, inside its click, or a look at what keeps an administrator: by the way that the session began. */
  goOn(): void {
    this.#quiet = false;
    if (this.#hold.session?.state) void this.leave();
    else this.reopen();
  }

  /** *I was told I need approval*. */
  async needApproval(): Promise<void> {
    const session = this.#hold.session as ConnectSession;
    const { signal } = this.#watch;
    try {
      const status = await this.#hold.client.needApproval(session);
      if (!signal.aborted) this.#wait(session, status);
    } catch (error) {
      if (!signal.aborted) this.#set({ refused: codeOf(error) });
    }
  }

  /** *Copy link*, inside its click. Where the browser keeps pages from the clipboard, there is the link itself. */
  async copyLink(): Promise<void> {
    const written = navigator.clipboard.writeText(this.#view.status?.admin_approval?.url ?? '');
    this.#set({ copied: await written.then(() => true).catch(() => false) });
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
    const signal = this.#watchAnew();
    this.#set({ step: 'connecting', window: 'leaving', early: undefined });
    try {
      const session = await this.#hold.returning();
      if (signal.aborted) return this.#hold.discard(session);
      if (!this.#keep(session)) throw new CalendarConnectError('storage_blocked', 'The browser keeps nothing here.');
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
    this.#set({ step: 'choosing', early: undefined });
    this.#prepare();
  }

  /** Escape, or the page's `close()`: who waits for an administrator has nothing open to be closed. */
  dismiss(): void {
    if (this.#view.step !== 'waiting-for-admin') this.cancel();
  }

  /** *Cancel*. */
  cancel(): void {
    const { step, finishing, status } = this.#view;
    if (step === 'closed' || finishing) return;
    const started = step === 'connecting' || !!status;
    const session = this.#hold.session;
    // One that the partner's server minted can be claimed only once, so it is kept for the next click unless it was begun.
    if (session && !session.over && (started || !session.partnerMinted)) this.#hold.drop(session);
    if (started) this.#window?.close();
    this.#close({ how: started ? 'cancelled' : step === 'failed' ? 'dismissed' : 'left' });
  }

  /** The element left the page: asks and listens no more. The backend's session stays as it is. */
  abandon(): void {
    if (this.#view.step === 'closed') return;
    // What takes the element's place later begins with a click of its own, unless it waits for an administrator.
    if (this.#hold.session?.pending && !this.#hold.session.status) this.#hold.keeper.keep({ ...this.#hold.session, pending: undefined });
    this.#close({ how: 'dismissed' });
  }

  #begin(options: FlowOptions, first: Partial<FlowView>): void {
    const same = options.wishes.session === this.#options?.wishes.session;
    this.#options = options;
    this.#hold = new SessionHold(options, same ? this.#hold?.session : undefined);
    this.#life = new AbortController();
    this.#watchAnew();
    const canLeave = mayLeave(options.flow, this.#hold.keeper);
    this.#leaves = canLeave && (options.flow === 'redirect' || isInAppBrowser());
    this.#set({ ...first, canLeave }, CLOSED);
  }

  /** Asks and listens no more about the session there was. Answers with the signal of what is to be watched next. */
  #watchAnew(): AbortSignal {
    this.#watch.abort();
    this.#window = undefined;
    this.#watch = new AbortController();
    return this.#watch.signal;
  }

  /** Gets a session where there is none that can be used, so that the next click can open the window at once. */
  #prepare(): void {
    const { signal } = this.#life;
    this.#obtaining = this.#obtaining.then(() => this.#obtain(signal));
  }

  async #obtain(signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#view.ready) return;
    try {
      const session = await this.#hold.obtain(this.#leaves);
      if (!signal.aborted) this.#take(session);
      else if (!session.partnerMinted) this.#hold.drop(session);
    } catch (error) {
      // One prepared in the background, while the former's failure is on show, is asked for again by the next click.
      if (!signal.aborted && !this.#quiet && (this.#view.step !== 'failed' || this.#view.early)) this.#fail(error);
    }
  }

  #take(session: ConnectSession): void {
    const { early, change } = this.#view;
    const { minted } = session;
    this.#set({ ready: true, personName: minted.end_user?.name, change: minted.change ?? change, named: !!minted.change });
    this.#adopt(minted.offer);
    if (session.status) void this.#follow(session, session.status);
    else if (early && (this.#leaves || navigator.userActivation?.isActive)) this.#connect();
    else if (early) this.#set({ early: 'press-again' });
  }

  #adopt(offer: ShownOffer, asked = this.#view.asked): void {
    if (!offer.providers.length) throw new CalendarConnectError('nothing_offered', 'providers and access-modes leave nothing to choose.');
    this.#set({ offer, asked, choice: settleChoice(offer, asked, this.#view.change), missing: undefined });
  }

  #connect(): void {
    const session = this.#hold.session;
    if (!session) return;
    if (this.#leaves) return void this.leave();
    this.#window?.close();
    this.#watchAnew();
    this.#watchWindow(session);
    this.reopen();
  }

  /** Watches what happens in the window of a session, from where it is opened or from a reload on. */
  #watchWindow(session: ConnectSession): void {
    const { signal } = this.#watch;
    const { client } = this.#hold;
    const onUnreachable = (unreachable: boolean): void => this.#set({ unreachable });
    const poll = pollSession({ client, session, signal, onStatus: (status) => this.#wait(session, status), onUnreachable });
    this.#window = createConnectWindow({
      ...this.#startOf(session, signal),
      onNudge: () => poll.nudge(),
      onLook: (looksClosed) => this.#look(looksClosed),
      onForbidden: () => this.#forbid(),
    });
    this.#keep(session);
    void this.#follow(session, poll.result);
  }

  #startOf(session: ConnectSession, signal: AbortSignal): Omit<StartFormOptions, 'onForbidden'> & { session: ConnectSession } {
    const { provider, accessMode } = this.#view.choice as Settled;
    return { backend: this.#options.backend, formParent: this.#host.formParent, session, provider, accessMode, signal };
  }

  #keep(session: ConnectSession): boolean {
    return this.#hold.keep(session, this.#view.choice as Settled, this.#view.offer?.providers);
  }

  /** Shows what an administrator has to allow, or has. What is needed to go on stays in this browser until then. */
  #wait(session: ConnectSession, status: PolledStatus): void {
    const { version, admin_approval: approval, provider, access_mode: accessMode } = status;
    // While the person has a look at the provider nothing is told, and answers may overtake each other.
    if (!approval || version < (this.#view.status?.version ?? 0)) return;
    this.#adopt(session.minted.offer, provider ? { provider, accessMode } : undefined);
    this.#keep({ ...session, status, lasting: true });
    const { window } = this.#view;
    this.#set({ step: 'waiting-for-admin', status, window: session.state ? 'leaving' : window, finishing: false, refused: undefined });
    if (!this.#window) this.#watchWindow(this.#hold.session as ConnectSession);
  }

  #look(closed: boolean): void {
    const [before, now] = closed ? (['open', 'looks-closed'] as const) : (['looks-closed', 'open'] as const);
    if (this.#view.window === before) this.#set({ window: now });
  }

  /** The page's policy lets no window be opened, so that only this tab can go there. */
  #forbid(): void {
    const { origin } = this.#options.backend;
    const error = new CalendarConnectError('form_blocked_by_policy', `form-action has to name ${origin}.`);
    if (!this.#view.canLeave) return this.#fail(error);
    this.#set({ window: 'forbidden' });
    this.#host.failed(error.code, error.message);
  }

  /** The person is here again. Without a code, the backend knows what became of it. */
  #comeBack(session: ConnectSession, code?: string | null): void {
    this.#set({ finishing: true });
    const { signal } = this.#watch;
    void this.#follow(session, code ? { state: 'connected', version: 0, code } : this.#hold.client.status(session, { signal }));
  }

  /** Waits for the session's end and does what it asks for. */
  async #follow(session: ConnectSession, result: PolledStatus | Promise<PolledStatus>): Promise<void> {
    const { signal } = this.#watch;
    try {
      const status = await result;
      const { state, reason } = status;
      if (status.admin_approval) return this.#wait(session, status);
      if (state === 'connected') return await this.#finish(session, status);
      const over = isEnded(state);
      if (this.#quiet) return this.#end(session, { how: 'dismissed' }, over);
      // Only somebody who came back from the provider without an answer is here before the end.
      if (!over) this.#hold.drop(session);
      if (state === 'failed' || state === 'expired') {
        return this.#fail(new CalendarConnectError(reason ?? 'expired', `The session ended as ${state}.`), session, status);
      }
      this.#end(session, { how: state === 'declined' ? state : 'cancelled' });
    } catch (error) {
      if (signal.aborted) return;
      if (this.#quiet && codeOf(error) !== 'exchange_failed') this.#end(session, { how: 'dismissed' }, !isPassing(error));
      else this.#fail(error, session);
    }
  }

  /** Hands over the code of a connected session. */
  async #finish(session: ConnectSession, status: PolledStatus): Promise<void> {
    const { signal } = this.#watch;
    this.#set({ finishing: true });
    const summary = await exchangeCode({ client: this.#hold.client, session, status, signal, shared: this.#hold.shared });
    if (signal.aborted) return;
    if (summary) this.#end(session, { how: 'connected', summary });
    // The tab that the code comes back to still needs what is kept.
    else this.#end(session, { how: 'elsewhere' }, !session.state);
  }

  /** Shows what went wrong. Where a session came to its end, the next one is made at once, so that *Try again* can open the window within its click. */
  #fail(error: unknown, over?: ConnectSession, status?: PolledStatus): void {
    const code = codeOf(error);
    this.#watch.abort();
    if (over) this.#hold.session = { ...over, over: true };
    this.#hold.tidy();
    const support = [code, status?.failure_code, this.#hold.session?.id].filter(Boolean).join(' · ');
    const failure = { code, support, retry: !!over || isPassing(error), said: status?.failure };
    this.#set({ step: 'failed', failure, status: undefined, ready: false, early: undefined, finishing: false, unreachable: false });
    this.#host.failed(code, (error as Error).message);
    if (over) this.#prepare();
  }

  /** What is not over stays kept for another time. */
  #end(session: ConnectSession, outcome: FlowOutcome, over = true): void {
    this.#hold.session = over ? { ...session, over: outcome.how === 'connected' ? outcome.how : over } : undefined;
    this.#close(outcome);
  }

  #close(outcome: FlowOutcome): void {
    this.#life.abort();
    this.#watch.abort();
    this.#hold.tidy();
    if (outcome.how !== 'connected' && !this.#hold.session?.partnerMinted) this.#hold.session = undefined;
    const last = this.#view;
    this.#set({}, CLOSED);
    this.#host.closed(outcome, last);
  }

  #set(change: Partial<FlowView>, from = this.#view): void {
    const previous = this.#view;
    this.#view = { ...from, ...change };
    this.#host.changed(this.#view, previous);
  }
}
