import { randomBytes } from 'node:crypto';
import { keepNewest } from '../../keep-newest.ts';

const STATES_KEPT = 1_000;

/** What a client has seen of a calendar: the version of each item, by id. */
export interface SyncState {
  readonly calendarId: string;
  readonly versions: ReadonlyMap<string, number>;
}

/** The states that clients were given. */
export interface SyncStates {
  /** Remembers a state and returns the token for it. */
  readonly put: (state: SyncState) => string;
  /** Finds the state of a token; `undefined` for one that is not ours or of another calendar. */
  readonly find: (token: string, calendarId: string) => SyncState | undefined;
  /** Forgets every state, as after a mailbox was restored. */
  readonly clear: () => void;
}

/** Creates the register; it keeps the newest 1,000. */
export function createSyncStates(): SyncStates {
  const states = new Map<string, SyncState>();
  return {
    put: (state) => {
      const token = `H4sIAAAA${randomBytes(24).toString('base64')}`;
      states.set(token, state);
      keepNewest(states, STATES_KEPT);
      return token;
    },
    find: (token, calendarId) => {
      const state = states.get(token);
      return state?.calendarId === calendarId ? state : undefined;
    },
    clear: () => states.clear(),
  };
}
