import type { AccessMode } from '@calendar-connect/protocol';
import { obtainSession, type ConnectSession } from './connect-session.ts';
import type { FlowOptions } from './flow-host.ts';
import type { ShownProvider } from './offer.ts';
import { createSessionClient, type SessionClient } from './session-client.ts';
import { createSessionKeeper, type SessionKeeper } from './session-storage.ts';

/** A choice that *Continue* was pressed with. */
export interface Settled {
  readonly provider: string;
  readonly accessMode: AccessMode;
}

/** The session of one run through the dialog: got, remembered as long as somebody could take it up again, and given up. */
export class SessionHold {
  /** The one that the next click uses, or that the present failure is about. */
  session: ConnectSession | undefined;
  /** Whether other tabs know of it. */
  shared = false;
  readonly client: SessionClient;
  readonly keeper: SessionKeeper;
  readonly #options: FlowOptions;

  constructor(options: FlowOptions, session: ConnectSession | undefined) {
    this.session = session;
    this.client = createSessionClient(options);
    this.keeper = createSessionKeeper(options);
    this.#options = options;
  }

  /** Gets one; where it `returns`, it has a place to come back to. */
  async obtain(returns: boolean): Promise<ConnectSession> {
    const { wishes, returnPath } = this.#options;
    const { client, keeper, session } = this;
    return (this.session = await obtainSession({ client, keeper, wishes, returnPath: returns ? returnPath : undefined }, session));
  }

  /** The session, or where it was made for a window another that takes its place and has a place to come back to. */
  async returning(): Promise<ConnectSession> {
    const session = this.session as ConnectSession;
    if (session.state) return session;
    this.session = { ...session, over: true };
    this.keeper.forget(session.id);
    await this.client.cancel(session);
    return this.obtain(true);
  }

  /** Remembers where the person is sent. Answers whether a reload would find it. */
  keep(session: ConnectSession, { provider, accessMode }: Settled, offered: readonly ShownProvider[] = []): boolean {
    const pending = { place: this.#options.place, provider, access_mode: accessMode, partner_minted: session.partnerMinted };
    const kept = (this.session = { ...session, pending });
    // Who leaves the page and is turned away meets the backend's page in this tab, and may come back in another run of the browser.
    const mayWait = session.state && offered.find(({ id }) => id === provider)?.admin_approval;
    if (mayWait) this.keeper.keep({ ...kept, lasting: true });
    const lasts = this.keeper.keep(kept);
    this.shared = lasts && !!kept.status;
    return lasts;
  }

  /** It is over, and the backend is told. */
  drop(session: ConnectSession): void {
    this.session = { ...session, over: true };
    this.discard(session);
  }

  /** Tells the backend that nobody needs it. */
  discard(session: ConnectSession): void {
    this.keeper.forget(session.id);
    // Whether or not it arrives: a session that nobody asks about ends by itself.
    this.client.cancel(session).catch(() => undefined);
  }

  /** Nothing of a session that is over, or that nobody could take up again, stays behind in the browser. */
  tidy(): void {
    const { session } = this;
    if (session && (session.over || !(session.partnerMinted || session.status))) this.keeper.forget(session.id);
  }
}
