import { newSecret } from '../vault/secrets.ts';
import type { Context } from 'hono';
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { type Look, lookFooter, lookHeader, lookStyles } from './look.ts';
import { pageStyles } from './page-styles.ts';

/** A piece of a page: what `html` escapes as it is put together. */
export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

/** A hosted page. It loads nothing from anywhere; its one style and its one script carry a nonce. */
export interface Page {
  readonly title: string;
  readonly body: Markup;
  /** Runs when the page is there. No part of it may come from outside: values travel as `data-` attributes. */
  readonly script?: string;
  /** The script asks this backend how things stand; no page may ask anybody else. */
  readonly asksBackend?: true;
  readonly status?: 200 | 400 | 403 | 404 | 409 | 429 | 500 | 503;
  /** Loads the page again after this time. */
  readonly refreshAfterSeconds?: number;
}

/** Answers with a page. With a look, it is that of an application. */
export async function answerPage(c: Context, page: Page, look?: Look): Promise<Response> {
  const nonce = newSecret();
  c.header('Content-Security-Policy', policy(nonce, page, look));
  c.header('Cache-Control', 'no-store');
  c.header('Referrer-Policy', 'same-origin');
  c.header('X-Content-Type-Options', 'nosniff');
  c.header('X-Frame-Options', 'DENY');
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="robots" content="noindex" />
        ${page.refreshAfterSeconds === undefined ? '' : html`<meta http-equiv="refresh" content="${page.refreshAfterSeconds}" />`}
        <title>${page.title}</title>
        <style nonce="${nonce}">
          ${raw(look === undefined ? pageStyles : pageStyles + lookStyles(look))}
        </style>
      </head>
      <body>
        <main>${look === undefined ? '' : lookHeader(look)}${page.body}${look === undefined ? '' : lookFooter(look)}</main>
        ${
          page.script === undefined
            ? ''
            : html`<script nonce="${nonce}">
                ${raw(page.script)};
              </script>`
        }
      </body>
    </html>`;
  return c.html(document, page.status ?? 200);
}

function policy(nonce: string, page: Page, look: Look | undefined): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    ...(look?.logo === undefined ? [] : ['img-src data:']),
    ...(page.asksBackend ? ["connect-src 'self'"] : []),
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}
