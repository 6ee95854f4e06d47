import { randomUUID } from 'node:crypto';
import { keepNewest } from '../keep-newest.ts';
import type { CaughtMail } from './caught-mail.ts';

/** Of all mails that are kept, besides their number. */
const KEPT_MOST_BYTES = 64 * 1_048_576;

/** The newest mails. */
export interface Mails {
  /** Newest first. */
  readonly all: () => readonly CaughtMail[];
  /** Newest first; those whose envelope names the address, in capital or small letters. */
  readonly to: (address: string) => readonly CaughtMail[];
  readonly get: (id: string) => CaughtMail | undefined;
  readonly add: (mail: Omit<CaughtMail, 'id'>) => void;
  readonly clear: () => void;
  /** Another one after each change. */
  readonly revision: () => string;
  /** Tells of each mail that comes; returns what ends it. */
  readonly onMail: (listener: () => void) => () => void;
}

/** Creates a place for the newest `keep` mails, and for 64 MiB of them at most. */
export function createMails(keep: number): Mails {
  const mails = new Map<string, CaughtMail>();
  const listeners = new Set<() => void>();
  let revision = randomUUID();
  let count = 0;
  const all = () => [...mails.values()].toReversed();
  return {
    all,
    to: (address) => all().filter(({ envelope }) => envelope.to.some((to) => isSameAddress(to, address))),
    get: (id) => mails.get(id),
    add: (mail) => {
      count += 1;
      const id = String(count);
      mails.set(id, { ...mail, id });
      keepNewest(mails, keep);
      keepNewest(mails, fitting(all()));
      revision = randomUUID();
      for (const listener of listeners) listener();
    },
    clear: () => {
      mails.clear();
      revision = randomUUID();
    },
    revision: () => revision,
    onMail: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Whether mails to the one reach the other. Servers may tell capital letters from small ones, and none does. */
export function isSameAddress(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function fitting(newestFirst: readonly CaughtMail[]): number {
  let bytes = 0;
  const over = newestFirst.findIndex(({ source }) => (bytes += source.length) > KEPT_MOST_BYTES);
  return over === -1 ? newestFirst.length : over;
}
