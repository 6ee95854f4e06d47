/** How sending a mail ended. What is in it may be logged: no address, no password, and none of the server's own words. */
export type MailOutcome =
  | { readonly outcome: 'sent' }
  /** It will never be taken: there is no such mailbox, or it is not let in. */
  | { readonly outcome: 'refused'; readonly reason: string }
  /** It may be taken another time, or once the operator has mended something. */
  | { readonly outcome: 'later'; readonly reason: string };

/** Commands whose refusal is about this one mail. At all others the server objects to us, which the operator can mend. */
const ABOUT_THE_MAIL = ['RCPT TO', 'DATA'];
/** The session was in the wrong state, which says nothing of the mail. */
const BAD_SEQUENCE = 503;

/** What nodemailer puts on its errors. Their messages quote the server, and servers quote addresses. */
interface SmtpError extends Error {
  readonly code: string;
  readonly originalCode?: string;
  readonly command?: string;
  readonly response?: string;
  readonly responseCode?: number;
}

/**
 * Reads why a mail did not leave: [RFC 5321 §4.2.1](https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1) calls 4yz transient and 5yz
 * permanent. What no mail server caused is thrown on.
 */
export function readSmtpFailure(error: unknown): MailOutcome {
  if (!isSmtpError(error)) throw error;
  const { code, command = '', responseCode } = error;
  if (responseCode !== undefined) {
    const reason = `the mail server answered ${statusOf(error)} to ${wordsOf(command)}`;
    const isForGood = responseCode >= 500 && responseCode !== BAD_SEQUENCE && ABOUT_THE_MAIL.includes(command);
    return { outcome: isForGood ? 'refused' : 'later', reason };
  }
  if (code === 'EABORT') return { outcome: 'later', reason: 'the mail server took too long' };
  const detail = error.originalCode ?? code;
  return { outcome: 'later', reason: `the mail server could not be talked to (${detail === code ? code : `${code} ${detail}`})` };
}

/** The reply's code, and the more exact one behind it where there is one: [RFC 3463](https://www.rfc-editor.org/rfc/rfc3463#section-2) */
function statusOf({ response = '', responseCode }: SmtpError): string {
  const [, exact] = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response) ?? [];
  return exact === undefined ? String(responseCode) : `${responseCode} ${exact}`;
}

function wordsOf(command: string): string {
  if (command.startsWith('AUTH')) return 'user and password';
  return command === 'MAIL FROM' ? 'MAIL FROM, the address that mails are from' : command;
}

function isSmtpError(error: unknown): error is SmtpError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
