import { afterEach } from 'vitest';
import {
  type RunningMailboxEmulator,
  startMailboxEmulator,
  type StartMailboxEmulatorOptions,
} from '../src/mailbox/start-mailbox-emulator.ts';
import { connectSmtp, type SmtpClient } from './smtp-client.ts';

export const AMIRA = 'amira@partner.example';
export const JONAS = 'jonas@gmail.example';

/** A mailbox, and a connection to it. */
export interface MailboxUnderTest extends RunningMailboxEmulator {
  readonly client: SmtpClient;
  /** Sends a mail to one person, and returns the reply. */
  readonly send: (to: string, source: string) => Promise<string>;
  /** Asks the page or its JSON. */
  readonly get: (path: string, init?: RequestInit) => Promise<Response>;
}

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((close) => close()));
});

/** Starts a mailbox that ends with the test. */
export async function openMailbox(options?: StartMailboxEmulatorOptions): Promise<MailboxUnderTest> {
  const mailbox = await startMailboxEmulator(options);
  const client = await connectSmtp(mailbox.smtpPort);
  opened.push(async () => {
    client.hangUp();
    await mailbox.close();
  });
  return {
    ...mailbox,
    // A getter of the controls would be read once only.
    control: mailbox.control,
    client,
    send: (to, source) => client.send({ to: [to], source }),
    get: (path, init) => fetch(`${mailbox.url}${path}`, init),
  };
}

/** A short mail. */
export function mailSaying(text: string): string {
  return `From: Acme <calendars@acme.example>\nSubject: ${text}\nContent-Type: text/plain; charset=utf-8\n\n${text}\n`;
}
