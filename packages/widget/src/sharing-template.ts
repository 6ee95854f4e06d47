import { fill } from '@calendar-connect/protocol';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { DialogView } from './dialog-template.ts';
import type { ShownMode } from './offer.ts';
import { providerLabel } from './provider-label.ts';

/** What an access mode shares and does not, in plain words, and the exact scopes for whoever wants to know. */
export function sharingTemplate(dialog: DialogView, { access_mode, scopes, note }: ShownMode): TemplateResult {
  const { view, sentences } = dialog;
  const { provider } = view.choice;
  const { shared, notShared } = sentences.accessModes[access_mode];
  const names = { application: view.offer?.application.name ?? '', provider: providerLabel(dialog, provider) };
  const list = (heading: string, items: readonly string[], answer: 'yes' | 'no'): TemplateResult =>
    html`<div>
      <h3>${fill(heading, names)}</h3>
      <ul role="list" class=${answer}>
        ${items.map((item) => html`<li>${item}</li>`)}
      </ul>
    </div>`;
  return html`<div part="sharing">
    ${list(sentences.sharedHeading, shared, 'yes')} ${list(sentences.notSharedHeading, notShared, 'no')}
    ${provider && note ? html`<p>${note}</p>` : nothing}
    ${
      provider && scopes.length > 0
        ? html`<details part="scopes">
            <summary>${fill(sentences.exactScopes, names)}</summary>
            <ul role="list">
              ${scopes.map((scope) => html`<li><code class="muted">${scope}</code></li>`)}
            </ul>
          </details>`
        : nothing
    }
  </div>`;
}
