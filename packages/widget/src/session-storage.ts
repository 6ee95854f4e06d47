import { ACCESS_MODES, type AccessMode, type MintedSession } from '@calendar-connect/protocol';
import { STORAGE_PREFIX } from './interruption.ts';
import { boolean, number, object, oneOf, optional, text, type Parser } from './narrowing.ts';
import { parseMintedSession } from './session-client.ts';

/** Where a person was sent with a session, for whoever goes on after a reload or a way there and back: maybe another release of this element. */
export interface Pending {
  /** The element that sent them. */
  readonly place: string;
  readonly provider: string;
  readonly access_mode: AccessMode;
  /** Whether a partner's server fixed the person. */
  readonly partner_minted: boolean;
}

/** A session as the tab remembers it until its end, so that a reload loses nothing. */
export interface KeptSession {
  readonly minted: MintedSession;
  readonly verifier: string;
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
  /** What comes back beside the code; only of the redirect flow. */
  readonly state?: string | undefined;
  /** Absent until the person was sent somewhere. */
  readonly pending?: Pending | undefined;
}

/** Where sessions are kept: this tab's `sessionStorage`, of this origin only. */
export interface SessionKeeper {
  /** Answers whether it will be there after a reload. */
  keep(session: KeptSession): boolean;
  recall(id: string): KeptSession | undefined;
  forget(id: string): void;
  /** Whether the tab keeps anything at all. */
  lasts(): boolean;
}

/** Makes the keeper for one application. Without `sessionStorage` (a sandboxed frame, blocked cookies) nothing survives a reload and everything else works. */
export function createSessionKeeper(clientId: string, storage: Storage | null = tabStorage()): SessionKeeper {
  const prefix = `${STORAGE_PREFIX}${clientId}:`;
  const read = (key: string): KeptSession | undefined => {
    const kept = parseKept(storage?.getItem(key) ?? null);
    if (kept && kept.expiresAtMs > Date.now()) return kept;
    storage?.removeItem(key);
    return undefined;
  };
  return {
    keep({ minted, verifier, expiresAtMs, state, pending }) {
      // What an earlier page left behind goes when it has expired.
      for (const key in storage) if (key.startsWith(prefix)) read(key);
      try {
        storage?.setItem(prefix + minted.id, JSON.stringify({ minted, verifier, expiresAtMs, state, pending }));
        return !!storage;
      } catch {
        // Full, or switched off: the session lives in memory only.
        return false;
      }
    },
    recall: (id) => read(prefix + id),
    forget: (id) => storage?.removeItem(prefix + id),
    lasts() {
      try {
        storage?.setItem(prefix, '');
        storage?.removeItem(prefix);
        return !!storage;
      } catch {
        return false;
      }
    },
  };
}

function tabStorage(): Storage | null {
  try {
    return globalThis.sessionStorage;
  } catch {
    return null;
  }
}

const parseSession: Parser<KeptSession> = object<KeptSession>({
  minted: parseMintedSession,
  verifier: text,
  expiresAtMs: number,
  state: optional(text),
  pending: optional(object<Pending>({ place: text, provider: text, access_mode: oneOf(ACCESS_MODES), partner_minted: boolean })),
});

function parseKept(json: string | null): KeptSession | undefined {
  try {
    return parseSession(JSON.parse(json ?? ''));
  } catch {
    return undefined;
  }
}
