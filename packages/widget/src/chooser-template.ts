import { fill } from '@calendar-connect/protocol';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { DialogView } from './dialog-template.ts';
import { earlyWord } from './early-word.ts';
import type { Frame } from './frame-template.ts';
import { offeredModes } from './choice.ts';
import type { ShownOffer } from './offer.ts';
import { choiceLabel, providerLabel } from './provider-label.ts';
import { sharingTemplate } from './sharing-template.ts';

/** Choosing: where the calendar is, how much to share, and what that means. */
export function chooserFrame(dialog: DialogView): Frame {
  const { view, texts, sentences, flow } = dialog;
  const { change, personName, offer } = view;
  const about = (sentence: string, values: Readonly<Record<string, string>>): TemplateResult =>
    html`<p part="person" class="muted">${fill(sentence, values)}</p>`;
  return {
    heading: html`<slot name="heading">${change ? texts.change : texts.connect}</slot>`,
    body: html`${personName ? about(texts.forPerson, { name: personName }) : nothing}${
      change
        ? about(sentences.connectedNow, { name: change.name, mode: choiceLabel(dialog, change.provider, change.access_mode) })
        : nothing
    }${offer ? choicesTemplate(dialog, offer) : nothing}`,
    word: earlyWord(dialog),
    actions: [
      { label: sentences.cancelLabel, act: () => flow.cancel() },
      { label: sentences.continueLabel, primary: true, notReady: !view.ready },
    ],
  };
}

function choicesTemplate(dialog: DialogView, offer: ShownOffer): TemplateResult {
  const { view, sentences, texts, flow } = dialog;
  const { choice, missing, change } = view;
  const present = change?.provider === choice.provider ? change?.access_mode : undefined;
  const modes = offeredModes(offer, choice.provider);
  const chosen = modes.find(({ access_mode }) => access_mode === choice.accessMode);
  const group = <T extends string>({ id, legend, options, chosen, choose }: Group<T>): TemplateResult =>
    html`<fieldset part="group" id=${id} aria-describedby="${id}-error">
      <legend part="legend">${legend}</legend>
      ${missing?.group === id ? html`<p part="error" id="${id}-error">${texts.chooseFirst}</p>` : nothing}
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
              aria-describedby="${id}-${value}-summary"
              @change=${() => choose(value)}
            />
            <span id="${id}-${value}">${label}</span>
            ${summary ? html`<span class="muted" id="${id}-${value}-summary">${summary}</span>` : nothing}
          </label>`,
      )}
    </fieldset>`;
  return html`${group({
    id: 'provider',
    legend: sentences.chooseProvider,
    options: offer.providers.map(({ id }) => ({ value: id, label: providerLabel(dialog, id) })),
    chosen: choice.provider,
    choose: (provider) => flow.choose({ provider }),
  })}
  ${group({
    id: 'accessMode',
    legend: sentences.chooseAccessMode,
    options: modes.map(({ access_mode }) => {
      const { label, summary } = sentences.accessModes[access_mode];
      return { value: access_mode, label, summary: `${access_mode === present ? `${sentences.sharedNow} ` : ''}${summary}` };
    }),
    chosen: choice.accessMode,
    choose: (accessMode) => flow.choose({ accessMode }),
  })}
  ${chosen ? sharingTemplate(dialog, chosen) : nothing}`;
}

interface Group<T extends string> {
  readonly id: 'provider' | 'accessMode';
  readonly legend: string;
  readonly options: readonly { readonly value: T; readonly label: string; readonly summary?: string }[];
  readonly chosen: T | undefined;
  readonly choose: (value: T) => void;
}
