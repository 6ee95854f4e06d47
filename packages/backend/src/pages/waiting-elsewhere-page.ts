import { html } from 'hono/html';
import type { Page } from './page.ts';

/** Shown where the address of somebody's waiting page is opened in a browser that is not the one they wait in. */
export function waitingElsewherePage(at: {
  readonly application: string;
  /** The partner's page, where it is known. */
  readonly origin: string | undefined;
  readonly approved: boolean;
}): Page {
  return {
    title: 'Go on where you began',
    body: html`<h1>${at.approved ? 'Your administrator has approved' : 'Your administrator has not approved yet'}</h1>
      <p>
        You began to connect your calendar in another browser, and it goes on there by itself.
        ${at.approved ? `To connect it in this one, open ${at.application} here and connect again: nobody has to be asked a second time.` : ''}
      </p>
      ${
        at.origin === undefined
          ? ''
          : html`<p class="actions"><a class="button" href="${at.origin}" rel="noreferrer">Open ${at.application}</a></p>`
      }`,
  };
}
