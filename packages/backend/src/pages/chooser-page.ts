import type { AccessMode, Offer, OfferedProvider } from '@calendar-connect/protocol';
import { en } from '@calendar-connect/protocol/sentences/en';
import { html } from 'hono/html';
import { exactScopes } from './exact-scopes.ts';
import type { Markup, Page } from './page.ts';
import { shares } from './shares.ts';

/** What the hosted chooser offers. */
export interface Chooser {
  readonly offer: Offer;
  readonly action: string;
  readonly ticket: string;
  /** What is marked when the page opens. */
  readonly chosen: { readonly provider: string | undefined; readonly accessMode: string | undefined };
  /** What was missing when the form was sent. */
  readonly problem?: string;
}

/** Lets the person choose provider and access mode where there is no element: a plain form, the same sentences. */
export function chooserPage(chooser: Chooser): Page {
  const { offer, chosen } = chooser;
  const application = offer.application.name;
  const provider = offer.providers.length === 1 ? offer.providers[0]?.id : chosen.provider;
  const modes = modesOf(offer);
  const accessMode = modes.length === 1 ? modes[0] : chosen.accessMode;
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
  };
}

/** Every mode that some provider offers, in the order of the first provider that does. */
function modesOf(offer: Offer): AccessMode[] {
  return [...new Set(offer.providers.flatMap((provider) => provider.access_modes.map((mode) => mode.access_mode)))];
}

function providerChoice(provider: OfferedProvider, checked: boolean): Markup {
  return html`<label class="choice">
    <input type="radio" name="provider" value="${provider.id}" required ${checked ? 'checked' : ''} />
    <span>${en.providers[provider.id] ?? provider.name}</span>
  </label>`;
}

function modeChoice(offer: Offer, mode: AccessMode, checked: boolean): Markup {
  const sentences = en.accessModes[mode];
  const id = `mode-${mode}`;
  return html`<div class="option">
    <label class="choice">
      <input
        type="radio"
        name="access_mode"
        value="${mode}"
        required
        ${checked ? 'checked' : ''}
        aria-labelledby="${id}-label"
        aria-describedby="${id}-summary"
      />
      <span id="${id}-label">${sentences.label}</span>
      <span class="muted" id="${id}-summary">${sentences.summary}</span>
    </label>
    <div class="shares">
      ${shares(offer.application.name, mode)} ${offer.providers.map((provider) => noteOf(provider, mode))}
      ${offer.providers.map((provider) => scopesOf(provider, mode))}
    </div>
  </div>`;
}

/** Why the provider will ask for more than is used, where it does. */
function noteOf(provider: OfferedProvider, mode: AccessMode): Markup {
  const note = provider.access_modes.find((each) => each.access_mode === mode)?.note;
  return note === undefined ? html`` : html`<p>${note}</p>`;
}

function scopesOf(provider: OfferedProvider, mode: AccessMode): Markup {
  const scopes = provider.access_modes.find((each) => each.access_mode === mode)?.scopes;
  return scopes === undefined ? html`` : exactScopes(provider.name, scopes);
}
