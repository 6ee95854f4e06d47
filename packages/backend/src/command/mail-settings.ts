import { CalendarConnectError } from '../errors.ts';
import type { MailOptions } from '../mail/mail-options.ts';
import type { Application } from '../storage/questions/applications.ts';
import type { Settings } from './settings.ts';

/**
 * How mail leaves, as the settings say; `undefined` where none does.
 *
 * @throws CalendarConnectError `option_invalid`: one of the two is missing
 */
export function mailOptionsFrom({ smtpUrl, mailFrom }: Settings): MailOptions | undefined {
  if (smtpUrl === undefined && mailFrom === undefined) return undefined;
  if (mailFrom === undefined) {
    throw new CalendarConnectError('option_invalid', 'MAIL_FROM: expected whom mails are from, because SMTP_URL is set, received nothing');
  }
  if (smtpUrl === undefined) {
    throw new CalendarConnectError('option_invalid', 'SMTP_URL: expected the mail server, because MAIL_FROM is set, received nothing');
  }
  return { smtpUrl, from: mailFrom };
}

/** What the operator should know of applications that count on mails where none is sent. */
export function noteOnMail(mail: MailOptions | undefined, applications: readonly Application[]): readonly string[] {
  if (mail !== undefined) return [];
  return applications
    .filter(({ mailsApprovals }) => mailsApprovals)
    .map(({ id, name }) => `${name} (${id}) wants mails to people who waited for an administrator. None is sent until SMTP_URL is set.`);
}
