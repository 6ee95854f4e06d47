import { type AccessMode, fill } from '@calendar-connect/protocol';
import { html } from 'hono/html';
import type { AdminInstruction } from '../providers/admin-approval.ts';
import { askedOn, localTimesScript } from './approval-asked-on.ts';
import { copyableLine, copyableText, copyScript } from './approval-copyable.ts';
import { approvalEndSentences as ends, type ApprovalFailure, approveSentences as sentences } from './approval-sentences.ts';
import { problemPage } from './end-page.ts';
import type { Markup, Page } from './page.ts';
import { shares } from './shares.ts';

/** What an administrator decides about. */
export interface ApproveView {
  /** The application's name, as shown to people. */
  readonly application: string;
  /** The provider's own name, such as `Microsoft`. */
  readonly provider: string;
  readonly accessMode: AccessMode;
  /** The application's client id at the provider. */
  readonly clientId: string;
  /** Exactly what the provider is asked for. */
  readonly scopes: readonly string[];
  /** Why the provider asks for more than is used, where it does. */
  readonly note?: string | undefined;
  /** The organisation's domain, where it is known. */
  readonly organisation: string | undefined;
  /** Who asked, as they said themselves. */
  readonly person: string | undefined;
  readonly requestedAtMs: number;
  /** Where the form is sent by POST: it leads on to the provider's own page. */
  readonly action: string;
  /** The provider's own page, as a plain address to paste. */
  readonly approvalUrl: string;
  readonly instructions: readonly AdminInstruction[];
  /** They came back from an address that was pasted, or from a window that another one has overtaken. */
  readonly returned?: boolean;
}

type Say = (sentence: string) => string;

/** Tells an administrator who asks for what, how to limit it and how to take it back, and leads on to the provider. */
export function approvePage(view: ApproveView): Page {
  const values = {
    application: view.application,
    provider: view.provider,
    organisation: view.organisation ?? sentences.unnamedOrganisation,
  };
  const say: Say = (sentence) => fill(sentence, values);
  const person = view.person ?? say(sentences.somebody);
  return {
    title: say(sentences.heading),
    body: html`<h1>${say(sentences.heading)}</h1>
      ${view.returned ? html`<p class="notice" role="status">${say(sentences.returned)}</p>` : ''}
      <p>${fill(sentences.askedBy, { ...values, person })}</p>
      ${view.person === undefined ? '' : html`<p>${say(sentences.unproven)}</p>`}
      <p>${say(sentences.meaning)}</p>
      <h2>${say(sentences.toldHeading)}</h2>
      <div class="quoted">${shares(view.application, view.accessMode)}</div>
      ${view.note === undefined ? '' : html`<p class="notice">${view.note}</p>`}
      <form method="post" action="${view.action}">
        <p class="actions"><button>${say(sentences.continue)}</button></p>
        <p class="muted">${say(sentences.continueHint)}</p>
      </form>
      ${limits(view.instructions, say)} ${records(view, say)} ${askedOn(say(sentences.askedOn), view.requestedAtMs)}`,
    script: `${localTimesScript}${copyScript}`,
  };
}

function limits(instructions: readonly AdminInstruction[], say: Say): Markup {
  if (instructions.length === 0) return html``;
  return html`<h2>${say(sentences.limitHeading)}</h2>
    ${instructions.map((instruction, index) => limit(instruction, `commands-${index}`))}`;
}

function limit({ heading, text, commands = [] }: AdminInstruction, id: string): Markup {
  return html`<details>
    <summary>${heading}</summary>
    <p>${text}</p>
    ${commands.length === 0 ? '' : copyableText({ id, label: fill(sentences.commandsLabel, { heading }), text: commands.join('\n') })}
  </details>`;
}

function records(view: ApproveView, say: Say): Markup {
  return html`<h2>${say(sentences.technicalHeading)}</h2>
    ${copyableText({ id: 'client-id', label: say(sentences.clientIdLabel), text: view.clientId })}
    ${copyableText({ id: 'scopes', label: say(sentences.scopesLabel), text: view.scopes.join(' ') })}
    <details>
      <summary>${say(sentences.addressSummary)}</summary>
      <p>${say(sentences.addressHint)}</p>
      ${copyableLine({ id: 'address', label: say(sentences.addressLabel), text: view.approvalUrl })}
    </details>`;
}

/** Says to the administrator, whose organisation is proven now, what happens next; `people` counts those who waited. */
export function approvedPage(at: { application: string; organisation: string | undefined; people: number }): Page {
  const { approved } = ends;
  const heading = fill(approved.heading, { application: at.application, organisation: at.organisation ?? sentences.unnamedOrganisation });
  const waited = at.people === 0 ? approved.nobody : at.people === 1 ? approved.one : approved.many;
  return {
    title: heading,
    body: html`<h1>${heading}</h1>
      <p>${fill(waited, { people: String(at.people) })}</p>
      <p>${approved.rest}</p>`,
  };
}

/** Says that the administrator said no. `again` is our page for the administrator. */
export function approvalDeclinedPage(at: { application: string; again: string }): Page {
  const { declined } = ends;
  return {
    title: declined.heading,
    body: html`<h1>${declined.heading}</h1>
      <p>${fill(declined.text, { application: at.application })}</p>
      <p>${declined.todo}</p>
      <p class="actions"><a class="button quiet" href="${at.again}">${declined.again}</a></p>`,
  };
}

const FAILURE_STATUS = { not_administrator: 403, other_organisation: 403, unproven: 403, unavailable: 503 } as const satisfies Record<
  ApprovalFailure,
  number
>;

/** Says why an approval was not taken on. `again` is our page for the administrator, `expected` the domain of the organisation that asks. */
export function approvalFailedPage(at: { application: string; what: ApprovalFailure; again: string; expected?: string }): Page {
  const failure = ends.failures[at.what];
  const values = { application: at.application, expected: at.expected ?? sentences.askingOrganisation };
  return {
    title: failure.heading,
    body: html`<h1>${failure.heading}</h1>
      <p>${fill(failure.happened, values)}</p>
      <p>${fill(failure.todo, values)}</p>
      <p class="actions"><a class="button" href="${at.again}">${ends.tryAgain}</a></p>`,
    status: FAILURE_STATUS[at.what],
  };
}

/** Shown for a link that belongs to nothing, or no longer does. */
export function approvalLinkGonePage(): Page {
  const { heading, what, todo } = ends.linkGone;
  return problemPage({ title: heading, what, todo, status: 404 });
}
