import { isEnded, type SessionState } from '@calendar-connect/protocol';
import type { Backend } from '../backend.ts';
import type { Session } from '../storage/session-row.ts';
import { equalHash, hashSecret } from '../vault/secrets.ts';
import { ConnectError } from './connect-error.ts';

/** Longer than a provider may take to answer all that is asked of it at an arrival. */
const ARRIVAL_MS = 90_000;

/** The state of a session now. Expiry is read off the clock and never written, so it needs nobody to notice it. */
export function stateOf(session: Session, nowMs: number): SessionState {
  if (session.isRedeemed) return session.state;
  const mayExpire = session.state === 'connected' || !isEnded(session.state);
  return mayExpire && (session.expiresAtMs <= nowMs || wasInterrupted(session, nowMs)) ? 'expired' : session.state;
}

/** The provider's answer was taken and nothing came of it: the process died in between. Nobody has to wait for the end of the hour. */
function wasInterrupted(session: Session, nowMs: number): boolean {
  return session.state === 'at_provider' && session.arrivedAtMs !== undefined && session.arrivedAtMs + ARRIVAL_MS <= nowMs;
}

/** The version that a poll compares: expiring is a change too. */
export function versionOf(session: Session, nowMs: number): number {
  return stateOf(session, nowMs) === session.state ? session.version : session.version + 1;
}

/**
 * Finds the session of whoever shows its secret.
 *
 * @throws ConnectError `session_not_found`, the same whether the id or the secret is wrong
 */
export async function sessionBySecret(
  store: Pick<Backend['store'], 'findSession'>,
  session: { readonly id: string; readonly secret: string; readonly applicationId?: string },
): Promise<Session> {
  const found = await store.findSession(session.id);
  const known = found?.secretHash !== undefined && equalHash(found.secretHash, hashSecret(session.secret));
  if (!known || (session.applicationId !== undefined && found.applicationId !== session.applicationId)) {
    throw new ConnectError(
      'session_not_found',
      'No session has this id and secret. It may be long over, or the secret belongs to another one.',
    );
  }
  return found;
}
