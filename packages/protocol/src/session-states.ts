/**
 * The states of a connect session.
 *
 * `created → at_provider | needs_credentials → (waiting_for_admin → approved →)* → connected | declined | cancelled | failed | expired`.
 */
export const SESSION_STATES = [
  'created',
  'at_provider',
  'needs_credentials',
  'waiting_for_admin',
  'approved',
  'connected',
  'declined',
  'cancelled',
  'failed',
  'expired',
] as const;

/** One of {@link SESSION_STATES}. */
export type SessionState = (typeof SESSION_STATES)[number];

/** The states that end a session; a retry is a new session. */
export const ENDED_STATES = ['connected', 'declined', 'cancelled', 'failed', 'expired'] as const;

/** Tells whether a session in this state will never change again. */
export function isEnded(state: SessionState): boolean {
  return (ENDED_STATES as readonly SessionState[]).includes(state);
}
