import { fill } from '@calendar-connect/protocol';
import { html } from 'hono/html';
import { around } from './exchange-password-page.ts';
import { exchangeSentences as sentences } from './exchange-sentences.ts';
import type { Page } from './page.ts';

/** What somebody sees whose password would go to somebody else's host. */
export interface ExchangeConsentView {
  /** The application's name, as shown to people. */
  readonly application: string;
  /** Where the form is sent by POST, with `choice` `allow`, `refuse` or `cancel`. */
  readonly action: string;
  readonly ticket: string;
  /** Of the person's address. */
  readonly domain: string;
  readonly host: string;
}

/** Asks whether the password may go to a host of another organisation. The yes is not the first button: nobody shall press it unread. */
export function exchangeConsentPage({ application, action, ticket, domain, host }: ExchangeConsentView): Page {
  return {
    title: `${sentences.consentHeading} · ${application}`,
    body: html`<h1>${sentences.consentHeading}</h1>
      <p>${around(fill(sentences.consentAsks, { domain }), '{host}', html`<strong><bdi>${host}</bdi></strong>`)}</p>
      <p>${sentences.consentTodo}</p>
      <form method="post" action="${action}">
        <input type="hidden" name="ticket" value="${ticket}" />
        <p class="actions">
          <button class="quiet" name="choice" value="refuse">${sentences.consentNo}</button>
          <button name="choice" value="allow">${fill(sentences.consentYes, { host })}</button>
          <button class="quiet" name="choice" value="cancel">${sentences.cancel}</button>
        </p>
      </form>`,
  };
}
