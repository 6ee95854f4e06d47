import { createFaults, type Faults } from '../serving/faults.ts';

/** A refusal to make. */
export interface MailFault {
  /** `recipient`: at `RCPT TO`; `data`: when all of the mail has come. The default is whichever comes first. */
  readonly group?: 'recipient' | 'data';
  /** Refuses mails to this address only. */
  readonly email?: string;
  /** The reply: 4yz for now, 5yz for good. The default is 451. */
  readonly code?: number;
  /** How often; the default is until it is removed. */
  readonly times?: number;
}

/** A reply that says no. */
export interface Refusal {
  readonly code: number;
  readonly words: string;
}

/** The refusals in force. */
export interface MailFaults {
  readonly add: (fault: MailFault) => () => void;
  /** Returns the refusal that strikes a mail to these, and counts the strike. */
  readonly strike: (group: 'recipient' | 'data', recipients: readonly string[]) => Refusal | undefined;
  readonly reset: () => void;
}

const DEFAULT_CODE = 451;

/** With the more exact code in front: [RFC 3463](https://www.rfc-editor.org/rfc/rfc3463#section-3) */
const WORDS: ReadonlyMap<number, string> = new Map([
  [421, '4.3.2 Not now'],
  [450, '4.2.1 The mailbox is not to be had now'],
  [451, '4.3.0 Try again later'],
  [452, '4.2.2 The mailbox is full now'],
  [550, '5.1.1 No such mailbox'],
  [552, '5.2.2 The mailbox is full'],
  [554, '5.7.1 The mail is not wanted'],
]);

/**
 * Creates the register of refusals.
 * @throws RangeError for a code that is no refusal.
 */
export function createMailFaults(start: readonly MailFault[]): MailFaults {
  const faults: Faults<MailFault> = createFaults(start.map(checked));
  return {
    add: (fault) => faults.add(checked(fault)),
    strike: (group, recipients) => {
      for (const recipient of recipients) {
        const [fault] = faults.strike(group, () => recipient.toLowerCase());
        if (fault !== undefined) return refusalOf(fault);
      }
      return undefined;
    },
    reset: faults.reset,
  };
}

function checked(fault: MailFault): MailFault {
  const { code = DEFAULT_CODE, email } = fault;
  if (!Number.isInteger(code) || code < 400 || code > 599) {
    throw new RangeError(`fault.code: expected a reply that refuses, from 400 to 599, received ${code}`);
  }
  return { ...fault, ...(email === undefined ? {} : { email: email.toLowerCase() }) };
}

function refusalOf({ code = DEFAULT_CODE }: MailFault): Refusal {
  return { code, words: WORDS.get(code) ?? `${Math.trunc(code / 100)}.0.0 The emulator was told to refuse this` };
}
