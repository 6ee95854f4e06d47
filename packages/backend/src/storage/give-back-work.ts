import type { NewWorkItem } from './questions/work.ts';

/**
 * What is to be given back to its provider: a connection that was not redeemed in time, the credential of a revoked profile, or what a
 * half-ticked consent granted, which is stored nowhere else.
 */
export type GiveBack =
  | { readonly from: 'pending'; readonly sessionId: string }
  | { readonly from: 'profile'; readonly profileId: string }
  | {
      readonly from: 'consent';
      readonly sessionId: string;
      readonly applicationId: string;
      readonly provider: string;
      readonly providerClientId: string;
      /** Absent where the provider did not prove whose it is. */
      readonly subject?: string;
      /** Sealed under the application's data key. */
      readonly credentialSealed: string;
    };

/** The lane that a thing to give back waits in: one for each connection, so that none waits for another. */
export function giveBackLane(what: GiveBack): string {
  return what.from === 'profile'
    ? `profile:${what.profileId}`
    : what.from === 'pending'
      ? `connection:${what.sessionId}`
      : `consent:${what.sessionId}`;
}

/** The kind of work that gives something back. */
export const GIVE_BACK = 'give_back';

/** The work item that gives something back once it is due. */
export function giveBackWork(what: GiveBack, nowMs: number, dueAtMs: number = nowMs): NewWorkItem {
  return { laneId: giveBackLane(what), kind: GIVE_BACK, payload: what, nowMs, dueAtMs };
}
