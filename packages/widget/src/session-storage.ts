import { number, object, text, type Parser } from './narrowing.ts';
import { parseMintedSession } from './session-client.ts';
import type { MintedSession } from '@calendar-connect/protocol';

/** A session as the tab remembers it until its end, so that a reload loses nothing. */
export interface KeptSession {
  readonly minted: MintedSession;
  readonly verifier: string;
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
}

/** Where sessions are kept: this tab's `sessionStorage`, of this origin only. */
export interface SessionKeeper {
  keep(session: KeptSession): void;
  recall(id: string): KeptSession | undefined;
  forget(id: string): void;
}

/** Makes the keeper for one application. Without `sessionStorage` (a sandboxed frame, blocked cookies) nothing survives a reload and everything else works. */
export function createSessionKeeper(clientId: string, storage: Storage | undefined = tabStorage()): SessionKeeper {
  const prefix = `calendar-connect:${clientId}:`;
  const read = (key: string): KeptSession | undefined => {
    const kept = parseKept(storage?.getItem(key) ?? null);
    if (kept && kept.expiresAtMs > Date.now()) return kept;
    storage?.removeItem(key);
    return undefined;
  };
  return {
    keep(session) {
      // What an earlier page left behind goes when it has expired.
      for (const key in storage) if (key.startsWith(prefix)) read(key);
      try {
        storage?.setItem(prefix + session.minted.id, JSON.stringify(session));
      } catch {
        // Full: the session lives in memory only.
      }
    },
    recall: (id) => read(prefix + id),
    forget: (id) => storage?.removeItem(prefix + id),
  };
}

function tabStorage(): Storage | undefined {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}

const parseSession: Parser<KeptSession> = object<KeptSession>({ minted: parseMintedSession, verifier: text, expiresAtMs: number });

function parseKept(json: string | null): KeptSession | undefined {
  try {
    return parseSession(JSON.parse(json ?? ''));
  } catch {
    return undefined;
  }
}
