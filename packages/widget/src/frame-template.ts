import { html, nothing, type TemplateResult } from 'lit/html.js';

/** One of the dialog's buttons. */
export interface Action {
  readonly label: string;
  readonly primary?: boolean;
  /** Not ready yet, but worth pressing: it then waits. */
  readonly notReady?: boolean;
  /** Where absent it submits the form, which Enter does too. */
  readonly act?: () => unknown;
  /** Where a link leads to, which looks like a button. */
  readonly href?: string;
}

/** What a step of the dialog says and offers: a heading, what happens, something to read or to choose, a quiet word, buttons. */
export interface Frame {
  readonly heading: unknown;
  readonly message?: unknown;
  readonly tone?: 'busy' | 'failed' | undefined;
  readonly body?: unknown;
  readonly hint?: string | undefined;
  readonly word?: string | false | undefined;
  readonly actions: readonly Action[];
}

/** Draws it. */
export function frameTemplate({ heading, message, tone, body, hint, word, actions }: Frame): TemplateResult {
  return html`<div class="body">
      <h2 part="heading" id="heading" tabindex="-1">${heading}</h2>
      ${message ? html`<p part="message" class=${tone ?? nothing}>${message}</p>` : nothing}${body}
      ${hint ? html`<p part="hint">${hint}</p>` : nothing}
    </div>
    <div part="actions">${word ? html`<p part="word">${word}</p>` : nothing}${actions.map(actionTemplate)}</div>`;
}

function actionTemplate({ label, primary, notReady, act, href }: Action): TemplateResult {
  const part = primary ? 'primary' : 'secondary';
  if (href) return html`<a part=${part} href=${href}>${label}</a>`;
  return html`<button part=${part} type=${act ? 'button' : 'submit'} aria-disabled=${notReady ? 'true' : nothing} @click=${act}>
    ${label}
  </button>`;
}
