import type { CaughtMail } from './caught-mail.ts';
import type { MailFault, MailFaults } from './faults.ts';
import type { Mails } from './mails.ts';

const WAITS_MS = 5_000;

/** How long to wait for a mail, and for which. */
export interface WaitForMail {
  /** Waits for a mail that came after this one. The default takes the newest that is already there, too. */
  readonly after?: CaughtMail | undefined;
  /** The default is 5,000. */
  readonly timeoutMs?: number;
}

/** How a test or a demonstration reads mails and steers the server while it runs. */
export interface MailboxControl {
  /** The newest mails, newest first. */
  readonly mails: readonly CaughtMail[];
  /** The newest mails whose envelope names the address, newest first. */
  readonly mailsTo: (address: string) => readonly CaughtMail[];
  /**
   * Waits for a mail to the address: the newest one that came after `after`.
   * @throws Error when none comes in time.
   */
  readonly waitForMailTo: (address: string, options?: WaitForMail) => Promise<CaughtMail>;
  /** Forgets every mail. */
  readonly clear: () => void;
  /** How often a recipient was named, taken or not. */
  readonly attempts: number;
  /** Refuses mails, from now on or `times` times; returns what ends it. @throws RangeError for a code that is no refusal */
  readonly addFault: (fault: MailFault) => () => void;
  /** Puts faults back to the options of the start. Mails stay, and so does a server that is down. */
  readonly reset: () => void;
  /** Ends every connection and takes no other: whoever sends is refused the connection. Mails stay, and the page answers on. */
  readonly goDown: () => Promise<void>;
  /** Listens again, on the same port. @throws Error with the system's code when somebody else has taken it */
  readonly comeUp: () => Promise<void>;
}

/** What the controls are over. */
export interface MailboxParts {
  readonly mails: Mails;
  readonly faults: MailFaults;
  readonly attempts: () => number;
  readonly goDown: () => Promise<void>;
  readonly comeUp: () => Promise<void>;
}

/** Creates the controls over an emulator's parts. */
export function createMailboxControl({ mails, faults, attempts, goDown, comeUp }: MailboxParts): MailboxControl {
  return {
    get mails() {
      return mails.all();
    },
    mailsTo: mails.to,
    waitForMailTo: (address, options) => waitForMailTo(mails, address, options),
    clear: mails.clear,
    get attempts() {
      return attempts();
    },
    addFault: faults.add,
    reset: faults.reset,
    goDown,
    comeUp,
  };
}

function waitForMailTo(mails: Mails, address: string, { after, timeoutMs = WAITS_MS }: WaitForMail = {}): Promise<CaughtMail> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const [newest] = mails.to(address);
      if (newest === undefined || Number(newest.id) <= Number(after?.id ?? 0)) return;
      stop();
      resolve(newest);
    };
    const end = setTimeout(() => {
      stop();
      reject(new Error(`waitForMailTo: expected a mail to this address within ${timeoutMs} ms, and ${mails.all().length} others are here`));
    }, timeoutMs);
    const unsubscribe = mails.onMail(look);
    const stop = (): void => {
      clearTimeout(end);
      unsubscribe();
    };
    look();
  });
}
