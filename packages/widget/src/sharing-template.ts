import { ACCESS_MODES, fill } from '@calendar-connect/protocol';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { DialogView } from './dialog-template.ts';
import type { ShownMode } from './offer.ts';
import { providerLabel } from './provider-label.ts';

type Drawn = TemplateResult | typeof nothing;

/** What an access mode shares and does not, in plain words; what ends with it; and the exact scopes for whoever wants to know. */
export function sharingTemplate(dialog: DialogView, { access_mode, scopes, note }: ShownMode): TemplateResult {
  const { view, sentences } = dialog;
  const { change, choice, offer } = view;
  const { provider } = choice;
  const { accessModes } = sentences;
  const { shared, notShared, remark } = accessModes[access_mode];
  // Where nobody is asked, it is about the provider of the connection that ends.
  const names = { application: offer?.application.name ?? '', provider: providerLabel(dialog, scopes[0] ? provider : change?.provider) };
  const say = (sentence: string | undefined): Drawn => (sentence ? html`<p>${fill(sentence, names)}</p>` : nothing);
  const list = (heading: string, items: readonly string[], answer: 'yes' | 'no'): TemplateResult =>
    html`<div>
      <h3>${fill(heading, names)}</h3>
      <ul role="list" class=${answer}>
        ${items.map((item) => html`<li>${item}</li>`)}
      </ul>
    </div>`;
  /**
   * Compared with what is connected now. Another provider makes another connection beside it, unless the session is for this one.
   */
  const changes = (now: NonNullable<typeof change>): Drawn => {
    const less = ACCESS_MODES.indexOf(access_mode) - ACCESS_MODES.indexOf(now.access_mode);
    if (!less || !(view.named || now.provider === provider || !scopes[0])) return nothing;
    const keptAt = offer?.providers.find(({ id }) => id === now.provider)?.keeps_permissions_at;
    const ends = accessModes[now.access_mode].shared.filter((item) => !shared.includes(item));
    const asksAgain = scopes[0] && now.access_mode !== 'no_access' ? say(sentences.asksAgain) : nothing;
    if (less < 0) return asksAgain;
    return html`${list(sentences.endsHeading, ends, 'no')}
    ${keptAt ? html`${say(sentences.keptAt)} ${keptAt.map(linkTemplate)}` : asksAgain === nothing ? nothing : html`${say(sentences.endsFirst)} ${asksAgain}`}`;
  };
  return html`<div part="sharing">
    ${change ? changes(change) : nothing} ${list(sentences.sharedHeading, shared, 'yes')}
    ${list(sentences.notSharedHeading, notShared, 'no')} ${say(remark)} ${provider ? say(note) : nothing}
    ${
      !scopes[0]
        ? say(sentences.noScopes)
        : provider
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

/** Whoever opens it keeps this page, and the page there learns nothing of it. */
function linkTemplate(address: string): Drawn {
  const name = address.replace('https://', '');
  return name === address ? nothing : html`<a part="link" href=${address} target="_blank" rel="noopener noreferrer">${name}</a>`;
}
