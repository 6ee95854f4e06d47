import { html, raw } from 'hono/html';
import { PAGE_STYLES } from './page-styles.ts';

/** Markup whose variable parts are escaped. */
export type Page = ReturnType<typeof html>;

/** Whose pages these stand for. */
export interface PageVendor {
  /** As people know it, such as `Zoom`. */
  readonly vendorName: string;
}

/** Puts contents in the frame that all pages share. The banner says that this is not the vendor. */
export function vendorPage({ vendorName }: PageVendor, title: string, contents: Page): Page {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="data:," />
        <title>${title} – ${vendorName} emulator</title>
        <style>
          ${raw(PAGE_STYLES)}
        </style>
      </head>
      <body>
        <p class="banner"><strong>${vendorName} emulator</strong> – this is not ${vendorName}. The accounts are made up.</p>
        <main>${contents}</main>
      </body>
    </html>`;
}
