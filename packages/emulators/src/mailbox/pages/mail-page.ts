import { html } from 'hono/html';
import type { CaughtMail, NamedAddress } from '../caught-mail.ts';
import { calendarSection } from './calendar-section.ts';
import { page, type Page } from './page.ts';
import { sandboxed } from './sandboxed.ts';
import { clockTime } from './times.ts';

/** A mail, with nothing of it left out and nothing of it let loose. It has no script: the mail's HTML is in a frame of this page. */
export function mailPage(mail: CaughtMail): Page {
  const contents = html`<p><a href="/">All mails</a></p>
    <h1><bdi>${mail.subject || 'No subject'}</bdi></h1>
    ${headers(mail)} ${mail.calendar === undefined ? '' : calendarSection(mail.id, mail.calendar)}
    ${mail.html === '' ? '' : htmlSection(mail.html)} ${mail.text === '' ? '' : textSection(mail.text)} ${sourceSection(mail)}`;
  return page({ title: mail.subject || 'No subject' }, contents);
}

function headers({ from, replyTo, to, cc, date, messageId, envelope, receivedAtMs, attachments }: CaughtMail): Page {
  return html`<dl>
    ${field('From', mailboxes(from === undefined ? [] : [from]))} ${field('Reply-To', mailboxes(replyTo))} ${field('To', mailboxes(to))}
    ${field('Cc', mailboxes(cc))} ${field('Date', date)} ${field('Message-ID', messageId)} ${field('Delivered to', envelope.to.join(', '))}
    ${field('Sent by', envelope.from || 'the null sender')} ${field('Received', clockTime(receivedAtMs))}
    ${field('Attachments', attachments.map(({ filename, mimeType, bytes }) => `${filename || mimeType} (${bytes} bytes)`).join(', '))}
  </dl>`;
}

function field(name: string, value: string | undefined): Page | string {
  return value === undefined || value === ''
    ? ''
    : html`<dt>${name}</dt>
        <dd><bdi>${value}</bdi></dd>`;
}

function mailboxes(all: readonly NamedAddress[]): string {
  return all.map(({ name, address }) => (name === '' ? address : `${name} <${address}>`)).join(', ');
}

function htmlSection(markup: string): Page {
  // No script, no form, no other page in the frame. Only a link that somebody clicks opens, in a window of its own.
  return html`<section>
    <h2>As HTML</h2>
    <iframe
      title="The mail as HTML"
      sandbox="allow-popups allow-popups-to-escape-sandbox"
      referrerpolicy="no-referrer"
      srcdoc="${sandboxed(markup)}"
    ></iframe>
  </section>`;
}

function textSection(text: string): Page {
  return html`<section>
    <h2>As text</h2>
    <pre tabindex="0">${linked(text.trimEnd())}</pre>
  </section>`;
}

/** Makes addresses clickable. Every other part is escaped as it is. */
function linked(text: string): readonly (Page | string)[] {
  return text
    .split(/(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]])/)
    .map((part, index) => (index % 2 === 0 ? part : html`<a href="${part}" target="_blank" rel="noopener noreferrer">${part}</a>`));
}

function sourceSection({ id, source }: CaughtMail): Page {
  return html`<section>
    <h2>As it came</h2>
    <p><a href="/messages/${id}/source.eml">Download the mail</a></p>
    <details>
      <summary>Show its source</summary>
      <pre tabindex="0">${source}</pre>
    </details>
  </section>`;
}
