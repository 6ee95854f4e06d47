import { createHash } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { domainToASCII } from 'node:url';
import type { SMTPTransportOptions, Transporter } from 'nodemailer';
import { parseAuthorities, trustedAuthorities } from '../outbound/authorities.ts';
import { domainOfAddress, isMailAddress } from './mail-address.ts';
import { type Mailbox, type MailOptions, type MailSettings, parseMailOptions } from './mail-options.ts';
import { oneLine } from './mail-text.ts';
import { type MailOutcome, readSmtpFailure } from './smtp-failure.ts';

const CONNECT_TIMEOUT_MS = 10_000;
/** Between two answers. Servers that look a mail through before they take it need some time. */
const SILENCE_TIMEOUT_MS = 45_000;
/** Of one mail altogether: less than a lane is leased for, so that nobody else sends it meanwhile. */
const DEADLINE_MS = 90_000;

/** One mail to one person. */
export interface Mail {
  /** One address, without a name; anything else is refused. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Names the mail among all that are ever sent: sent twice it has the same Message-ID, so that mailboxes can see it. */
  readonly item: string;
  /** Shown as its sender. The address stays the operator's, who may send from no other. Default: the operator's name. */
  readonly from?: { readonly name: string };
  /** Whom an answer goes to. Default: the operator's address. */
  readonly replyTo?: Mailbox;
  /** The item of the first mail of a conversation: mailboxes show this one below it, where they have it. */
  readonly thread?: string;
  /** What a calendar program reads of it: an iCalendar object, and the method that it names. */
  readonly calendar?: { readonly method: 'REQUEST' | 'CANCEL'; readonly content: string };
}

/** The door that mail leaves by. */
export interface Mailer {
  /** The operator's address, which every mail is sent from. */
  readonly from: Mailbox;
  /** Tries once, for a minute and a half at most. Whoever calls tries again `later`. */
  send(mail: Mail): Promise<MailOutcome>;
}

/** How the operator's network is made, as far as mail goes by it. */
export interface MailerParts {
  /** Certificates (PEM) of authorities to trust besides the usual ones. */
  readonly ca?: string | readonly string[] | undefined;
  /** For all of one mail. Default 90,000. */
  readonly deadlineMs?: number;
}

/**
 * Makes the door. One connection for each mail; the library is loaded for the first one.
 *
 * @throws CalendarConnectError `option_invalid`
 */
export function createMailer(options: MailOptions, { ca, deadlineMs = DEADLINE_MS }: MailerParts = {}): Mailer {
  const settings = parseMailOptions(options);
  const authorities = parseAuthorities(ca);
  let transporter: Promise<Transporter> | undefined;
  return {
    from: settings.from,
    send: async (mail) => {
      // The library reads a text as a list of addresses, with names and groups: one address could be ten.
      if (!isMailAddress(mail.to)) return { outcome: 'refused', reason: 'it is for something that is not one mail address' };
      if (mail.replyTo !== undefined && !isMailAddress(mail.replyTo.address)) {
        return { outcome: 'refused', reason: 'answers to it go to something that is not one mail address' };
      }
      transporter ??= openTransporter(settings, authorities);
      try {
        await (await transporter).sendMail({ ...messageOf(mail, settings), signal: AbortSignal.timeout(deadlineMs) });
        return { outcome: 'sent' };
      } catch (error) {
        return readSmtpFailure(error);
      }
    },
  };
}

/** Loaded when first used: it takes a tenth of a second and 29 MB, and most backends send no mail for hours. */
async function openTransporter({ server }: MailSettings, authorities: readonly string[]): Promise<Transporter> {
  const { createTransport } = await import('nodemailer');
  const options: SMTPTransportOptions = {
    host: server.host,
    port: server.port,
    secure: server.secure,
    requireTLS: server.requireTls,
    ...(server.login && { auth: { user: server.login.user, pass: server.login.password } }),
    // Stated, because NODE_TLS_REJECT_UNAUTHORIZED decides where it is not.
    tls: { rejectUnauthorized: true, secureContext: createSecureContext({ ca: trustedAuthorities(authorities) }) },
    connectionTimeout: CONNECT_TIMEOUT_MS,
    dnsTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: SILENCE_TIMEOUT_MS,
    socketTimeout: SILENCE_TIMEOUT_MS,
    // Nothing that stands in a mail makes this process read a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
  return createTransport(options);
}

function messageOf(mail: Mail, { from }: MailSettings) {
  const idOf = (item: string): string =>
    `<${createHash('sha256').update(item).digest('hex').slice(0, 40)}@${domainToASCII(domainOfAddress(from.address))}>`;
  const { replyTo, thread, calendar } = mail;
  return {
    from: { ...from, ...(mail.from !== undefined && { name: oneLine(mail.from.name) }) },
    to: { name: '', address: mail.to },
    ...(replyTo !== undefined && { replyTo: { name: oneLine(replyTo.name), address: replyTo.address } }),
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    ...(calendar !== undefined && { icalEvent: calendarPart(calendar) }),
    messageId: idOf(mail.item),
    ...(thread !== undefined && thread !== mail.item && { inReplyTo: idOf(thread), references: idOf(thread) }),
    headers: {
      // No out-of-office note comes back: https://www.rfc-editor.org/rfc/rfc3834#section-5 and, where Exchange does not heed that,
      // https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxcmail/ced68690-498a-4567-9d14-5c01f974d8b1
      'Auto-Submitted': 'auto-generated',
      // An invitation is answered, by machines too where they keep somebody's calendar; and an address that is none is to come back.
      'X-Auto-Response-Suppress': calendar === undefined ? 'All' : 'OOF',
    },
  };
}

/**
 * The library sends it twice, as Google Calendar does: as the last alternative to the text, with its method, which Outlook and Gmail go by, and
 * as an attached file for programs that look at nothing else ([nodemailer #1202](https://github.com/nodemailer/nodemailer/issues/1202)). Both
 * in base64: quoted-printable is said to be read wrong at times, and a server on the way may break or join long lines.
 *
 * @see [RFC 6047 §2.4](https://www.rfc-editor.org/rfc/rfc6047#section-2.4)
 */
function calendarPart({ method, content }: NonNullable<Mail['calendar']>) {
  return { method, content, filename: 'invite.ics', contentTransferEncoding: 'base64' };
}
