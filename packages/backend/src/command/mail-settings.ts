import { CalendarConnectError } from '../errors.ts';
import type { MailOptions } from '../mail/mail-options.ts';
import type { Application } from '../storage/questions/applications.ts';
import type { Settings } from './settings.ts';

/** Whom mails of the demo are from. */
export const DEMO_MAIL_FROM = 'Calendar Connect Demo <calendars@demo.example>';

/**
 * How mail leaves, as the settings say; `undefined` where none does, or where it is caught because everything around is emulated.
 *
 * @throws CalendarConnectError `option_invalid`: one of the two is missing
 */
export function mailOptionsFrom(settings: Settings, emulated: boolean): MailOptions | undefined {
  const { smtpUrl, mailFrom } = settings;
  if (smtpUrl === undefined && mailFrom === undefined) return undefined;
  if (emulated && isMailCaught(settings)) return undefined;
  if (mailFrom === undefined) {
    throw new CalendarConnectError('option_invalid', 'MAIL_FROM: expected whom mails are from, because SMTP_URL is set, received nothing');
  }
  if (smtpUrl === undefined) {
    throw new CalendarConnectError('option_invalid', 'SMTP_URL: expected the mail server, because MAIL_FROM is set, received nothing');
  }
  return { smtpUrl, from: mailFrom };
}

/** Whether the emulated mailbox takes the mails: a server that somebody names wins over it. */
export function isMailCaught({ smtpUrl }: Settings): boolean {
  return smtpUrl === undefined;
}

/** What of an application decides whether it counts on mails. */
type MailingApplication = Pick<Application, 'id' | 'name' | 'mailsApprovals' | 'accessModes'>;

/** What the operator should know where no mail is sent: what does not work so, and which applications count on it. */
export function notesWithoutMail(applications: readonly MailingApplication[]): readonly string[] {
  return [
    'Mail: off; set SMTP_URL and MAIL_FROM to send invitations, which free/busy and no access write events by, and to offer no access',
    ...applications
      .filter(({ mailsApprovals }) => mailsApprovals)
      .map(({ id, name }) => `${name} (${id}) wants mails to people who waited for an administrator. None is sent until SMTP_URL is set.`),
    ...applications
      .filter(({ accessModes }) => accessModes.includes('no_access'))
      .map(({ id, name }) => `${name} (${id}) has no access switched on. It is not offered until SMTP_URL is set.`),
  ];
}
