import { ACCESS_MODES, type AccessMode } from '@calendar-connect/protocol';
import { STORAGE_PREFIX } from './interruption.ts';
import { boolean, number, object, oneOf, optional, text, type Parser } from './narrowing.ts';
import { parseMintedSession, parseSessionStatus, type MintedSession, type PolledStatus } from './session-client.ts';

/** As long as a backend lets a session wait for an administrator. */
const LASTING_MS = 28 * 24 * 3600_000;

/** Where a person was sent with a session, for whoever goes on after a reload or a way there and back: maybe another release of this element. */
export interface Pending {
  /** The element that sent them. */
  readonly place: string;
  readonly provider: string;
  readonly access_mode: AccessMode;
  /** Whether a partner's server fixed the person. */
  readonly partner_minted: boolean;
}

/** A session as the browser remembers it until its end, so that a reload loses nothing. */
export interface KeptSession {
  readonly minted: MintedSession;
  readonly verifier: string;
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
  /** What comes back beside the code; only of the redirect flow. */
  readonly state?: string | undefined;
  /** Absent until the person was sent somewhere. */
  readonly pending?: Pending | undefined;
  /** How it stood when it was last heard of; kept only while it waits for an administrator. */
  readonly status?: PolledStatus | undefined;
  /** Whether it is kept beyond this tab, because it waits for an administrator or may soon. */
  readonly lasting?: boolean | undefined;
}

/** Where sessions are kept: this tab's `sessionStorage` and, while they wait for an administrator, `localStorage`; of this origin only. */
export interface SessionKeeper {
  /** Answers whether it will be there after a reload. */
  keep(session: KeptSession): boolean;
  recall(id: string): KeptSession | undefined;
  forget(id: string): void;
  /** Whether the tab keeps anything at all. */
  lasts(): boolean;
}

/** Whose sessions, and where. */
export interface SessionKeeperOptions {
  readonly clientId: string;
  /** The tab's and the browser's; none where they are blocked. */
  readonly storages: readonly Storage[];
}

/** Makes the keeper for one application. Without storage (a sandboxed frame, blocked cookies) nothing survives a reload and everything else works. */
export function createSessionKeeper({ clientId, storages: places }: SessionKeeperOptions): SessionKeeper {
  const [tab, browser] = places;
  const prefix = `${STORAGE_PREFIX}${clientId}:`;
  const read = (place: Storage, key: string): KeptSession | undefined => {
    const kept = parseKept(place.getItem(key));
    if (kept && kept.expiresAtMs > Date.now()) return kept;
    place.removeItem(key);
    return undefined;
  };
  return {
    keep(session) {
      const { minted, expiresAtMs, status, lasting } = session;
      // What an earlier page left behind goes when it has expired.
      for (const place of places) for (const key in place) if (key.startsWith(prefix)) read(place, key);
      const key = prefix + minted.id;
      const untilMs = lasting ? Date.now() + LASTING_MS : expiresAtMs;
      const kept = write(lasting ? browser : tab, key, JSON.stringify({ ...session, expiresAtMs: untilMs }));
      if (kept && status) tab?.removeItem(key);
      return kept;
    },
    recall: (id) => places.map((place) => read(place, prefix + id)).find(Boolean),
    forget(id) {
      for (const place of places) place.removeItem(prefix + id);
    },
    lasts() {
      const lasts = write(tab, prefix, '');
      tab?.removeItem(prefix);
      return lasts;
    },
  };
}

function write(place: Storage | undefined, key: string, value: string): boolean {
  try {
    place?.setItem(key, value);
    return !!place;
  } catch {
    // Full, or switched off: the session lives in memory only.
    return false;
  }
}

const parseSession: Parser<KeptSession> = object<KeptSession>({
  minted: parseMintedSession,
  verifier: text,
  expiresAtMs: number,
  state: optional(text),
  pending: optional(object<Pending>({ place: text, provider: text, access_mode: oneOf(ACCESS_MODES), partner_minted: boolean })),
  status: optional(parseSessionStatus),
  lasting: optional(boolean),
});

function parseKept(json: string | null): KeptSession | undefined {
  try {
    return parseSession(JSON.parse(json ?? ''));
  } catch {
    return undefined;
  }
}
