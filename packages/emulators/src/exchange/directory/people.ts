import type { CalendarSeed, EventSeed } from '../../microsoft/mailbox/events.ts';
import { checkOneOf } from '../check-one-of.ts';

/** What an account of Windows is like. */
export const ACCOUNT_STATES = ['active', 'locked', 'disabled', 'password_expired', 'must_change_password'] as const;

/** One of {@link ACCOUNT_STATES}. */
export type AccountState = (typeof ACCOUNT_STATES)[number];

/** Where somebody's mailbox is; `moving` is the moment in which nobody gets at it. */
export const EXCHANGE_MAILBOX_PLACES = ['here', 'moving', 'exchange_online', 'none'] as const;

/** One of {@link EXCHANGE_MAILBOX_PLACES}. */
export type ExchangeMailboxPlace = (typeof EXCHANGE_MAILBOX_PLACES)[number];

/** What colleagues see of somebody's time: times, busy or not without times, or nothing. The default permission is `times`. */
export const FREE_BUSY_ACCESSES = ['times', 'merged', 'none'] as const;

/** One of {@link FREE_BUSY_ACCESSES}. */
export type FreeBusyAccess = (typeof FREE_BUSY_ACCESSES)[number];

/** What can change about a person while the emulator runs. */
export interface ExchangePersonState {
  readonly password: string;
  readonly state: AccountState;
  readonly mailbox: ExchangeMailboxPlace;
  /**
   * The host that has the mailbox since it was moved: Autodiscover names it, and every other server has no such mailbox any longer. `undefined`: every
   * server has it.
   */
  readonly movedTo: string | undefined;
  /** Whether EWS is on for the mailbox (`Set-CASMailbox -EwsEnabled`). */
  readonly ewsEnabled: boolean;
  readonly freeBusyAccess: FreeBusyAccess;
}

/** Somebody with an account, to start with. */
export interface ExchangePersonSeed extends Partial<ExchangePersonState> {
  /** The primary address. */
  readonly email: string;
  readonly name: string;
  readonly password: string;
  /** The account's name in Windows (`sAMAccountName`). The default is what stands before the `@`. */
  readonly userName?: string;
  /** The default is the address. */
  readonly userPrincipalName?: string;
  /** Further addresses of the mailbox. */
  readonly aliases?: readonly string[];
  /** IANA name. The default is `Europe/Berlin`. */
  readonly timeZone?: string;
  /** Of the default calendar. */
  readonly events?: readonly EventSeed[];
  readonly calendars?: readonly CalendarSeed[];
}

/** Somebody with an account. */
export interface ExchangePerson extends ExchangePersonState {
  readonly email: string;
  readonly name: string;
  readonly userName: string;
  readonly userPrincipalName: string;
  readonly aliases: readonly string[];
  readonly timeZone: string;
  /** Wrong passwords since the last right one. */
  readonly failedLogins: number;
}

/** The Windows domain that everybody's account is in. */
export interface WindowsDomain {
  /** Such as `CORP`. */
  readonly netbios: string;
  /** Such as `corp.local`. */
  readonly dns: string;
}

/** A name to log in with, as NTLM and Basic have it. */
export interface LoginName {
  readonly domain: string;
  readonly user: string;
}

/** The people. */
export interface ExchangePeople {
  readonly all: () => readonly ExchangePerson[];
  readonly add: (seed: ExchangePersonSeed) => ExchangePerson;
  readonly findByAddress: (address: string) => ExchangePerson | undefined;
  /** Finds whose account a name means: `DOMAIN\user`, a user principal name, or a bare user name. An address is none of these. */
  readonly findByLogin: (name: LoginName) => ExchangePerson | undefined;
  /** @throws RangeError for an address that nobody has; TypeError for what cannot be */
  readonly change: (address: string, changes: Partial<ExchangePersonState & Pick<ExchangePerson, 'failedLogins'>>) => ExchangePerson;
}

/** Creates the register of people. */
export function createExchangePeople(domain: WindowsDomain): ExchangePeople {
  const byEmail = new Map<string, ExchangePerson>();
  const all = (): readonly ExchangePerson[] => [...byEmail.values()];
  const findByAddress: ExchangePeople['findByAddress'] = (address) =>
    byEmail.get(address.toLowerCase()) ?? all().find(({ aliases }) => aliases.includes(address.toLowerCase()));
  return {
    all,
    add: (seed) => {
      const person = checked(toPerson(seed));
      byEmail.set(person.email, person);
      return person;
    },
    findByAddress,
    findByLogin: (name) => all().find((person) => isNameOf(person, name, domain)),
    change: (address, changes) => {
      const before = findByAddress(address);
      if (before === undefined) throw new RangeError('control: expected the address of a person whom the emulator has');
      const after = checked({ ...before, ...changes });
      byEmail.set(after.email, after);
      return after;
    },
  };
}

function checked(person: ExchangePerson): ExchangePerson {
  checkOneOf('people[].state', ACCOUNT_STATES, [person.state]);
  checkOneOf('people[].mailbox', EXCHANGE_MAILBOX_PLACES, [person.mailbox]);
  checkOneOf('people[].freeBusyAccess', FREE_BUSY_ACCESSES, [person.freeBusyAccess]);
  return { ...person, movedTo: person.movedTo?.toLowerCase() };
}

function isNameOf({ userName, userPrincipalName }: ExchangePerson, { domain, user }: LoginName, windows: WindowsDomain): boolean {
  if (domain !== '') return [windows.netbios, windows.dns].some((known) => isSame(known, domain)) && isSame(userName, user);
  // Every account has `user@domain` of the Windows domain besides the name that it was given.
  return [userName, userPrincipalName, `${userName}@${windows.dns}`].some((known) => isSame(known, user));
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function toPerson(seed: ExchangePersonSeed): ExchangePerson {
  const email = seed.email.toLowerCase();
  return {
    email,
    name: seed.name,
    password: seed.password,
    userName: seed.userName ?? email.split('@')[0] ?? email,
    userPrincipalName: seed.userPrincipalName ?? email,
    aliases: (seed.aliases ?? []).map((alias) => alias.toLowerCase()),
    timeZone: seed.timeZone ?? 'Europe/Berlin',
    state: seed.state ?? 'active',
    mailbox: seed.mailbox ?? 'here',
    movedTo: seed.movedTo,
    ewsEnabled: seed.ewsEnabled ?? true,
    freeBusyAccess: seed.freeBusyAccess ?? 'times',
    failedLogins: 0,
  };
}
