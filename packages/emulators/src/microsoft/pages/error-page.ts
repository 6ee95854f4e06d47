import { html } from 'hono/html';
import type { AadstsReport } from '../oauth/aadsts.ts';
import { page, type Page } from './page.ts';

/** Microsoft's own page for errors that must not reach the app's callback. */
export function errorPage({ code, text, traceId, correlationId, timestamp }: AadstsReport): Page {
  return page(
    'Sign in',
    html`<h1>Sorry, but we’re having trouble signing you in.</h1>
      <p class="error">AADSTS${code}: ${text}</p>
      <h2>Troubleshooting details</h2>
      <p class="soft">Request Id: <code>${traceId}</code></p>
      <p class="soft">Correlation Id: <code>${correlationId}</code></p>
      <p class="soft">Timestamp: ${timestamp}</p>
      <p class="soft">The app is not told of this error. You can close this window.</p>`,
  );
}

/** What an outage of the sign-in service looks like in a browser. */
export function outagePage(status: number): Page {
  return page(
    'Sign in',
    html`<h1>Our services aren't available right now</h1>
      <p>We're working to restore all services as soon as possible. Please check back soon.</p>
      <p class="soft">HTTP ${status}</p>`,
  );
}

/** What is answered for an address that Microsoft does not have. */
export function notFoundPage(path: string): Page {
  return page(
    '404',
    html`<h1>404 - File or directory not found.</h1>
      <p>The emulator does not have <code>${path}</code>.</p>`,
  );
}
