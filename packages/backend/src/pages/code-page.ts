import { fill } from '@calendar-connect/protocol';
import { html } from 'hono/html';
import { addressSentences as sentences } from './address-sentences.ts';
import type { Markup, Page } from './page.ts';
import { tooManyCodes } from './too-many-codes.ts';

/** What somebody sees who was sent a code. */
export interface CodeView {
  /** The application's name, as shown to people. */
  readonly application: string;
  /** Where the form is sent by POST, with `choice` `check`, `resend`, `another` or `cancel`. */
  readonly action: string;
  readonly ticket: string;
  /** Where the code went. Shown only in the browser where it was typed. */
  readonly email: string;
  readonly triesLeft: number;
  /** A code that counts no longer is not asked for. */
  readonly state: 'valid' | 'expired' | 'used_up';
  /** What the form that was just sent led to. */
  readonly said?: 'malformed' | 'wrong' | 'sent_again' | 'too_many';
  /** With `too_many`. */
  readonly retryAfterSeconds?: number;
}

/** Asks for the code that was mailed, and offers another. */
export function codePage(view: CodeView): Page {
  const isValid = view.state === 'valid';
  const heading = isValid ? sentences.codeHeading : sentences.codeOverHeading;
  return {
    title: `${heading} · ${view.application}`,
    body: html`<h1>${heading}</h1>
      ${notice(view)}
      <form method="post" action="${view.action}">
        <input type="hidden" name="ticket" value="${view.ticket}" />
        ${isValid ? codeQuestion(view) : anotherCode(view)}
      </form>`,
    ...(view.said === 'too_many' ? { status: 429 } : {}),
  };
}

function codeQuestion(view: CodeView): Markup {
  return html`<p>${withAddress(sentences.codeSent, view.email)}</p>
    ${codeField(view)}
    <p class="actions"><button name="choice" value="check">${sentences.continue}</button>${cancelButton}</p>
    <h2>${sentences.notCome}</h2>
    <p class="muted">${sentences.notComeTodo}</p>
    <p class="actions">${resendButton('quiet')}${anotherButton}</p>`;
}

function anotherCode({ email }: CodeView): Markup {
  return html`<p>${withAddress(sentences.resendWhere, email)}</p>
    <p class="actions">${resendButton('')}${anotherButton}${cancelButton}</p>`;
}

const resendButton = (kind: 'quiet' | ''): Markup =>
  html`<button class="${kind}" name="choice" value="resend" formnovalidate>${sentences.resend}</button>`;
const anotherButton: Markup = html`<button class="quiet" name="choice" value="another" formnovalidate>${sentences.another}</button>`;
const cancelButton: Markup = html`<button class="quiet" name="choice" value="cancel" formnovalidate>${sentences.cancel}</button>`;

/** A sentence with the address in it: whichever way that is written, the words around it stay where they are. */
function withAddress(sentence: string, email: string): Markup {
  const [before = '', after = ''] = sentence.split('{email}');
  return html`${before}<strong><bdi>${email}</bdi></strong
    >${after}`;
}

/** What is wrong with the code itself stands at its field; the rest here. */
function notice({ state, said, retryAfterSeconds }: CodeView): Markup {
  const problems = [
    ...(state === 'valid' ? [] : [state === 'expired' ? sentences.expired : sentences.usedUp]),
    ...(said === 'too_many' ? [tooManyCodes(retryAfterSeconds)] : []),
  ];
  if (problems.length > 0) {
    return html`<div class="notice" role="alert">${problems.map((problem) => html`<p><strong>${problem}</strong></p>`)}</div>`;
  }
  return said === 'sent_again' ? html`<p role="status"><strong>${sentences.sentAgain}</strong></p>` : html``;
}

function codeField({ said, triesLeft }: CodeView): Markup {
  const problem = said === 'malformed' ? sentences.codeMalformed : said === 'wrong' ? sentences.codeWrong : undefined;
  const tries = triesLeft === 1 ? sentences.triesLeft.one : fill(sentences.triesLeft.several, { count: String(triesLeft) });
  return html`<div class="field">
    <label for="code">${sentences.codeLabel}</label>
    ${problem === undefined ? '' : html`<p class="problem" id="code-problem" role="alert">${problem}</p>`}
    <input
      class="digits"
      id="code"
      name="code"
      required
      maxlength="40"
      inputmode="numeric"
      autocomplete="one-time-code"
      aria-describedby="${problem === undefined ? '' : 'code-problem '}code-hint"
      ${problem === undefined ? '' : html`aria-invalid="true"`}
      autofocus
    />
    <p class="muted" id="code-hint">${tries}</p>
  </div>`;
}
