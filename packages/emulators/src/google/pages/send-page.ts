import type { Context } from 'hono';
import type { PageError } from '../oauth/authorization-request.ts';
import type { GoogleSwitches } from '../switches.ts';
import type { Page } from './page.ts';

/** How a page of the sign-in conversation is sent. */
export interface PageDelivery {
  /** The default is 200. */
  readonly status?: 200 | PageError['status'];
  readonly switches: Pick<GoogleSwitches, 'crossOriginOpenerPolicy'>;
}

/** Sends a page of the sign-in conversation, with the opener policy that the switches say. */
export function sendPage(c: Context, page: Page, { status = 200, switches }: PageDelivery): Response | Promise<Response> {
  const { crossOriginOpenerPolicy: policy } = switches;
  if (policy !== false) c.header('Cross-Origin-Opener-Policy', policy === true ? 'same-origin' : policy);
  c.header('Cache-Control', 'no-cache, no-store, max-age=0, must-revalidate');
  c.header('X-Frame-Options', 'DENY');
  return c.html(page, status);
}
