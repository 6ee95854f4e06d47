import type { Backend } from '../backend.ts';
import type { Session } from '../storage/session-row.ts';
import { ID_PREFIX, issueToken } from '../vault/issued-token.ts';
import { stateOf, versionOf } from './session-status.ts';

/** From the moment a code is given away. Short, because whoever gets it redeems it at once. */
const CODE_LIFE_SECONDS = 60;

type Deps = Pick<Backend, 'store' | 'changes' | 'now'>;

/** Waits until a session has a greater version than the one that the caller knows, or the signal says that it has waited enough. */
export async function waitForChange(deps: Deps, known: Session, wait: { after: number; signal: AbortSignal }): Promise<Session> {
  let session = known;
  while (versionOf(session, deps.now()) <= wait.after && !wait.signal.aborted) {
    await deps.changes.next(session, wait.signal);
    session = (await deps.store.findSession(session.id)) ?? session;
  }
  return session;
}

/** Gives out the code of a connected session, where it may have one (see `giveCode`). */
export async function codeFor(deps: Pick<Backend, 'store' | 'now'>, session: Session): Promise<string | undefined> {
  const nowMs = deps.now();
  if (stateOf(session, nowMs) !== 'connected') return undefined;
  const code = issueToken(ID_PREFIX.code, nowMs);
  const given = await deps.store.giveCode({
    id: code.id,
    secretHash: code.secretHash,
    sessionId: session.id,
    expiresAtMs: nowMs + CODE_LIFE_SECONDS * 1000,
    nowMs,
  });
  return given && code.text;
}
