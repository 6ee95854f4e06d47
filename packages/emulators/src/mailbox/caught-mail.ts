import type { CalendarPart } from './read-calendar.ts';

/** Somebody whom a header names. */
export interface NamedAddress {
  /** Empty where there is none. */
  readonly name: string;
  readonly address: string;
}

/** A file, or whatever else came with a mail. */
export interface MailAttachment {
  readonly filename: string;
  /** In small letters, such as `text/calendar`. */
  readonly mimeType: string;
  readonly bytes: number;
}

/** What stands in a mail. Headers are decoded; one that is not there is `undefined` or an empty list. */
export interface MailContents {
  readonly from: NamedAddress | undefined;
  readonly replyTo: readonly NamedAddress[];
  readonly to: readonly NamedAddress[];
  readonly cc: readonly NamedAddress[];
  readonly subject: string;
  /** As the header says it, such as `Mon, 02 Nov 2026 09:00:00 +0000`. */
  readonly date: string | undefined;
  /** With its angle brackets. */
  readonly messageId: string | undefined;
  /** Every header as it came, unfolded and not decoded, in the order of the mail. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** The `text/plain` part; empty where there is none. */
  readonly text: string;
  /** The `text/html` part; empty where there is none. It may hold anything: show it in a sandbox only. */
  readonly html: string;
  /** The first `text/calendar` part. */
  readonly calendar: CalendarPart | undefined;
  /** Everything else, and the calendar part once more. */
  readonly attachments: readonly MailAttachment[];
}

/** A mail that was sent. */
export interface CaughtMail extends MailContents {
  /** Counts up from 1 as long as the emulator runs. */
  readonly id: string;
  /** Milliseconds since 1970, of the emulator's clock. */
  readonly receivedAtMs: number;
  /** Who sent it and to whom it goes, as the SMTP conversation said: the headers may say otherwise, and only this decides. */
  readonly envelope: MailEnvelope;
  /** All of it as it came, read as UTF-8. */
  readonly source: string;
}

/** What a mail server goes by: [RFC 5321 §2.3.1](https://www.rfc-editor.org/rfc/rfc5321#section-2.3.1) */
export interface MailEnvelope {
  /** Empty for the null sender. */
  readonly from: string;
  readonly to: readonly string[];
  /** Who logged in. */
  readonly user: string | undefined;
}
