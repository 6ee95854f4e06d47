import { POPUP_MESSAGES } from '@calendar-connect/protocol';
import { html } from 'hono/html';
import type { Page } from './page.ts';

/** What the handshake needs. */
export interface Handshake {
  readonly sessionId: string;
  /** The only page that may answer: the browser delivers our question to no other. */
  readonly origin: string;
  readonly nonce: string;
  /** Where the form goes, and its one-time ticket. */
  readonly action: string;
  readonly ticket: string;
  readonly application: string;
}

/**
 * Asks the page that opened this window whether it is the page the session belongs to, where the browser did not say so itself
 * (`Origin: null`). The answer proves it, because the question reaches no other origin; then the form goes on.
 */
export function proofPage(handshake: Handshake): Page {
  return {
    title: 'One moment',
    body: html`<h1>One moment …</h1>
      <p class="muted" id="waiting">Checking that ${handshake.application} opened this window.</p>
      <p id="unproven" hidden>
        This window was not opened by ${handshake.application}, or it has lost its connection to it. Close it and press
        <em>Connect your calendar</em> again.
      </p>
      <noscript><p>Switch JavaScript on to go on, or use another browser.</p></noscript>
      <form
        id="proof"
        method="post"
        action="${handshake.action}"
        data-session="${handshake.sessionId}"
        data-origin="${handshake.origin}"
        data-nonce="${handshake.nonce}"
      >
        <input type="hidden" name="ticket" value="${handshake.ticket}" />
      </form>`,
    script: `
const form = document.getElementById('proof');
const { session, origin, nonce } = form.dataset;
const listening = new AbortController();
const ask = () => opener?.postMessage({ type: '${POPUP_MESSAGES.prove}', session, nonce }, origin);
const asking = setInterval(ask, 250);
const givingUp = setTimeout(() => {
  clearInterval(asking);
  document.getElementById('waiting').hidden = true;
  document.getElementById('unproven').hidden = false;
}, 10000);
addEventListener('message', (event) => {
  const answer = event.data;
  if (event.source !== opener || event.origin !== origin) return;
  if (answer?.type !== '${POPUP_MESSAGES.proof}' || answer.session !== session || answer.nonce !== nonce) return;
  // Every question is answered, but the ticket works once: a second form on its way would take the place of the first.
  listening.abort();
  clearInterval(asking);
  clearTimeout(givingUp);
  form.submit();
}, { signal: listening.signal });
ask();
`,
  };
}
