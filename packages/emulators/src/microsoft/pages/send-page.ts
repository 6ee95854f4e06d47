import type { Context } from 'hono';
import type { MicrosoftSwitches } from '../switches.ts';
import type { Page } from './page.ts';

/** How a page of the sign-in is sent. */
export interface PageDelivery {
  /** The default is 200. */
  readonly status?: 200 | 400 | 404 | 429 | 500 | 502 | 503 | 504;
  readonly switches: Pick<MicrosoftSwitches, 'crossOriginOpenerPolicy'>;
}

/** Sends a page of the sign-in. */
export function sendPage(c: Context, page: Page, { status = 200, switches }: PageDelivery): Response | Promise<Response> {
  guardPage(c, switches);
  return c.html(page, status);
}

/**
 * Sets the headers that every answer to a browser has. A redirect carries the opener policy too: browsers heed it there, so even
 * single sign-on without a page cuts a popup off from its opener.
 */
export function guardPage(c: Context, { crossOriginOpenerPolicy: policy }: Pick<MicrosoftSwitches, 'crossOriginOpenerPolicy'>): void {
  if (policy !== false) c.header('Cross-Origin-Opener-Policy', policy === true ? 'same-origin' : policy);
  c.header('Cache-Control', 'no-store, no-cache');
  c.header('Pragma', 'no-cache');
  c.header('X-Frame-Options', 'DENY');
}
