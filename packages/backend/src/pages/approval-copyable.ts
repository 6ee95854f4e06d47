import { html } from 'hono/html';
import { copySentences } from './approval-sentences.ts';
import type { Markup } from './page.ts';

/** Something to paste elsewhere. */
export interface Copyable {
  /** Unique on the page. */
  readonly id: string;
  readonly label: string;
  readonly text: string;
}

/** About as many characters as fit in one line of a field; a field that is too small can still be scrolled. */
const CHARACTERS_PER_LINE = 44;

/** A field of one line to copy from: for what is pasted rather than read. The button is not there without JavaScript. */
export function copyableLine(field: Copyable): Markup {
  return html`<div class="copyable">
    <label for="${field.id}">${field.label}</label>
    <div class="line">
      <input type="text" id="${field.id}" value="${field.text}" readonly spellcheck="false" autocomplete="off" />
      ${copyButton(field)}
    </div>
    ${copied(field)}
  </div>`;
}

/** A field to copy from that shows all of its text. */
export function copyableText(field: Copyable): Markup {
  const rows = field.text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / CHARACTERS_PER_LINE)), 0);
  return html`<div class="copyable">
    <label for="${field.id}">${field.label}</label>
    <textarea id="${field.id}" rows="${rows}" readonly spellcheck="false" autocomplete="off">${field.text}</textarea>
    ${copyButton(field)} ${copied(field)}
  </div>`;
}

function copyButton({ id, label }: Copyable): Markup {
  const { copy, copied, selected } = copySentences;
  return html`<button type="button" class="quiet" hidden data-copy="${id}" data-copied="${copied}" data-selected="${selected}">
    ${copy}<span class="spoken"> ${label}</span>
  </button>`;
}

function copied({ id }: Copyable): Markup {
  return html`<span class="copied" id="${id}-copied" role="status"></span>`;
}

/** Brings the copy buttons to life. Where the clipboard is closed to pages, the text is selected, ready for the keyboard. */
export const copyScript = `
for (const button of document.querySelectorAll('[data-copy]')) {
  const field = document.getElementById(button.dataset.copy);
  const word = document.getElementById(button.dataset.copy + '-copied');
  let clearing;
  button.hidden = false;
  button.addEventListener('click', async () => {
    clearTimeout(clearing);
    try {
      await navigator.clipboard.writeText(field.value);
      word.textContent = button.dataset.copied;
      clearing = setTimeout(() => (word.textContent = ''), 5000);
    } catch {
      word.textContent = button.dataset.selected;
      field.focus();
      field.select();
    }
  });
}
`;
