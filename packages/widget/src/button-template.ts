import type { EventErrorCode } from '@calendar-connect/protocol';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import { en as texts } from './locales/en.ts';
import type { ShownConnection } from './offer.ts';

/** A connected calendar, in the person's words. */
export interface Connection extends ShownConnection {
  /** Provider and access mode, in words. */
  readonly details: string;
}

/** What the button does. */
export interface ButtonView {
  readonly busy: boolean;
  readonly open: () => void;
  /** The person is likely to click soon. */
  readonly intent: () => void;
}

/** The button. */
export function buttonTemplate(button: ButtonView): TemplateResult {
  return openerTemplate(
    'button',
    button,
    html`<svg part="icon" viewBox="0 0 20 20" aria-hidden="true">
        <path d="M3 5h14v12H3zM3 9h14M7 3v2m6-2v2m-3 6v4m-2-2h4" />
      </svg>
      <span><slot name="label">${texts.connect}</slot></span>`,
  );
}

function openerTemplate(part: 'button' | 'link', { busy, open, intent }: ButtonView, content: unknown): TemplateResult {
  return html`<button
    part=${part}
    type="button"
    aria-haspopup="dialog"
    aria-busy=${busy}
    @click=${open}
    @pointerenter=${intent}
    @focus=${intent}
  >
    ${content}
  </button>`;
}

/** What stands in place of the button once a calendar is connected. */
export function connectedTemplate({ name, details }: Connection, change: ButtonView | undefined): TemplateResult {
  return html`<div part="status" class="card" tabindex="-1">
    <svg viewBox="0 0 20 20" aria-hidden="true"><path d="M18 10a8 8 0 1 1-16 0 8 8 0 0 1 16 0M6 10l3 3 5-6" /></svg>
    <div>
      <strong>${texts.connected}</strong><span>${name}</span><span class="muted">${details}</span>
      ${change ? openerTemplate('link', change, texts.change) : nothing}
    </div>
  </div>`;
}

/** What stands in place of the button where the page is not set up correctly. */
export function problemTemplate(code: EventErrorCode): TemplateResult {
  return html`<p part="problem" class="card">${code === 'insecure_context' ? texts.insecure : texts.setup} (${code})</p>`;
}

/** The sentence under the button after a cancelled attempt. */
export function noticeTemplate(notice: string): TemplateResult | typeof nothing {
  return notice ? html`<p part="notice" class="card">${notice}</p>` : nothing;
}
