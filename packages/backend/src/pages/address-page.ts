import { fill } from '@calendar-connect/protocol';
import { html } from 'hono/html';
import { addressSentences as sentences } from './address-sentences.ts';
import type { Page } from './page.ts';
import { tooManyCodes } from './too-many-codes.ts';

/** What somebody sees who shares no calendar and has to prove an address instead. */
export interface AddressView {
  /** The application's name, as shown to people. */
  readonly application: string;
  /** Where the form is sent by POST, with `choice` `continue` or `cancel`. */
  readonly action: string;
  readonly ticket: string;
  /** What the person typed into the form that was just sent; nothing else ever stands there. */
  readonly email: string;
  readonly problem?: 'email_invalid' | 'too_many';
  /** With `too_many`. */
  readonly retryAfterSeconds?: number;
}

/** Says what going on without a calendar means, and asks for an address. */
export function addressPage(view: AddressView): Page {
  const say = (sentence: string) => fill(sentence, { application: view.application });
  const problem =
    view.problem === undefined ? undefined : view.problem === 'too_many' ? tooManyCodes(view.retryAfterSeconds) : sentences.emailInvalid;
  return {
    title: say(sentences.heading),
    body: html`<h1>${say(sentences.heading)}</h1>
      <p>${say(sentences.noAccess)} ${say(sentences.availability)}</p>
      <p>${say(sentences.invitations)}</p>
      <form method="post" action="${view.action}">
        <input type="hidden" name="ticket" value="${view.ticket}" />
        <div class="field">
          <label for="email">${sentences.emailLabel}</label>
          <p class="muted" id="email-hint">${sentences.emailHint}</p>
          ${problem === undefined ? '' : html`<p class="problem" id="email-problem" role="alert">${problem}</p>`}
          <input
            type="email"
            id="email"
            name="email"
            value="${view.email}"
            required
            maxlength="254"
            autocomplete="email"
            autocapitalize="none"
            spellcheck="false"
            aria-describedby="${problem === undefined ? '' : 'email-problem '}email-hint"
            ${problem === undefined ? '' : html`aria-invalid="true" autofocus`}
          />
        </div>
        <p class="actions">
          <button name="choice" value="continue">${sentences.continue}</button>
          <button class="quiet" name="choice" value="cancel" formnovalidate>${sentences.cancel}</button>
        </p>
      </form>`,
    ...(view.problem === 'too_many' ? { status: 429 } : {}),
  };
}
