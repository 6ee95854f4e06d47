import { html } from 'hono/html';
import type { ConferencingService } from '../providers/provider.ts';
import { exactScopes } from './exact-scopes.ts';
import type { Markup, Page } from './page.ts';

/** What a page needs to know of a service. */
export type OfferedService = Pick<ConferencingService, 'id' | 'name' | 'modes'>;

/** What the person is asked. */
export interface ConferencingChoice {
  readonly application: string;
  /** Whose account the meetings are for, as that person knows it. */
  readonly person: string;
  /** At least one. Where it is one, there is nothing to choose, and only to confirm. */
  readonly services: readonly OfferedService[];
  readonly action: string;
  readonly ticket: string;
  /** What was missing when the form was sent. */
  readonly problem?: string | undefined;
}

/**
 * Says what is about to be connected and for whom. Whoever was sent here by somebody else sees a name that is not theirs: they would make
 * meetings for that person, in their own name.
 */
export function conferencingServicesPage(choice: ConferencingChoice): Page {
  const { application, person, services } = choice;
  const [only, ...others] = services;
  const isChosen = others.length === 0;
  const title = `Connect ${isChosen && only !== undefined ? only.name : 'a meeting service'} to ${application}`;
  return {
    title,
    body: html`<h1>${title}</h1>
      <p>This is for the account of <strong>${person}</strong> at ${application}. Go on only if that is you.</p>
      <form method="post" action="${choice.action}">
        <input type="hidden" name="ticket" value="${choice.ticket}" />
        ${choice.problem === undefined ? '' : html`<p role="alert"><strong>${choice.problem}</strong></p>`}
        ${isChosen && only !== undefined ? html`<input type="hidden" name="provider" value="${only.id}" />` : chooser(services)}
        ${purpose(application)} ${isChosen && only !== undefined ? asked(only) : ''}
        <p class="actions">
          <button name="choice" value="continue">Continue</button>
          <button class="quiet" name="choice" value="cancel" formnovalidate>Cancel</button>
        </p>
      </form>`,
  };
}

function chooser(services: readonly OfferedService[]): Markup {
  return html`<fieldset>
    <legend>Where do you meet?</legend>
    ${services.map(
      (service) =>
        html`<div class="option">
          <label class="choice">
            <input type="radio" name="provider" value="${service.id}" required />
            <span>${service.name}</span>
          </label>
          <div class="shares">${asked(service)}</div>
        </div>`,
    )}
  </fieldset>`;
}

/** The same at every service, because it is said by what is done and not by what could be. */
function purpose(application: string): Markup {
  return html`<h2>What it is for</h2>
    <ul>
      <li>Where an event that ${application} books for you is to have a meeting, it is made in your name.</li>
      <li>It moves with its event, and goes with it where the service can take a meeting back.</li>
    </ul>
    <h2>What it is not for</h2>
    <ul>
      <li>Your other meetings, recordings and chats stay as they are, and nobody looks at them.</li>
      <li>${application} gets the addresses of these meetings, and no access to your account there.</li>
    </ul>`;
}

function asked({ name, modes }: OfferedService): Markup {
  const { note, scopes = [] } = modes.full ?? {};
  return html`${note === undefined ? '' : html`<p>${note}</p>`}${exactScopes(name, scopes)}`;
}
