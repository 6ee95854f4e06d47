import { expect, it } from 'vitest';
import type { CaughtMail } from './caught-mail.ts';
import { createMails } from './mails.ts';

const MIB = 1_048_576;

const mail = (bytes: number): Omit<CaughtMail, 'id'> => ({
  receivedAtMs: 0,
  envelope: { from: 'calendars@acme.example', to: ['amira@partner.example'], user: undefined },
  from: undefined,
  replyTo: [],
  to: [],
  cc: [],
  subject: '',
  date: undefined,
  messageId: undefined,
  headers: [],
  text: '',
  html: '',
  calendar: undefined,
  attachments: [],
  source: 'x'.repeat(bytes),
});

it('keeps 64 MiB at most, whatever the number', () => {
  const mails = createMails(200);
  for (const mebibytes of [1, 30, 30, 4]) mails.add(mail(mebibytes * MIB));
  expect(mails.all().map(({ id }) => id)).toEqual(['4', '3', '2']);
  mails.add(mail(1));
  expect(mails.all().map(({ id }) => id)).toEqual(['5', '4', '3']);
});

it('has another revision after each change, and the same until then', () => {
  const mails = createMails(2);
  const revisions = [mails.revision()];
  const change = (make: () => void): void => {
    make();
    revisions.push(mails.revision());
    expect(mails.revision()).toBe(revisions.at(-1));
  };
  change(() => mails.add(mail(1)));
  change(() => mails.add(mail(1)));
  change(mails.clear);
  expect(new Set(revisions).size).toBe(4);
});

it('counts on after it was emptied, so that nobody takes a new mail for an old one', () => {
  const mails = createMails(2);
  mails.add(mail(1));
  mails.clear();
  mails.add(mail(1));
  expect(mails.all().map(({ id }) => id)).toEqual(['2']);
});
