import type { RegisteredClient } from '../oauth/registered-clients.ts';
import type { Account } from './accounts.ts';
import type { MeetingStore, StoredMeeting } from './meeting-store.ts';
import type { LoggedRequest } from './request-log.ts';
import type { ServiceFault } from './service-faults.ts';
import type { ServiceParts, ServiceSwitches, ServiceUserSeed } from './service-parts.ts';

/** How a test or a demonstration steers an emulator of a conferencing service while it runs. It is not reachable over HTTP. */
export interface ServiceControl<S extends ServiceSwitches, M extends StoredMeeting> {
  /** The people with accounts. */
  readonly users: readonly Account[];
  /** The meetings that there are, oldest first. */
  readonly meetings: readonly M[];
  /** The newest requests, oldest first, without anything secret. */
  readonly requests: readonly LoggedRequest[];
  readonly clearRequests: () => void;
  /** Changes switches for everybody. */
  readonly set: (changes: Partial<S>) => void;
  /** Changes switches for one person; they win over the ones for everybody. @throws RangeError for an address that nobody has. */
  readonly setFor: (email: string, changes: Partial<S>) => void;
  /** Makes trouble, from now on or for the next `times` requests; returns what ends it. */
  readonly addFault: (fault: ServiceFault) => () => void;
  /** Puts switches and faults back to the options of the start. People, meetings and tokens stay. */
  readonly reset: () => void;
  readonly addUser: (seed: ServiceUserSeed<S>) => void;
  readonly addClient: (client: RegisteredClient) => void;
  /** Ends every token of a person, as the person can in the account's settings. */
  readonly revokeAllFor: (email: string) => void;
  readonly expireAccessTokens: (email: string) => void;
  /** Counts the person's live refresh tokens, over all apps. */
  readonly liveRefreshTokens: (email: string) => number;
}

/** Creates the controls over an emulator's parts. */
export function createServiceControl<S extends ServiceSwitches, M extends StoredMeeting>(
  { accounts, requests, switches, faults, clients, tokens, codes }: ServiceParts<S>,
  meetings: MeetingStore<M>,
): ServiceControl<S, M> {
  const known = (email: string): string => {
    if (accounts.find(email) !== undefined) return email;
    throw new RangeError('control: expected the address of a person whom the emulator has');
  };
  return {
    get users() {
      return accounts.all();
    },
    get meetings() {
      return meetings.all();
    },
    get requests() {
      return requests.entries();
    },
    clearRequests: requests.clear,
    set: switches.set,
    setFor: (email, changes) => switches.setFor(known(email), changes),
    addFault: faults.add,
    reset: () => {
      switches.reset();
      faults.reset();
    },
    addUser: (seed) => {
      accounts.add(seed);
      if (seed.switches !== undefined) switches.setFor(seed.email, seed.switches);
    },
    addClient: clients.add,
    revokeAllFor: (email) => {
      tokens.endAllOf(known(email));
      codes.dropAllOf(email);
    },
    expireAccessTokens: (email) => tokens.expireAccessTokens(known(email)),
    liveRefreshTokens: (email) => tokens.liveRefreshTokens(known(email)),
  };
}
