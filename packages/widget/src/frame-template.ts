import { html, nothing, type TemplateResult } from 'lit/html.js';

/** One of the dialog's buttons. */
export interface Action {
  readonly label: string;
  readonly primary?: boolean;
  /** Not ready yet, but worth pressing: it then waits. */
  readonly notReady?: boolean;
  /** Where absent it submits the form around it, which Enter does too. */
  readonly act?: () => void;
}

/** What every step of the dialog looks like: a heading, something to read or to choose, a quiet word, buttons. */
export interface Frame {
  readonly heading: unknown;
  readonly body: unknown;
  readonly word?: string;
  readonly actions: readonly Action[];
}

/** Draws it. */
export function frameTemplate({ heading, body, word, actions }: Frame): TemplateResult {
  return html`<div class="body">
      <h2 part="heading" id="heading" tabindex="-1">${heading}</h2>
      ${body}
    </div>
    <div part="actions">${word ? html`<p part="word">${word}</p>` : nothing}${actions.map(actionTemplate)}</div>`;
}

function actionTemplate({ label, primary, notReady, act }: Action): TemplateResult {
  return html`<button
    part=${primary ? 'primary' : 'secondary'}
    type=${act ? 'button' : 'submit'}
    aria-disabled=${notReady ? 'true' : nothing}
    @click=${act}
  >
    ${label}
  </button>`;
}
