import type { MintedSession } from '@calendar-connect/protocol';
import type { SessionKeeper } from './session-storage.ts';
import { prepareStartForm, startAddress, type StartFormOptions } from './start-form.ts';
import type { Way } from './wishes.ts';

/** What leaving needs: a session that has a place to come back to. */
export interface Leaving extends Omit<StartFormOptions, 'onForbidden'> {
  readonly session: StartFormOptions['session'] & { readonly minted: Pick<MintedSession, 'ticket'>; readonly status?: unknown };
}

/**
 * Takes this tab to the provider, by the form where the page's policy lets it go. No policy keeps a page from being left by an address,
 * and the ticket in that one opens nothing but the way there, once. A session that waits for an administrator has been there: the backend's
 * page for that leads on, in the browser that it knows.
 */
export function leavePage(leaving: Leaving): void {
  const { backend, session, provider, accessMode } = leaving;
  const send = prepareStartForm({
    ...leaving,
    onForbidden() {
      if (session.status) return location.assign(new URL(`connect/waiting/${session.id}`, backend));
      const url = startAddress(backend, session.id);
      url.search = String(new URLSearchParams({ ticket: session.minted.ticket ?? '', provider, access_mode: accessMode }));
      location.assign(url);
    },
  });
  // The form's frame is in this page.
  send('_parent');
}

/** Whether this tab can go to the provider and come back: providers do not let themselves be framed, and no frame may take the page around it away. */
export function mayLeave(flow: Way['flow'], keeper: SessionKeeper): boolean {
  return flow !== 'popup' && self === top && (flow === 'redirect' || keeper.lasts());
}
