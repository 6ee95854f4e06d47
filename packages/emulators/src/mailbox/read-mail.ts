import type { Address, Attachment, Email } from 'postal-mime';
import type { NamedAddress, MailContents } from './caught-mail.ts';
import { type CalendarPart, readCalendar } from './read-calendar.ts';

/**
 * Reads what stands in a mail.
 * @throws Error where it is nested or headed beyond all reason
 */
export async function readMail(source: Uint8Array): Promise<MailContents> {
  // Loaded when the first mail comes: most who load the emulators want no mail.
  const { default: PostalMime } = await import('postal-mime');
  const email = await PostalMime.parse(source);
  return {
    from: email.from && mailboxesOf([email.from])[0],
    replyTo: mailboxesOf(email.replyTo),
    to: mailboxesOf(email.to),
    cc: mailboxesOf(email.cc),
    subject: email.subject ?? '',
    date: headerOf(email, 'date'),
    messageId: email.messageId,
    headers: email.headers.map(({ originalKey, value }) => ({ name: originalKey, value })),
    text: email.text ?? '',
    html: email.html ?? '',
    calendar: calendarOf(email.attachments),
    attachments: email.attachments.map(({ filename, mimeType, content }) => ({
      filename: filename ?? '',
      mimeType,
      bytes: typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength,
    })),
  };
}

function mailboxesOf(addresses: readonly Address[] = []): readonly NamedAddress[] {
  return addresses.flatMap((each) => each.group ?? [each]).map(({ name, address }) => ({ name, address }));
}

function headerOf({ headers }: Email, key: string): string | undefined {
  return headers.find((header) => header.key === key)?.value;
}

function calendarOf(attachments: readonly Attachment[]): CalendarPart | undefined {
  const part = attachments.find(({ mimeType }) => mimeType === 'text/calendar');
  if (part === undefined) return undefined;
  const text = typeof part.content === 'string' ? part.content : new TextDecoder().decode(part.content);
  // Line ends are CRLF in a text of a mail, and the parser makes them LF: https://www.rfc-editor.org/rfc/rfc2046#section-4.1.1
  return readCalendar(text.replace(/\r?\n/g, '\r\n'), part.method);
}
