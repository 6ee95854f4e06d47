import { type FailureSentences, fill } from '@calendar-connect/protocol';
import { html } from 'hono/html';
import { exchangeSentences as sentences } from './exchange-sentences.ts';
import type { Markup } from './page.ts';

/** What kept the person from going on, as their page says it. */
export type ShownProblem =
  | { readonly kind: 'address_invalid' | 'server_address_invalid' | 'user_name_invalid' | 'password_invalid' }
  | { readonly kind: 'too_many'; readonly retryAfterSeconds: number }
  | ShownFailure;

/** What a server, or the way to it, has said. */
export interface ShownFailure {
  readonly kind: 'failed';
  readonly sentences: FailureSentences;
  /** Stable, for support: the reason, and what the reason leaves open. */
  readonly code: string;
  readonly host?: string | undefined;
  /** Where firewalls may keep us out: the addresses that we come from. */
  readonly letIn?: readonly string[];
  /** Where it is said what an IT team has to do. */
  readonly itTeamPage?: string;
}

/** Sentences that stand at the field that they are about, and not above the form. */
const AT_FIELD: Readonly<Record<string, string>> = {
  address_invalid: sentences.addressInvalid,
  server_address_invalid: sentences.serverInvalid,
  user_name_invalid: sentences.userNameInvalid,
  password_invalid: sentences.passwordInvalid,
};

/** What is wrong with a field; `undefined` where that field is not to blame. */
export function problemAt(field: keyof typeof AT_FIELD, problem: ShownProblem | undefined): string | undefined {
  return problem?.kind === field ? AT_FIELD[field] : undefined;
}

/** Says above the form what concerns no field of it. */
export function problemNotice(problem: ShownProblem | undefined): Markup {
  if (problem === undefined || problem.kind in AT_FIELD) return html``;
  if (problem.kind === 'too_many') return notice(html`<p><strong>${tooMany(problem.retryAfterSeconds)}</strong></p>`);
  return problem.kind === 'failed' ? notice(failureText(problem)) : html``;
}

function notice(text: Markup): Markup {
  return html`<div class="notice" role="alert">${text}</div>`;
}

function failureText({ sentences: said, code, host, letIn = [], itTeamPage }: ShownFailure): Markup {
  return html`<p><strong>${said.happened}</strong></p>
    <p>${said.todo}</p>
    ${letIn.length === 0 ? '' : html`<p>${fill(sentences.letIn, { addresses: letIn.join(', ') })}</p>`}
    ${itTeamPage === undefined ? '' : html`<p><a href="${itTeamPage}" target="_blank" rel="noopener noreferrer">${sentences.itTeam}</a></p>`}
    ${host === undefined ? '' : html`<p class="code">${fill(sentences.atHost, { host })}</p>`}
    <p class="code">${fill(sentences.code, { code })}</p>`;
}

function tooMany(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  return minutes <= 1 ? sentences.tooMany.one : fill(sentences.tooMany.several, { count: String(minutes) });
}

/** A label, what is wrong, the field, and a hint. */
export function textField(field: {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly problem?: string | undefined;
  readonly input: (described: Markup) => Markup;
}): Markup {
  const { id, label, hint, problem } = field;
  const describedBy = [...(problem === undefined ? [] : [`${id}-problem`]), ...(hint === undefined ? [] : [`${id}-hint`])].join(' ');
  const described = html`${describedBy === '' ? '' : html`aria-describedby="${describedBy}"`}
  ${problem === undefined ? '' : html`aria-invalid="true" autofocus`}`;
  return html`<div class="field">
    <label for="${id}">${label}</label>
    ${problem === undefined ? '' : html`<p class="problem" id="${id}-problem" role="alert">${problem}</p>`} ${field.input(described)}
    ${hint === undefined ? '' : html`<p class="muted" id="${id}-hint">${hint}</p>`}
  </div>`;
}

/** Says that something happens while a server is asked; without JavaScript the browser shows so by itself. */
export function busyLine(text: string): Markup {
  return html`<p class="muted" role="status" id="busy" data-text="${text}"></p>`;
}

/** Of pages with {@link busyLine}. */
export const BUSY_SCRIPT = `
const busy = document.getElementById('busy');
document.querySelector('form').addEventListener('submit', (event) => {
  if (!['change', 'cancel', 'cloud'].includes(event.submitter?.value)) busy.textContent = busy.dataset.text;
});
`;
