import { startEmulator } from '../serving/start.ts';
import { createMailboxApp } from './app.ts';
import { createMailboxControl, type MailboxControl } from './control.ts';
import { createMailFaults, type MailFault, type MailFaults } from './faults.ts';
import { createMails, type Mails } from './mails.ts';
import { readMail } from './read-mail.ts';
import { listenForMails, type MailLogin, type MailReceiver, type SmtpListener } from './smtp-listener.ts';

const KEPT = 200;
const LOOPBACK = '127.0.0.1';

/** How a mailbox begins. */
export interface StartMailboxEmulatorOptions {
  /** Where mails are taken. The default, 0, takes a free port. */
  readonly smtpPort?: number;
  /** Where the page is. The default, 0, takes a free port. */
  readonly port?: number;
  /** The address to listen on. The default is the computer itself alone. */
  readonly host?: string;
  /** Where browsers find the page. A function is told the port. The default is `http://127.0.0.1:PORT`. */
  readonly publicUrl?: string | ((port: number) => string);
  /** Takes mails from this user only. The default is everybody. */
  readonly login?: MailLogin;
  /** How many mails are kept, the newest. The default is 200; of 64 MiB altogether at most. */
  readonly keep?: number;
  readonly faults?: readonly MailFault[];
  /** The emulator's clock, in milliseconds since 1970. The default is the computer's. */
  readonly now?: () => number;
}

/** A mailbox that is listening. */
export interface RunningMailboxEmulator {
  /** Where the page and its JSON are: `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly port: number;
  /** Where mails are taken, with user and password where it wants them: `smtp://127.0.0.1:PORT`. */
  readonly smtpUrl: string;
  readonly smtpPort: number;
  readonly control: MailboxControl;
  /** Ends every connection and frees both ports. */
  readonly close: () => Promise<void>;
}

/**
 * Starts a mail server that hands nothing on, and a page that shows what it was given.
 * @throws RangeError for an option that cannot be; Error with the system's code, such as `EADDRINUSE`, when a port cannot be had.
 * @example
 * ```ts
 * const mailbox = await startMailboxEmulator();
 * // … something sends by mailbox.smtpUrl
 * const mail = await mailbox.control.waitForMailTo('amira@partner.example');
 * ```
 */
export async function startMailboxEmulator(options: StartMailboxEmulatorOptions = {}): Promise<RunningMailboxEmulator> {
  const { keep = KEPT, now = Date.now, faults: atStart = [] } = options;
  if (!Number.isInteger(keep) || keep < 1) throw new RangeError(`keep: expected how many mails to keep, at least 1, received ${keep}`);
  const mails = createMails(keep);
  const faults = createMailFaults(atStart);
  const receiver = createReceiver({ mails, faults, now });
  const smtp = await startSmtp(options, receiver);
  try {
    const web = await startEmulator(options, ({ publicUrl }) => ({
      app: createMailboxApp({ mails, publicUrl, smtpAddress: addressOf(options.host, smtp.port) }),
    }));
    return {
      url: web.url,
      port: web.port,
      smtpUrl: `smtp://${userInfo(options.login)}${addressOf(options.host, smtp.port)}`,
      smtpPort: smtp.port,
      control: createMailboxControl({ mails, faults, attempts: receiver.attempts, goDown: smtp.goDown, comeUp: smtp.comeUp }),
      close: async () => void (await Promise.all([smtp.goDown(), web.close()])),
    };
  } catch (error) {
    await smtp.goDown();
    throw error;
  }
}

function createReceiver({ mails, faults, now }: { mails: Mails; faults: MailFaults; now: () => number }) {
  let attempts = 0;
  const receiver: MailReceiver = {
    recipient: (address) => {
      attempts += 1;
      return faults.strike('recipient', [address]);
    },
    mail: async (source, envelope) => {
      const refusal = faults.strike('data', envelope.to);
      if (refusal !== undefined) return refusal;
      const contents = await readMail(source).catch(() => undefined);
      if (contents === undefined) return { code: 554, words: '5.6.0 The mail cannot be read' };
      mails.add({ ...contents, receivedAtMs: now(), envelope, source: source.toString() });
      return undefined;
    },
  };
  return { ...receiver, attempts: () => attempts };
}

/** A server that can be down, and comes back on the port that it had. */
async function startSmtp({ smtpPort = 0, host = LOOPBACK, login }: StartMailboxEmulatorOptions, receiver: MailReceiver) {
  const open = (port: number): Promise<SmtpListener> => listenForMails({ port, host, login, receiver });
  let listener: SmtpListener | undefined = await open(smtpPort);
  const { port } = listener;
  return {
    port,
    goDown: async () => {
      const closing = listener;
      listener = undefined;
      await closing?.close();
    },
    comeUp: async () => {
      listener ??= await open(port);
    },
  };
}

function addressOf(host: string = LOOPBACK, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function userInfo(login: MailLogin | undefined): string {
  return login === undefined ? '' : `${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}@`;
}
