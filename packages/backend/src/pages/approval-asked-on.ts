import { html } from 'hono/html';
import type { Markup } from './page.ts';

const UTC = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

/** When somebody asked: in UTC, because a server does not know where the reader is; {@link localTimesScript} does. */
export function askedOn(words: string, ms: number): Markup {
  const moment = new Date(ms);
  return html`<p class="muted">${words} <time datetime="${moment.toISOString()}">${UTC.format(moment)} UTC</time></p>`;
}

/** Turns every time on a page into the reader's own. */
export const localTimesScript = `
const here = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short' });
for (const time of document.querySelectorAll('time')) time.textContent = here.format(new Date(time.dateTime));
`;
