import type { EventFields, StoredEvent } from '../microsoft/mailbox/events.ts';
import type { AutodiscoverAnswer } from './autodiscover/answers.ts';
import type { ExchangePerson, ExchangePersonSeed, ExchangePersonState } from './directory/people.ts';
import type { ExchangeFault } from './faults.ts';
import type { Gateway } from './network/gateway.ts';
import type { ExchangeHost, ExchangeHostSeed } from './network/hosts.ts';
import type { NameLookup, NameRecords } from './network/name-service.ts';
import type { ExchangeParts } from './parts.ts';
import type { ExchangeRequest } from './request-log.ts';
import { EXCHANGE_SWITCHES, type ExchangeSwitches } from './switches.ts';

/** How a test or a demonstration steers the emulator while it runs, and looks at what it was sent. It is not reachable over HTTP. */
export interface ExchangeControl {
  readonly people: readonly ExchangePerson[];
  readonly addPerson: (seed: ExchangePersonSeed) => void;
  /** Changes a password, locks or unlocks an account, moves a mailbox. @throws RangeError for an address that nobody has */
  readonly setFor: (email: string, changes: Partial<ExchangePersonState>) => void;
  /** The person's default calendar: series and single events. @throws RangeError for an address that nobody has */
  readonly eventsOf: (email: string) => readonly StoredEvent[];
  /** Puts an event in the person's default calendar. @throws RangeError for an address that nobody has; TypeError for a time that is none */
  readonly addEvent: (email: string, fields: EventFields) => StoredEvent;
  readonly hosts: readonly ExchangeHost[];
  /** Adds a host, or changes the one of that name: what is not given stays. @throws TypeError for what cannot be */
  readonly setHost: (host: ExchangeHostSeed) => void;
  /** Replaces the SRV or the MX records. */
  readonly setRecords: (records: NameRecords) => void;
  /** Says what Autodiscover answers for an address, or for `@domain`; `undefined` takes it back. */
  readonly setAutodiscover: (addressOrDomain: string, answer: AutodiscoverAnswer | undefined) => void;
  readonly set: (changes: Partial<ExchangeSwitches>) => void;
  /** Makes trouble, from now on or for the next `times` requests; returns what ends it. */
  readonly addFault: (fault: ExchangeFault) => () => void;
  /** Forgets the states of `SyncFolderItems`: clients have to begin again. */
  readonly forgetSyncStates: () => void;
  /** Puts hosts, records, Autodiscover, switches and faults back to the options of the start. People, mailboxes and what was noted stay. */
  readonly reset: () => void;
  /** The newest requests to any host, oldest first. */
  readonly requests: readonly ExchangeRequest[];
  readonly requestsTo: (host: string) => readonly ExchangeRequest[];
  /** The requests to a host that had something in `Authorization`, an empty `Bearer` aside, or a password anywhere else. */
  readonly credentialsSentTo: (host: string) => readonly ExchangeRequest[];
  /** The names that somebody asked for, oldest first. */
  readonly lookups: readonly NameLookup[];
  /** What somebody wanted to reach through the proxy, such as `mail.corp.example:443`, oldest first. */
  readonly connectionAttempts: readonly string[];
  /** Forgets requests, lookups and connection attempts. */
  readonly clearRequests: () => void;
}

/** Creates the controls over an emulator's parts. */
export function createExchangeControl(parts: ExchangeParts, gateway: Gateway): ExchangeControl {
  const { people, hosts, names, autodiscover, switches, faults, requests, mailboxes } = parts;
  const requestsTo = (host: string): readonly ExchangeRequest[] => requests.entries().filter((entry) => entry.host === host.toLowerCase());
  const calendarOf = (email: string) => {
    const [calendar] = mailboxes.calendarsOf(email.toLowerCase());
    if (calendar === undefined) throw new RangeError('control: expected the address of a person whom the emulator has');
    return calendar;
  };
  return {
    get people() {
      return people.all();
    },
    addPerson: (seed) => openMailbox(people.add(seed), seed, parts),
    setFor: (email, changes) => void people.change(email, { ...changes, ...(changes.state === 'active' ? { failedLogins: 0 } : {}) }),
    eventsOf: (email) => [...calendarOf(email).events.values()],
    addEvent: (email, fields) => mailboxes.putEvent(calendarOf(email), { fields }),
    get hosts() {
      return hosts.all();
    },
    setHost: hosts.put,
    setRecords: names.setRecords,
    setAutodiscover: autodiscover.set,
    set: (changes) => {
      switches.current = { ...switches.current, ...changes };
    },
    addFault: faults.add,
    forgetSyncStates: parts.syncStates.clear,
    reset: () => {
      switches.current = { ...EXCHANGE_SWITCHES, ...parts.switchesAtStart };
      for (const part of [hosts, names, autodiscover, faults]) part.reset();
    },
    get requests() {
      return requests.entries();
    },
    requestsTo,
    credentialsSentTo: (host) => requestsTo(host).filter(hasCredentials),
    get lookups() {
      return names.lookups();
    },
    get connectionAttempts() {
      return gateway.attempts();
    },
    clearRequests: () => {
      requests.clear();
      names.clearLookups();
      gateway.clearAttempts();
    },
  };
}

/** Makes the mailbox of a person. @throws TypeError for a time zone or an event time that is none */
export function openMailbox(
  person: ExchangePerson,
  seed: ExchangePersonSeed,
  { mailboxes, zones }: Pick<ExchangeParts, 'mailboxes' | 'zones'>,
): void {
  if (!zones.has(person.timeZone)) throw new TypeError(`people[].timeZone: expected an IANA time zone, received ${person.timeZone}`);
  mailboxes.open({ email: person.email, name: person.name, timeZone: person.timeZone, isPersonal: true }, seed);
}

/** An empty `Bearer` asks how to log in, and gives nothing away. */
function hasCredentials({ credentials, hasPasswordInside }: ExchangeRequest): boolean {
  return hasPasswordInside || (credentials !== undefined && !(credentials.scheme === 'bearer' && credentials.hasToken === false));
}
