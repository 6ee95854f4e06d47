import { html, raw } from 'hono/html';
import { PAGE_STYLES } from '../../pages/page-styles.ts';
import { MAILBOX_STYLES } from './mailbox-styles.ts';

/** Markup whose variable parts are escaped. */
export type Page = ReturnType<typeof html>;

/** What the frame around a page is told. */
export interface Frame {
  readonly title: string;
  /** Names the styles, and the script if there is one, to the page's policy. */
  readonly nonce?: string;
  /** What stands in the head besides. */
  readonly head?: Page;
}

/** Puts contents in the frame that all pages share. */
export function page({ title, nonce = '', head = html`` }: Frame, contents: Page): Page {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="data:," />
        <title>${title} – Mailbox emulator</title>
        <style nonce="${nonce}">
          ${raw(PAGE_STYLES)}${raw(MAILBOX_STYLES)}
        </style>
        ${head}
      </head>
      <body>
        <header class="banner"><strong>Mailbox emulator</strong> – mails are caught here, and none leaves this computer.</header>
        <main>${contents}</main>
      </body>
    </html>`;
}

/** The page of an address that leads to nothing. */
export function notFoundPage(nonce: string): Page {
  return page(
    { title: 'Not here', nonce },
    html`<h1>This mail is not here</h1>
      <p class="soft">Only the newest mails are kept, and none over a restart.</p>
      <p><a href="/">All mails</a></p>`,
  );
}
