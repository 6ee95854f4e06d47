import { isEnded, type AccessMode } from '@calendar-connect/protocol';
import { STATE_PREFIX } from './interruption.ts';
import { createPkce, randomText } from './pkce.ts';
import type { MintedSession, SessionClient } from './session-client.ts';
import type { KeptSession, SessionKeeper } from './session-storage.ts';

/** Of `ses_` and 24 hexadecimal digits. */
const ID_LENGTH = 28;

/** A session that this page holds the secret of. */
export interface ConnectSession extends KeptSession {
  readonly id: string;
  readonly secret: string;
  /** Whether a partner's server fixed the person: a retry has to say so, to keep it. */
  readonly partnerMinted: boolean;
  /** Whether it has ended. What takes the place of one that ended as `connected` is to change that connection. */
  readonly over?: boolean | 'connected';
}

/** What a session is asked for with. */
export interface SessionWishes {
  /** The value of the `session` attribute: one that a partner's server minted. */
  readonly session?: string | undefined;
  readonly scope?: string | undefined;
  readonly providers?: string[] | undefined;
  readonly access_modes?: AccessMode[] | undefined;
  readonly locale?: string | undefined;
}

/** What is needed to get one. */
export interface SessionSource {
  readonly client: SessionClient;
  readonly keeper: SessionKeeper;
  readonly wishes: SessionWishes;
  /** Where the person is to come back to, for a session of the redirect flow. */
  readonly returnPath: string | undefined;
}

/**
 * Gets a session: the previous one where it can still be used, the one that this browser has claimed before, the one that the partner's server minted, or a new one.
 *
 * One that a partner's server minted is claimed as it is, without a place to come back to: only what takes its place can have one.
 *
 * @param previous where it is over, and the partner's server minted it or a calendar was connected with it, the new one takes its place: it keeps
 * its person, and changes its connection.
 * @throws `session_already_claimed` where another page was first, and the backend's other refusals.
 */
export async function obtainSession(source: SessionSource, previous?: ConnectSession): Promise<ConnectSession> {
  const { client, keeper, returnPath } = source;
  const { session, ...wishes } = source.wishes;
  if (previous && !previous.over && previous.expiresAtMs > Date.now()) return previous;
  // The value begins with the id. Whatever else stands there is nobody's session, which the backend says.
  const id = session && encodeURIComponent(session.slice(0, ID_LENGTH));
  const kept = id && !previous ? keeper.recall(id) : undefined;
  const held = kept && hold(kept, true);
  if (held) {
    const status = await client.status(held);
    if (status.code || status.admin_approval) return { ...held, status };
    if (!isEnded(status.state)) return held;
  }
  const { verifier, challenge } = await createPkce();
  const pkce = { code_challenge: challenge, code_challenge_method: 'S256' } as const;
  const ended = previous?.partnerMinted || previous?.over === 'connected' ? previous : held;
  const claims = id && !ended;
  const state = claims || !returnPath ? undefined : STATE_PREFIX + randomText();
  const minted = claims
    ? await client.claim(id, { ...pkce, session, locale: wishes.locale })
    : await client.mint({ ...pkce, ...wishes, retry_of: ended?.id, return_path: state && returnPath, state }, ended?.secret);
  const fresh = { minted, verifier, state, expiresAtMs: Date.now() + minted.expires_in * 1000 };
  keeper.keep(fresh);
  const mine = hold(fresh, !!id);
  // A person whom the partner's server named may have begun in another browser, and wait for an administrator by now.
  return minted.state === 'created' ? mine : { ...mine, status: await client.status(mine) };
}

/** Names a kept session's parts as the flow uses them. */
export function hold(kept: KeptSession, partnerMinted: boolean): ConnectSession {
  const { id, secret }: MintedSession = kept.minted;
  return { ...kept, id, secret, partnerMinted };
}
