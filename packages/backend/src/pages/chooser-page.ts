import type { AccessMode, Offer, OfferedMode, OfferedProvider } from '@calendar-connect/protocol';
import { en } from '@calendar-connect/protocol/sentences/en';
import { html } from 'hono/html';
import { exactScopes } from './exact-scopes.ts';
import type { Markup, Page } from './page.ts';
import { providerLabel, shares } from './shares.ts';

/** What the hosted chooser offers. */
export interface Chooser {
  readonly offer: Offer;
  readonly action: string;
  readonly ticket: string;
  /** What is marked when the page opens, beside what is the only choice and the application's own default. */
  readonly chosen: { readonly provider: string | undefined; readonly accessMode: string | undefined };
  /** What was missing when the form was sent. */
  readonly problem?: string;
}

/**
 * Lets the person choose provider and access mode where there is no element: a plain form, the same sentences. Without scripts it shows every mode
 * beside every provider, and whoever reads the form says what does not go together.
 */
export function chooserPage(chooser: Chooser): Page {
  const { offer, chosen } = chooser;
  const application = offer.application.name;
  const provider = offer.providers.length === 1 ? offer.providers[0]?.id : chosen.provider;
  const modes = modesOf(offer);
  const accessMode = modes.length === 1 ? modes[0] : (chosen.accessMode ?? offer.default_access_mode);
  return {
    title: `Connect your calendar to ${application}`,
    body: html`<h1>Connect your calendar to ${application}</h1>
      <form method="post" action="${chooser.action}">
        <input type="hidden" name="ticket" value="${chooser.ticket}" />
        ${chooser.problem === undefined ? '' : html`<p role="alert"><strong>${chooser.problem}</strong></p>`}
        <fieldset>
          <legend>${en.chooseProvider}</legend>
          ${offer.providers.map((each) => providerChoice(each, each.id === provider))}
        </fieldset>
        <fieldset>
          <legend>${en.chooseAccessMode}</legend>
          ${modes.map((mode) => modeChoice(offer, mode, mode === accessMode))}
        </fieldset>
        <p class="actions">
          <button name="choice" value="continue">${en.continueLabel}</button>
          <button class="quiet" name="choice" value="cancel" formnovalidate>${en.cancelLabel}</button>
        </p>
      </form>`,
    script: FOLLOW_PROVIDER,
  };
}

/**
 * Leaves of the modes those that the chosen provider has, and of the notes and scopes its own. What the person has chosen, or the application has
 * marked for them, is marked again as soon as it can be had.
 */
const FOLLOW_PROVIDER = `
const form = document.querySelector('form');
const marked = (name) => form.querySelector('[name=' + name + ']:checked')?.value;
let wanted = marked('access_mode');
function followProvider() {
  const provider = marked('provider');
  const isOthers = (ids) => provider !== undefined && !ids.split(' ').includes(provider);
  for (const part of form.querySelectorAll('[data-providers]')) part.hidden = isOthers(part.dataset.providers);
  const inputs = [...form.elements.access_mode.length ? form.elements.access_mode : [form.elements.access_mode]];
  for (const input of inputs) {
    input.disabled = input.closest('.option').hidden;
    input.checked = !input.disabled && input.value === wanted;
  }
  const left = inputs.filter((input) => !input.disabled);
  if (left.length === 1) left[0].checked = true;
}
form.addEventListener('change', ({ target }) => {
  if (target.name === 'access_mode') wanted = target.value;
  followProvider();
});
followProvider()`;

/** Every mode that some provider offers, in the order of the first provider that does. */
function modesOf(offer: Offer): AccessMode[] {
  return [...new Set(offer.providers.flatMap((provider) => provider.access_modes.map((mode) => mode.access_mode)))];
}

function providerChoice(provider: OfferedProvider, checked: boolean): Markup {
  return html`<label class="choice">
    <input type="radio" name="provider" value="${provider.id}" required ${checked ? 'checked' : ''} />
    <span>${providerLabel(provider)}</span>
  </label>`;
}

/** A mode as one provider has it. */
interface ModeThere {
  readonly provider: OfferedProvider;
  readonly mode: OfferedMode;
}

function modeChoice(offer: Offer, accessMode: AccessMode, checked: boolean): Markup {
  const sentences = en.accessModes[accessMode];
  const id = `mode-${accessMode}`;
  const there = offer.providers.flatMap((provider) =>
    provider.access_modes.filter((mode) => mode.access_mode === accessMode).map((mode): ModeThere => ({ provider, mode })),
  );
  return html`<div class="option" data-providers="${there.map(({ provider }) => provider.id).join(' ')}">
    <label class="choice">
      <input
        type="radio"
        name="access_mode"
        value="${accessMode}"
        required
        ${checked ? 'checked' : ''}
        aria-labelledby="${id}-label"
        aria-describedby="${id}-summary"
      />
      <span id="${id}-label">${sentences.label}</span>
      <span class="muted" id="${id}-summary">${sentences.summary}</span>
    </label>
    <div class="shares">${shares(offer.application.name, accessMode)} ${asked(there)}</div>
  </div>`;
}

/** Why each provider will ask for more than is used, where it does, and exactly what for; where none of them is asked, that, once. */
function asked(there: readonly ModeThere[]): Markup {
  if (there.every(({ mode }) => mode.scopes.length === 0)) return exactScopes('', []);
  return html`${there.map(
    ({ provider, mode }) =>
      html`<div data-providers="${provider.id}">
        ${mode.note === undefined ? '' : html`<p>${mode.note}</p>`} ${exactScopes(provider.name, mode.scopes)}
      </div>`,
  )}`;
}
