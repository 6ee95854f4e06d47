import { type AccessMode, fill } from '@calendar-connect/protocol';
import { mailSentences } from './approval-sentences.ts';

/** What the e-mail to an administrator is about. */
export interface ApprovalMail {
  readonly application: string;
  readonly provider: string;
  readonly accessMode: AccessMode;
  readonly organisation: string;
  /** The account that the person wants to connect, where they said. */
  readonly email: string | undefined;
  /** Our page for the administrator. */
  readonly approvalUrl: string;
}

/**
 * Makes a link that opens the person's own mail program with an e-mail to an administrator; they choose to whom it goes.
 *
 * @see [RFC 6068 §5](https://www.rfc-editor.org/rfc/rfc6068#section-5): percent-encoded UTF-8, lines end in `%0D%0A`, and `+` is no space.
 */
export function approvalMailLink({ approvalUrl, email, ...mail }: ApprovalMail): string {
  const values = {
    application: oneLine(mail.application),
    provider: oneLine(mail.provider),
    organisation: oneLine(mail.organisation),
    email: oneLine(email ?? ''),
  };
  const paragraphs = [
    fill(mailSentences.request, values),
    fill(mailSentences.modes[mail.accessMode], values),
    ...(email === undefined ? [] : [fill(mailSentences.account, values)]),
    `${fill(mailSentences.link, values)}\r\n${oneLine(approvalUrl)}`,
    mailSentences.thanks,
  ];
  return `mailto:?subject=${encoded(fill(mailSentences.subject, values))}&body=${encoded(paragraphs.join('\r\n\r\n'))}`;
}

/** A line break in somebody's name would be one in a header, where a mail program is careless. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

/** Half a surrogate pair cannot be encoded and would be an error. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
