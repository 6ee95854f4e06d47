import { html } from 'hono/html';
import type { MailLocale } from './mail-language.ts';

/** What may stand in a page: texts are escaped, markup is not. */
export type Markup = string | ReturnType<typeof html>;

/**
 * The frame of a mail in HTML. It loads nothing, and names no colour: mail programs choose light or dark by themselves, and turn around the
 * colours that they are told. Styles are in attributes, because many programs drop a style sheet.
 */
export async function mailPage(mail: { locale: MailLocale; title: string; body: readonly Markup[] }): Promise<string> {
  const markup = await html`<!doctype html>
    <html lang="${mail.locale.language}" dir="ltr">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <title>${mail.title}</title>
      </head>
      <body style="font-family: system-ui, sans-serif; line-height: 1.5; max-width: 40em; overflow-wrap: anywhere">
        ${mail.body}
      </body>
    </html>`;
  return markup.toString();
}

/** A sentence with names from outside in place of `{placeholders}`: whichever way one of them is written, the words around it stay. */
export function sentenceMarkup(sentence: string, values: Readonly<Record<string, string>>): readonly Markup[] {
  return sentence.split(/\{(\w+)\}/).map((part, index) => (index % 2 === 0 ? part : html`<bdi>${values[part]}</bdi>`));
}

/** Lines from outside. The breaks are elements, since not every mail program heeds `white-space`. */
export function linesMarkup(lines: string): readonly Markup[] {
  return lines.split('\n').flatMap((line, index) => (index === 0 ? [line] : [html`<br />`, line]));
}
