import { fill } from '@calendar-connect/protocol';
import { html } from 'hono/html';
import { userNameField } from './exchange-address-page.ts';
import { BUSY_SCRIPT, busyLine, problemAt, problemNotice, type ShownProblem, textField } from './exchange-problem.ts';
import { exchangeSentences as sentences } from './exchange-sentences.ts';
import type { Markup, Page } from './page.ts';

/** What somebody sees who is about to type their password. */
export interface ExchangePasswordView {
  /** The application's name, as shown to people. */
  readonly application: string;
  /** Where the form is sent by POST, with `choice` `sign_in`, `change` or `cancel`. */
  readonly action: string;
  readonly ticket: string;
  readonly address: string;
  /** Of the address. */
  readonly domain: string;
  /** Where the password goes first. */
  readonly host: string;
  readonly namedBy: 'known' | 'typed' | 'discovered';
  /** Whether only the person says that it may go there. */
  readonly isForeign: boolean;
  /** Whether that host names the server that it goes on to. */
  readonly goesOn: boolean;
  readonly userName: PasswordPageUserName;
  readonly problem?: ShownProblem | undefined;
}

/** `known`: as colleagues' look. `own`: it has to be typed, and colleagues' begin so. `asked`: it is the address unless the person says otherwise. */
export type PasswordPageUserName =
  | { readonly kind: 'known'; readonly userName: string }
  | { readonly kind: 'own'; readonly typed: string; readonly domain: string | undefined }
  | { readonly kind: 'asked'; readonly typed: string; readonly isOpen: boolean };

/** Says where the password goes, and asks for it. What was typed before is never shown again. */
export function exchangePasswordPage(view: ExchangePasswordView): Page {
  const shown = html`<strong><bdi>${view.host}</bdi></strong>`;
  return {
    title: `${sentences.passwordHeading} · ${view.application}`,
    body: html`<h1>${sentences.passwordHeading}</h1>
      ${problemNotice(view.problem)}
      <p>
        ${around(sentences.goesTo[view.namedBy], '{host}', shown)} ${view.goesOn ? sentences.goesOn : ''}
        ${fill(sentences.notHere, { application: view.application })}
      </p>
      ${view.isForeign ? html`<p class="notice">${fill(sentences.foreign, { host: view.host, domain: view.domain })}</p>` : ''}
      <form method="post" action="${view.action}">
        <input type="hidden" name="ticket" value="${view.ticket}" />
        <div class="field">
          <label for="email">${sentences.addressLabel}</label>
          <input type="email" id="email" name="email" value="${view.address}" readonly autocomplete="username" />
        </div>
        ${userNameOf(view)} ${passwordField(view)} ${busyLine(sentences.signingIn)}
        <p class="actions">
          <button name="choice" value="sign_in">${sentences.signIn}</button>
          <button class="quiet" name="choice" value="change" formnovalidate>${sentences.change}</button>
          <button class="quiet" name="choice" value="cancel" formnovalidate>${sentences.cancel}</button>
        </p>
      </form>`,
    script: BUSY_SCRIPT,
  };
}

function passwordField({ problem }: ExchangePasswordView): Markup {
  const wrong = problemAt('password_invalid', problem);
  return textField({
    id: 'password',
    label: sentences.passwordLabel,
    problem: wrong,
    input: (described) =>
      html`<input
        type="password"
        id="password"
        name="password"
        required
        maxlength="256"
        autocomplete="current-password"
        ${described}
        ${wrong === undefined && problem?.kind !== 'user_name_invalid' ? html`autofocus` : ''}
      />`,
  });
}

function userNameOf({ userName, problem }: ExchangePasswordView): Markup {
  const wrong = problemAt('user_name_invalid', problem);
  switch (userName.kind) {
    case 'known':
      return html`<p class="muted">${around(sentences.userNameKnown, '{userName}', html`<bdi>${userName.userName}</bdi>`)}</p>
        ${folded(false, userNameField({ userName: '', hint: sentences.userNameHint }))}`;
    case 'own': {
      const { domain } = userName;
      const hint = domain === undefined ? sentences.userNameInvalid : fill(sentences.userNameOwnHint, { domain });
      const typed = userName.typed === '' && domain !== undefined ? `${domain}\\` : userName.typed;
      return userNameField({ userName: typed, hint, problem: wrong, required: true });
    }
    case 'asked':
      return folded(
        userName.isOpen || wrong !== undefined,
        userNameField({ userName: userName.typed, hint: sentences.userNameHint, problem: wrong }),
      );
  }
}

function folded(isOpen: boolean, field: Markup): Markup {
  return html`<details ${isOpen ? html`open` : ''}>
    <summary>${sentences.userNameLabel}</summary>
    ${field}
  </details>`;
}

/** A sentence with something in it that is more than text. */
export function around(sentence: string, place: string, inside: Markup): Markup {
  const [before = '', after = ''] = sentence.split(place);
  return html`${before}${inside}${after}`;
}
