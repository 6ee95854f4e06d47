import { fill } from '@calendar-connect/protocol';
import { html } from 'hono/html';
import type { Mail } from './mailer.ts';

/** Who is told that they can go on, and where. Nothing of it was written by whoever typed the address. */
export interface ApprovedMail {
  /** The application's name, as shown to people. */
  readonly application: string;
  /** The organisation's domain: the one of the mail's own address. */
  readonly organisation: string;
  /** Where the person goes on. */
  readonly link: string;
}

const sentences = {
  subject: 'Your calendar can be connected to {application} now',
  allowed: 'An administrator of {organisation} has allowed {application} to connect to calendars. You can go on with one click:',
  afterwards: 'Your calendar is not connected before you have gone on and said yes yourself.',
  why: 'Why you get this: somebody began to connect a calendar to {application}, gave this address as theirs, and had to wait for an administrator. If that was not you, there is nothing to do: ignore this mail.',
  automatic: 'This mail was sent automatically, once. Nobody reads an answer to it.',
} as const;

/** Writes the mail to somebody who waited for their administrator: plain text, the same as HTML, one link, and nothing that is loaded. */
export async function approvedMail({ link, ...names }: ApprovedMail): Promise<Pick<Mail, 'subject' | 'text' | 'html'>> {
  const values = { application: oneLine(names.application), organisation: oneLine(names.organisation) };
  const subject = fill(sentences.subject, values);
  const [allowed, afterwards, why, automatic] = [sentences.allowed, sentences.afterwards, sentences.why, sentences.automatic].map(
    (sentence) => fill(sentence, values),
  );
  const markup = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="color-scheme" content="light dark" />
        <title>${subject}</title>
      </head>
      <body style="font-family: system-ui, sans-serif; line-height: 1.5">
        <p>${allowed}</p>
        <p><a href="${link}">${link}</a></p>
        <p>${afterwards}</p>
        <hr />
        <p><small>${why}</small></p>
        <p><small>${automatic}</small></p>
      </body>
    </html>`;
  return { subject, text: `${[allowed, link, afterwards, '--\n' + why, automatic].join('\n\n')}\n`, html: markup.toString() };
}

/** A line break in a name would be one in a header, and what cannot be seen could turn a sentence around. */
function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .trim()
    .toWellFormed();
}
