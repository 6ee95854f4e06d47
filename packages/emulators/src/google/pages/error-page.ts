import { html } from 'hono/html';
import type { PageError } from '../oauth/authorization-request.ts';
import { page, type Page } from './page.ts';

/** Google's own page for errors that must not reach the app's callback. */
export function errorPage({ status, error, detail }: PageError): Page {
  return page(
    'Access blocked',
    html`<h1>Access blocked</h1>
      <p>You can't sign in to this app with this request.</p>
      <p>${detail}</p>
      <p class="error">Error ${status}: ${error}</p>
      <p class="soft">The app is not told of this error. You can close this window.</p>`,
  );
}

/** What Google's front end answers for an address that it does not know. */
export function notFoundPage(path: string): Page {
  return page(
    '404',
    html`<h1>404. That's an error.</h1>
      <p>The requested URL <code>${path}</code> was not found on this server. That's all we know.</p>`,
  );
}
