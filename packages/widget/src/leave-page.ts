import type { MintedSession } from '@calendar-connect/protocol';
import { prepareStartForm, startAddress, type StartFormOptions } from './start-form.ts';

/** What leaving needs: a session that has a place to come back to. */
export interface Leaving extends Omit<StartFormOptions, 'onForbidden'> {
  readonly session: StartFormOptions['session'] & { readonly minted: Pick<MintedSession, 'ticket'> };
}

/**
 * Takes this tab to the provider, by the form where the page's policy lets it go. No policy keeps a page from being left by an address,
 * and the ticket in that one opens nothing but the way there, once.
 */
export function leavePage(leaving: Leaving): void {
  const { backend, session, provider, accessMode } = leaving;
  const send = prepareStartForm({
    ...leaving,
    onForbidden() {
      const url = startAddress(backend, session.id);
      url.search = String(new URLSearchParams({ ticket: session.minted.ticket ?? '', provider, access_mode: accessMode }));
      location.assign(url);
    },
  });
  // The form's frame is in this page.
  send('_parent');
}
