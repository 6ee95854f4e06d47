import { CalendarConnectError } from '../errors.ts';
import { isLoopbackHost } from '../loopback-host.ts';
import { isVisibleText } from '../visible-text.ts';
import { isMailAddress } from './mail-address.ts';

/** How mail leaves. */
export interface MailOptions {
  /**
   * The mail server: `smtp://user:password@mail.example:587`, or `smtps://…:465` where TLS comes first. The ports are the defaults. Special
   * characters of user and password are percent-encoded. Off this computer `smtp:` means STARTTLS, and no mail leaves without it.
   */
  readonly smtpUrl: string;
  /** Whom mails are from, such as `Acme Calendars <calendars@acme.example>`, or the address alone. */
  readonly from: string;
}

/** The mail server, as {@link MailOptions.smtpUrl} names it. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; else by STARTTLS. */
  readonly secure: boolean;
  /** No mail and no password without TLS: everywhere but on this computer. */
  readonly requireTls: boolean;
  readonly login: { readonly user: string; readonly password: string } | undefined;
}

/** Whom a mail is from or to. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/** {@link MailOptions} that were checked. */
export interface MailSettings {
  readonly server: SmtpServer;
  readonly from: Mailbox;
}

const MAX_NAME_LENGTH = 100;
const HOST = /^(?:[a-z\d](?:[a-z\d.-]*[a-z\d])?|\[[\da-f:.]+\])$/;

/**
 * Checks how mail is to leave. The address of the server is in no message, because it may hold a password.
 *
 * @throws CalendarConnectError `option_invalid`
 */
export function parseMailOptions({ smtpUrl, from }: MailOptions): MailSettings {
  return { server: parseSmtpUrl(smtpUrl), from: parseFrom(from) };
}

function parseSmtpUrl(text: unknown): SmtpServer {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw smtpUrlInvalid('no address');
  const secure = url.protocol === 'smtps:';
  if (!secure && url.protocol !== 'smtp:') throw smtpUrlInvalid('an address that begins otherwise');
  if (/^\/?[^/]/.test(url.pathname) || url.search !== '' || url.hash !== '') {
    throw smtpUrlInvalid('one with more behind the port, or with a /, ? or # in the password that is not percent-encoded');
  }
  const host = url.hostname.toLowerCase();
  if (!HOST.test(host)) throw smtpUrlInvalid('one without a host, or whose host is not written in ASCII');
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    requireTls: !secure && !isLoopbackHost(host),
    login: loginOf(url),
  };
}

function loginOf({ username, password }: URL): SmtpServer['login'] {
  if (username === '' && password === '') return undefined;
  if (username === '' || password === '') throw smtpUrlInvalid('one with a user and no password, or a password and no user');
  try {
    return { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch {
    throw smtpUrlInvalid('one with a % in user or password that is not percent-encoded as %25');
  }
}

function smtpUrlInvalid(received: string): CalendarConnectError {
  const expected = 'an address such as smtp://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST:465';
  return new CalendarConnectError('option_invalid', `mail.smtpUrl: expected ${expected}, received ${received}`);
}

function parseFrom(text: unknown): Mailbox {
  const [, quoted, plain = '', inBrackets, alone] =
    /^\s*(?:(?:"([^"\\]*)"|([^<>"\\]*?))\s*<([^<>]*)>|([^<>\s]+))\s*$/.exec(typeof text === 'string' ? text : '') ?? [];
  const mailbox = { name: quoted ?? plain, address: inBrackets ?? alone ?? '' };
  if (isMailAddress(mailbox.address) && (mailbox.name === '' || isVisibleText(mailbox.name, MAX_NAME_LENGTH))) return mailbox;
  const received = typeof text === 'string' ? JSON.stringify(text) : typeof text;
  throw new CalendarConnectError(
    'option_invalid',
    `mail.from: expected an address such as calendars@acme.example or Acme Calendars <calendars@acme.example>, received ${received}`,
  );
}
