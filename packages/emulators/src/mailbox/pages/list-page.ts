import { html, raw } from 'hono/html';
import type { CaughtMail, NamedAddress } from '../caught-mail.ts';
import { page, type Page } from './page.ts';
import { briefTime } from './times.ts';

const SNIPPET_LENGTH = 160;
const LOOKS_EVERY_MS = 2000;

/** Asks whether anything has changed, and only then loads the page anew: whoever reads or goes by keyboard is left alone. */
const REFRESH = `
const shown = document.body.querySelector('[data-revision]').dataset.revision;
const look = async () => {
  if (document.hidden) return;
  const answer = await fetch('/api/revision').catch(() => undefined);
  if (answer?.ok && (await answer.json()).revision !== shown) location.reload();
};
setInterval(look, ${LOOKS_EVERY_MS});
document.addEventListener('visibilitychange', look);
`;

/** What the list shows. */
export interface List {
  readonly all: readonly CaughtMail[];
  readonly shown: readonly CaughtMail[];
  /** The recipient whose mails are shown; everybody's where there is none. */
  readonly to: string | undefined;
  readonly nonce: string;
  readonly smtpAddress: string;
  readonly revision: string;
}

/** All mails, or those to one person, newest first. */
export function listPage(list: List): Page {
  const { all, shown, to, nonce, revision } = list;
  const head = html`<noscript><meta http-equiv="refresh" content="5" /></noscript>
    <script type="module" nonce="${nonce}">
      ${raw(REFRESH)};
    </script>`;
  const contents = html`<h1 data-revision="${revision}">Mailbox</h1>
    <p class="soft lead">Newest first. This page sees by itself when a mail comes.</p>
    ${
      all.length === 0 && to === undefined
        ? emptyMailbox(list)
        : html`<div class="columns">
            ${recipients(all, to)}
            <div class="mails">
              ${
                shown.length === 0
                  ? html`<p class="empty">No mail to <bdi>${to}</bdi> yet.</p>`
                  : html`<ul class="rows">
                      ${shown.map(row)}
                    </ul>`
              }
            </div>
          </div>`
    }`;
  return page({ title: to ?? 'All mails', nonce, head }, contents);
}

function emptyMailbox({ smtpAddress }: List): Page {
  return html`<div class="empty">
    <p><strong>No mail yet.</strong></p>
    <p class="soft">Whatever is sent by <code>smtp://${smtpAddress}</code> shows up here.</p>
  </div>`;
}

function recipients(all: readonly CaughtMail[], to: string | undefined): Page {
  const counts = new Map<string, number>();
  for (const address of all.flatMap(({ envelope }) => [...new Set(envelope.to.map((each) => each.toLowerCase()))])) {
    counts.set(address, (counts.get(address) ?? 0) + 1);
  }
  return html`<nav class="recipients" aria-label="Recipients">
    <ul>
      ${recipient({ href: '/', name: 'Everybody', count: all.length, isShown: to === undefined })}
      ${[...counts].map(([address, count]) =>
        recipient({ href: `/?to=${encodeURIComponent(address)}`, name: address, count, isShown: to?.toLowerCase() === address }),
      )}
    </ul>
  </nav>`;
}

interface Recipient {
  readonly href: string;
  readonly name: string;
  readonly count: number;
  readonly isShown: boolean;
}

function recipient({ href, name, count, isShown }: Recipient): Page {
  return html`<li>
    <a href="${href}" ${isShown ? raw('aria-current="page"') : ''}><bdi>${name}</bdi><span class="count">${count}</span></a>
  </li>`;
}

function row(mail: CaughtMail): Page {
  const snippet = mail.text.slice(0, SNIPPET_LENGTH).replace(/\s+/g, ' ').trim();
  return html`<li>
    <a class="mail" href="/messages/${mail.id}">
      <span class="subject"><bdi>${mail.subject || 'No subject'}</bdi>${badge(mail)}</span>
      <time datetime="${new Date(mail.receivedAtMs).toISOString()}">${briefTime(mail.receivedAtMs)}</time>
      <span class="people">to <bdi>${mail.envelope.to.join(', ')}</bdi> from <bdi>${nameOf(mail.from, mail.envelope.from)}</bdi></span>
      <span class="snippet">${snippet}</span>
    </a>
  </li>`;
}

/** What a calendar part is for: [RFC 5546 §1.4](https://www.rfc-editor.org/rfc/rfc5546#section-1.4) */
function badge({ calendar }: CaughtMail): Page | string {
  if (calendar === undefined) return '';
  const { method, events } = calendar;
  if (method === 'CANCEL') return html`<span class="badge withdrawn">cancelled</span>`;
  if (method !== 'REQUEST') return html`<span class="badge">${method?.toLowerCase() ?? 'calendar'}</span>`;
  return html`<span class="badge">${(events[0]?.sequence ?? 0) > 0 ? 'invitation, changed' : 'invitation'}</span>`;
}

function nameOf(mailbox: NamedAddress | undefined, fallback: string): string {
  return mailbox?.name || mailbox?.address || fallback || 'nobody';
}
