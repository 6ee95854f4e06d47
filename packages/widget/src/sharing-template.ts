import { fill, type OfferedMode } from '@calendar-connect/protocol';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { DialogView } from './dialog-template.ts';
import { providerLabel } from './provider-label.ts';

/** What an access mode shares and does not, in plain words, and the exact scopes for whoever wants to know. */
export function sharingTemplate(dialog: DialogView, { access_mode, scopes }: OfferedMode): TemplateResult {
  const { view, sentences } = dialog;
  const names = { application: view.offer?.application.name ?? '', provider: providerLabel(dialog, view.choice.provider) };
  const { shared, notShared } = sentences.accessModes[access_mode];
  return html`<div part="sharing">
    ${listTemplate(fill(sentences.sharedHeading, names), shared, 'yes')}
    ${listTemplate(fill(sentences.notSharedHeading, names), notShared, 'no')}
    ${
      view.choice.provider && scopes.length > 0
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

function listTemplate(heading: string, items: readonly string[], answer: 'yes' | 'no'): TemplateResult {
  return html`<div>
    <h3>${heading}</h3>
    <ul role="list" class=${answer}>
      ${items.map((item) => html`<li>${item}</li>`)}
    </ul>
  </div>`;
}
