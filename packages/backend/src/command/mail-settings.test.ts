import { describe, expect, it } from 'vitest';
import { mailOptionsFrom, notesWithoutMail } from './mail-settings.ts';

const smtpUrl = 'smtp://acme:geheim@mail.example';
const mailFrom = 'Acme Calendars <calendars@acme.example>';

describe('mail', () => {
  it.each([false, true])('leaves by the server that is named (everything around emulated: %s)', (emulated) => {
    expect(mailOptionsFrom({ smtpUrl, mailFrom }, emulated)).toEqual({ smtpUrl, from: mailFrom });
  });

  it.each([false, true])('does not leave where no server is named (everything around emulated: %s)', (emulated) => {
    expect(mailOptionsFrom({}, emulated)).toBeUndefined();
  });

  it('has a sender and no server only where a mailbox catches it', () => {
    expect(mailOptionsFrom({ mailFrom }, true)).toBeUndefined();
    expect(() => mailOptionsFrom({ mailFrom }, false)).toThrow('SMTP_URL: expected the mail server, because MAIL_FROM is set');
  });

  it.each([false, true])('has a server and no sender nowhere (everything around emulated: %s)', (emulated) => {
    expect(() => mailOptionsFrom({ smtpUrl }, emulated)).toThrow('MAIL_FROM: expected whom mails are from, because SMTP_URL is set');
  });
});

it('is missed by the applications that count on it, and by no other', () => {
  const applications = [
    { id: 'app_1', name: 'Planner', mailsApprovals: true, accessModes: ['full'] },
    { id: 'app_2', name: 'Other', mailsApprovals: false, accessModes: ['full', 'no_access'] },
    { id: 'app_3', name: 'Third', mailsApprovals: false, accessModes: ['full', 'free_busy'] },
  ] as const;
  expect(notesWithoutMail(applications)).toEqual([
    expect.stringMatching(/^Mail: off; set SMTP_URL and MAIL_FROM /),
    expect.stringMatching(/^Planner \(app_1\) wants mails .* until SMTP_URL is set\.$/),
    expect.stringMatching(/^Other \(app_2\) has no access switched on\. It is not offered until SMTP_URL is set\.$/),
  ]);
});
