import { fill } from '@calendar-connect/protocol';
import { html } from 'hono/html';
import { BUSY_SCRIPT, busyLine, problemAt, problemNotice, type ShownProblem, textField } from './exchange-problem.ts';
import { exchangeSentences as sentences } from './exchange-sentences.ts';
import type { Markup, Page } from './page.ts';

/** What somebody sees who has to say where their mailbox is. */
export interface ExchangeAddressView {
  /** The application's name, as shown to people. */
  readonly application: string;
  /** Where the form is sent by POST, with `choice` `find`, `cloud` or `cancel`. */
  readonly action: string;
  readonly ticket: string;
  /** All three as they were typed. */
  readonly address: string;
  readonly serverAddress: string;
  readonly userName: string;
  /** Whether the server's address is asked for, because it was not found or is not right. */
  readonly asksServer: boolean;
  /** Where the mailbox is in the vendor's cloud: the name of the provider to choose instead. */
  readonly cloud?: string | undefined;
  readonly problem?: ShownProblem | undefined;
}

/** Asks for the e-mail address and, folded away until they are needed, for server and user name. */
export function exchangeAddressPage(view: ExchangeAddressView): Page {
  const isOpen = view.asksServer || view.serverAddress !== '' || view.userName !== '';
  return {
    title: `${sentences.heading} · ${view.application}`,
    body: html`<h1>${sentences.heading}</h1>
      ${problemNotice(view.problem)}
      <p>${fill(sentences.purpose, { application: view.application })}</p>
      <form method="post" action="${view.action}">
        <input type="hidden" name="ticket" value="${view.ticket}" />
        ${addressField(view)}
        <details ${isOpen ? html`open` : ''}>
          <summary>${sentences.moreSummary}</summary>
          ${serverField(view)} ${userNameField({ userName: view.userName, hint: sentences.userNameHint })}
        </details>
        ${busyLine(sentences.searching)}
        <p class="actions">
          ${view.cloud === undefined ? '' : html`<button name="choice" value="cloud" formnovalidate>${fill(sentences.cloud, { provider: view.cloud })}</button>`}
          <button class="${view.cloud === undefined ? '' : 'quiet'}" name="choice" value="find">${sentences.continue}</button>
          <button class="quiet" name="choice" value="cancel" formnovalidate>${sentences.cancel}</button>
        </p>
      </form>`,
    script: BUSY_SCRIPT,
  };
}

function addressField({ address, problem }: ExchangeAddressView): Markup {
  return textField({
    id: 'email',
    label: sentences.addressLabel,
    problem: problemAt('address_invalid', problem),
    input: (described) =>
      html`<input
        type="email"
        id="email"
        name="email"
        value="${address}"
        required
        maxlength="254"
        autocomplete="username"
        autocapitalize="none"
        spellcheck="false"
        ${described}
      />`,
  });
}

function serverField({ serverAddress, asksServer, problem }: ExchangeAddressView): Markup {
  return textField({
    id: 'server',
    label: sentences.serverLabel,
    hint: sentences.serverHint,
    problem: problemAt('server_address_invalid', problem),
    input: (described) =>
      html`<input
        id="server"
        name="server_address"
        value="${serverAddress}"
        maxlength="2000"
        inputmode="url"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        ${asksServer && problem?.kind === 'failed' ? html`autofocus` : ''}
        ${described}
      />`,
  });
}

/** Where the user name is typed that is not the e-mail address. */
export function userNameField({
  userName,
  hint,
  problem,
  required = false,
}: {
  readonly userName: string;
  readonly hint: string;
  readonly problem?: string | undefined;
  readonly required?: boolean;
}): Markup {
  return textField({
    id: 'user-name',
    label: sentences.userNameLabel,
    hint,
    problem,
    input: (described) =>
      html`<input
        id="user-name"
        name="user_name"
        value="${userName}"
        ${required ? html`required` : ''}
        maxlength="512"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        ${described}
      />`,
  });
}
