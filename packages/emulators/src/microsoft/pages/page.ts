import { html, raw } from 'hono/html';
import { PAGE_STYLES } from '../../pages/page-styles.ts';

/** Markup whose variable parts are escaped. */
export type Page = ReturnType<typeof html>;

/** Square, and blue, as Microsoft's; buttons that stand for links look like links. */
const MICROSOFT_STYLES = `
:root { --ground: #f2f2f2; --accent: #0067b8; --wash: #f2f2f2; }
@media (prefers-color-scheme: dark) { :root { --ground: #111; --accent: #7cc0ff; --on-accent: #00243f; --wash: #292929; } }
main, .account, .chip, .actions button { border-radius: 2px !important; }
.chip { margin-bottom: 12px; }
.links { margin-top: 24px; display: grid; gap: 4px; justify-items: start; }
.links button { padding: 6px 0; min-height: 32px; color: var(--accent); text-align: start; text-decoration: underline; }
input[type='text'] { width: 100%; min-height: 44px; padding: 8px; font: inherit; color: inherit; background: none; border: 1px solid var(--line); }
`;

/** Puts contents in the frame that all pages share. The banner says that this is not Microsoft. */
export function page(title: string, contents: Page): Page {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="data:," />
        <title>${title} – Microsoft emulator</title>
        <style>
          ${raw(PAGE_STYLES + MICROSOFT_STYLES)}
        </style>
      </head>
      <body>
        <p class="banner"><strong>Microsoft emulator</strong> – this is not Microsoft. The accounts are made up.</p>
        <main>${contents}</main>
      </body>
    </html>`;
}
