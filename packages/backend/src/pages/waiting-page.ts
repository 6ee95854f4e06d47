import { type AccessMode, fill } from '@calendar-connect/protocol';
import { en } from '@calendar-connect/protocol/sentences/en';
import { html } from 'hono/html';
import { askedOn, localTimesScript } from './approval-asked-on.ts';
import { copyableLine, copyScript } from './approval-copyable.ts';
import { approvalMailLink } from './approval-mail.ts';
import { waitingSentences as sentences, type WaitingProblem } from './approval-sentences.ts';
import { waitScript } from './approval-wait-script.ts';
import { exactScopes } from './exact-scopes.ts';
import type { Markup, Page } from './page.ts';

/** What a person sees while an administrator of their organisation has to allow it. */
export interface WaitingView {
  /** The application's name, as shown to people. */
  readonly application: string;
  /** The provider's own name, such as `Microsoft`. */
  readonly provider: string;
  readonly accessMode: AccessMode;
  /** Exactly what the provider is asked for. */
  readonly scopes: readonly string[];
  /** The organisation's domain; `undefined` while it is not known: then the page asks for the person's work address first. */
  readonly organisation: string | undefined;
  /** What the person typed. */
  readonly email: string | undefined;
  /** Whether a mail is sent there when they can go on. Default: none is. */
  readonly mailed?: boolean;
  /** Our page for the administrator. */
  readonly approvalUrl: string;
  /** `approved` without a `problem` goes on by itself after a second, except where the person came back by the browser's own button. */
  readonly state: 'waiting' | 'approved';
  /** An administrator looked at it and said no. */
  readonly declined: boolean;
  readonly requestedAtMs: number;
  /** Where every form of the page is sent by POST, with `choice` `email`, `continue`, `probe` or `cancel`. */
  readonly action: string;
  /**
   * Same origin; asked by GET with `after` set to the version that the page knows, and answered with JSON
   * `{ version, next: 'wait' | 'go' | 'probe' | 'reload' }` at the latest within 80 seconds. With a `problem` shown, a `go` without a greater
   * version counts after a minute only, so that a failed try does not repeat itself at once. `probe` and `reload` are done each time they are said.
   */
  readonly statusUrl: string;
  readonly version: number;
  /** The partner's page to go back to, where there is one. */
  readonly backTo: string | undefined;
  /** Why the last choice came to nothing. */
  readonly problem?: WaitingProblem;
}

/** Shows what is waited for and of whom, gives the person what the administrator needs, and goes on by itself. */
export function waitingPage(view: WaitingView): Page {
  const organisation = view.organisation ?? sentences.unnamedOrganisation;
  const values = { application: view.application, provider: view.provider, organisation, mode: en.accessModes[view.accessMode].label };
  const say = (sentence: string) => fill(sentence, values);
  const contents =
    view.state === 'approved' ? approved(view, say) : view.organisation === undefined ? question(view, say) : waiting(view, say);
  return {
    title: `${contents.heading} · ${view.application}`,
    body: html`<h1>${contents.heading}</h1>
      ${contents.body}`,
    script: `${localTimesScript}${copyScript}${waitScript}`,
    asksBackend: true,
  };
}

type Say = (sentence: string) => string;
type Contents = { readonly heading: string; readonly body: Markup };

/** The organisation is not known yet: one question, and only then what to do. */
function question(view: WaitingView, say: Say): Contents {
  return {
    heading: say(sentences.askHeading),
    body: html`<p>${say(sentences.askWhy)}</p>
      ${problemText(view, say)} ${emailForm(view, say)}
      <p class="muted">${say(sentences.notTold)}</p>
      ${onwardForm(view, say)} ${progress(view, say(sentences.workingUnknown))}`,
  };
}

function waiting(view: WaitingView, say: Say): Contents {
  const mail = approvalMailLink({ ...view, organisation: view.organisation ?? sentences.unnamedOrganisation });
  return {
    heading: say(sentences.heading),
    body: html`${progress(view, say(sentences.working))} ${problemText(view, say)}
      ${
        view.declined
          ? html`<div class="notice" role="alert">
              <p><strong>${say(sentences.declined)}</strong></p>
              <p>${say(sentences.declinedTodo)}</p>
            </div>`
          : ''
      }
      <p>${say(sentences.asked)}</p>
      ${exactScopes(view.provider, view.scopes)}
      <ol class="steps">
        <li>
          <h2>${say(sentences.sendHeading)}</h2>
          <p>${say(sentences.sendWho)}</p>
          ${copyableLine({ id: 'link', label: say(sentences.linkLabel), text: view.approvalUrl })}
          <p><a class="button" href="${mail}">${say(sentences.mail)}</a></p>
        </li>
        <li>
          <h2>${say(sentences.theyHeading)}</h2>
          <p>${say(sentences.they)}</p>
        </li>
        <li>
          <h2>${say(sentences.youHeading)}</h2>
          <p>${say(sentences.you)} ${say(sentences.closing)}</p>
        </li>
      </ol>
      ${onwardForm(view, say)}
      <details ${isAboutEmail(view) ? 'open' : ''}>
        <summary>${say(sentences.otherOrganisation)}</summary>
        ${emailForm(view, say)}
      </details>
      ${askedOn(say(sentences.askedOn), view.requestedAtMs)}`,
  };
}

function approved(view: WaitingView, say: Say): Contents {
  return {
    heading: say(sentences.approvedHeading),
    body: html`<p>${say(sentences.approved)}</p>
      ${problemText(view, say)} ${progress(view, say(view.problem === undefined ? sentences.approvedWorking : sentences.approvedRetrying))}
      ${onwardForm(view, say)}`,
  };
}

/** Problems of the address stand at its field; the others here. */
function problemText(view: WaitingView, say: Say): Markup {
  if (view.problem === undefined || isAboutEmail(view)) return html``;
  const isTooEarly = view.state === 'approved' && view.problem === 'not_approved_yet';
  return html`<div class="notice" role="alert">
    <p><strong>${say(isTooEarly ? sentences.approvedTooEarly : sentences.problems[view.problem])}</strong></p>
  </div>`;
}

function isAboutEmail({ problem }: WaitingView): boolean {
  return problem === 'email_invalid' || problem === 'organisation_unknown' || problem === 'personal';
}

function emailForm(view: WaitingView, say: Say): Markup {
  const problem = isAboutEmail(view) && view.problem !== undefined ? sentences.problems[view.problem] : undefined;
  return html`<form class="field" method="post" action="${view.action}">
    <label for="email">${sentences.emailLabel}</label>
    <p class="muted" id="email-hint">${say(view.mailed ? sentences.emailHintMailed : sentences.emailHint)}</p>
    ${problem === undefined ? '' : html`<p class="problem" id="email-problem" role="alert">${say(problem)}</p>`}
    <input
      type="email"
      id="email"
      name="email"
      value="${view.email ?? ''}"
      required
      maxlength="254"
      autocomplete="email"
      aria-describedby="${problem === undefined ? '' : 'email-problem '}email-hint"
      ${problem === undefined ? '' : html`aria-invalid="true" autofocus`}
    />
    <p class="actions"><button name="choice" value="email">${sentences.find}</button></p>
  </form>`;
}

/** The ways on. The script sends it too. */
function onwardForm(view: WaitingView, say: Say): Markup {
  const isApproved = view.state === 'approved';
  return html`<form id="onward" method="post" action="${view.action}">
    <p class="actions">
      <button name="choice" value="continue" class="${isApproved ? '' : 'quiet'}">
        ${isApproved ? sentences.approvedContinue : sentences.tryNow}
      </button>
      <button class="quiet" name="choice" value="cancel">${sentences.cancel}</button>
      ${view.backTo === undefined ? '' : html`<a class="button quiet" href="${view.backTo}">${say(sentences.back)}</a>`}
    </p>
  </form>`;
}

/** What the script says and needs; hidden without one, because then nothing goes on by itself. */
function progress(view: WaitingView, words: string): Markup {
  return html`<p
      class="progress"
      id="progress"
      role="status"
      hidden
      data-status="${view.statusUrl}"
      data-version="${view.version}"
      data-approved="${view.state === 'approved' ? 'yes' : ''}"
      data-problem="${view.problem ?? ''}"
      data-offline="${sentences.offline}"
    >
      ${words}
    </p>
    ${
      view.state === 'approved'
        ? ''
        : html`<noscript>
            <p>${sentences.noScript}</p>
            <p><a class="button quiet" href="">${sentences.look}</a></p>
          </noscript>`
    }`;
}
