import { fill, type Offer } from '@calendar-connect/protocol';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { DialogView } from './dialog-template.ts';
import { earlyWord } from './early-word.ts';
import { frameTemplate } from './frame-template.ts';
import { offeredModes } from './choice.ts';
import { providerLabel } from './provider-label.ts';
import { sharingTemplate } from './sharing-template.ts';

/** Choosing: where the calendar is, how much to share, and what that means. */
export function chooserTemplate(dialog: DialogView): TemplateResult {
  const { view, texts, sentences, flow } = dialog;
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    flow.proceed();
  };
  return html`<form method="dialog" novalidate @submit=${onSubmit}>
    ${frameTemplate({
      heading: html`<slot name="heading">${texts.heading}</slot>`,
      body: html`${view.personName ? html`<p part="person" class="muted">${fill(texts.forPerson, { name: view.personName })}</p>` : nothing}${view.offer ? choicesTemplate(dialog, view.offer) : nothing}`,
      word: earlyWord(dialog, sentences.continueLabel),
      actions: [
        { label: sentences.cancelLabel, act: () => flow.cancel() },
        { label: sentences.continueLabel, primary: true, notReady: !view.ready },
      ],
    })}
  </form>`;
}

function choicesTemplate(dialog: DialogView, offer: Offer): TemplateResult {
  const { view, sentences, texts, flow } = dialog;
  const { choice } = view;
  const modes = offeredModes(offer, choice.provider);
  const chosen = modes.find(({ access_mode }) => access_mode === choice.accessMode);
  return html`${groupTemplate({
    id: 'provider',
    legend: sentences.chooseProvider,
    options: offer.providers.map(({ id }) => ({ value: id, label: providerLabel(dialog, id) })),
    chosen: choice.provider,
    error: view.missing?.group === 'provider' && texts.chooseProviderFirst,
    choose: (provider) => flow.choose({ provider }),
  })}
  ${groupTemplate({
    id: 'accessMode',
    legend: sentences.chooseAccessMode,
    options: modes.map(({ access_mode }) => ({ value: access_mode, ...sentences.accessModes[access_mode] })),
    chosen: choice.accessMode,
    error: view.missing?.group === 'accessMode' && texts.chooseModeFirst,
    choose: (accessMode) => flow.choose({ accessMode }),
  })}
  ${chosen ? sharingTemplate(dialog, chosen) : nothing}`;
}

interface Group<T extends string> {
  readonly id: 'provider' | 'accessMode';
  readonly legend: string;
  readonly options: readonly { readonly value: T; readonly label: string; readonly summary?: string }[];
  readonly chosen: T | undefined;
  readonly error: string | false;
  readonly choose: (value: T) => void;
}

function groupTemplate<T extends string>({ id, legend, options, chosen, error, choose }: Group<T>): TemplateResult {
  return html`<fieldset part="group" id=${id} aria-describedby=${error ? `${id}-error` : nothing}>
    <legend part="legend">${legend}</legend>
    ${error ? html`<p part="error" id="${id}-error">${error}</p>` : nothing}
    ${options.map(
      ({ value, label, summary }) =>
        html`<label part="option">
          <input
            type="radio"
            name=${id}
            required
            .value=${value}
            .checked=${value === chosen}
            aria-labelledby="${id}-${value}"
            aria-describedby=${summary ? `${id}-${value}-summary` : nothing}
            @change=${() => choose(value)}
          />
          <span id="${id}-${value}">${label}</span>
          ${summary ? html`<span class="muted" id="${id}-${value}-summary">${summary}</span>` : nothing}
        </label>`,
    )}
  </fieldset>`;
}
