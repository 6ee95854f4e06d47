import { randomBytes } from 'node:crypto';
import type { Connection } from '../script-tag/partner-api.ts';

/** Somebody who works with this app. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** One for each account: connecting another login of a kind that is there already replaces it. */
  readonly connections: Map<string, Connection>;
}

/** Who there is and who is signed in. An app of yours has a database for the first, and a session library for the second. */
export interface People {
  readonly all: readonly Person[];
  /** Begins a session; answers with the value of its cookie. */
  signIn(personId: string): string | undefined;
  signOut(session: string): void;
  signedIn(session: string | undefined): Person | undefined;
}

const NAMES = { amira: 'Amira Haddad', jonas: 'Jonas Weber' };

export function createPeople(): People {
  const all = Object.entries(NAMES).map(([id, name]): Person => ({ id, name, connections: new Map() }));
  const sessions = new Map<string, Person>();
  return {
    all,
    signIn: (personId) => {
      const person = all.find(({ id }) => id === personId);
      if (person === undefined) return undefined;
      const session = randomBytes(32).toString('base64url');
      sessions.set(session, person);
      return session;
    },
    signOut: (session) => void sessions.delete(session),
    signedIn: (session) => sessions.get(session ?? ''),
  };
}
