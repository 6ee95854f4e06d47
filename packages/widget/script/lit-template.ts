import type { TemplateResult } from 'lit/html.js';

/**
 * What the dialog's file needs of lit. A template's result is plain data that any lit 3 renders, and this way the file does not import
 * the entry, which is served under two names: importing it by one would load it twice for whoever used the other.
 */
export function html(strings: TemplateStringsArray, ...values: unknown[]): TemplateResult<1> {
  return { _$litType$: 1, strings, values };
}

/** lit's own mark for drawing nothing. */
export const nothing: unique symbol = Symbol.for('lit-nothing') as never;
