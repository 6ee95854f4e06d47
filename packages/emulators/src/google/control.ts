import type { Fault } from './faults.ts';
import type { GoogleClient } from './oauth/clients.ts';
import type { GoogleParts } from './parts.ts';
import type { MeetSpace } from '../meet/spaces.ts';
import type { LoggedRequest } from '../serving/request-log.ts';
import type { GoogleSwitches } from './switches.ts';
import type { EventSeed, StoredEvent } from './world/events.ts';
import type { GoogleUser, UserSeed } from './world/world.ts';

/** How a test or a demonstration steers the emulator while it runs. It is not reachable over HTTP. */
export interface GoogleControl {
  /** The people with accounts. */
  readonly users: readonly GoogleUser[];
  /** The meeting spaces that apps made by the Meet API. */
  readonly spaces: readonly MeetSpace[];
  /** The newest requests, oldest first, without anything secret. */
  readonly requests: readonly LoggedRequest[];
  readonly clearRequests: () => void;
  /** Changes switches for everybody. */
  readonly set: (changes: Partial<GoogleSwitches>) => void;
  /** Changes switches for one person; they win over the ones for everybody. */
  readonly setFor: (email: string, changes: Partial<GoogleSwitches>) => void;
  /** Makes trouble, from now on or for the next `times` requests; returns what ends it. */
  readonly addFault: (fault: Fault) => () => void;
  /** Puts switches and faults back to the options of the start. People, calendars and tokens stay. */
  readonly reset: () => void;
  /** Adds a person; calendars that others have under the same id are shared. */
  readonly addUser: (seed: UserSeed) => GoogleUser;
  readonly addClient: (client: GoogleClient) => void;
  /** Adds a group whose members free/busy queries look up. */
  readonly addGroup: (email: string, members: readonly string[]) => void;
  /** Puts an event in a calendar as its person would. @throws RangeError for a calendar that does not exist. */
  readonly addEvent: (calendarId: string, event: EventSeed) => StoredEvent;
  /** Ends every grant and token of a person, as the person can in the Google account's settings. */
  readonly revokeAllFor: (email: string) => void;
  /** Counts the person's live refresh tokens, over all clients. */
  readonly liveRefreshTokens: (email: string) => number;
  /** All that the person lets any application do, as the Google account's settings show it. */
  readonly consentedScopes: (email: string) => readonly string[];
}

/** Creates the controls over an emulator's parts. */
export function createControl({ world, requests, spaces, switches, faults, grants, codes, clients }: GoogleParts): GoogleControl {
  const subOf = (email: string): string => {
    const user = world.userByEmail(email);
    if (user === undefined) throw new RangeError('control: expected the address of a person whom the emulator has');
    return user.sub;
  };
  return {
    get users() {
      return world.users();
    },
    get spaces() {
      return spaces.all();
    },
    get requests() {
      return requests.entries();
    },
    clearRequests: requests.clear,
    set: switches.set,
    setFor: (email, changes) => {
      subOf(email);
      switches.setFor(email, changes);
    },
    addFault: faults.add,
    reset: () => {
      switches.reset();
      faults.reset();
    },
    addUser: (seed) => {
      const user = world.addUser(seed);
      if (seed.switches !== undefined) switches.setFor(seed.email, seed.switches);
      return user;
    },
    addClient: clients.add,
    addGroup: world.addGroup,
    addEvent: (calendarId, { id, ...fields }) => {
      const calendar = world.calendar(calendarId);
      if (calendar === undefined) throw new RangeError('control.addEvent: expected the id of a calendar that the emulator has');
      const creatorEmail = [...calendar.roles.keys()][0] ?? calendarId;
      return world.putEvent(calendar, { ...(id === undefined ? {} : { id }), fields, creatorEmail });
    },
    revokeAllFor: (email) => {
      grants.revokeAllOf(subOf(email));
      codes.dropAllOf(subOf(email));
    },
    liveRefreshTokens: (email) => grants.liveRefreshTokens(subOf(email)),
    consentedScopes: (email) => grants.consentedScopes(subOf(email)),
  };
}
