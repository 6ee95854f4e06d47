import type { NewWorkItem } from './questions/work.ts';

/**
 * What is to be given back to its provider: a connection that was not redeemed in time, the credential of a revoked profile, what a half-ticked
 * consent granted, or what a profile had before it changed. The last two are stored nowhere else.
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
    }
  | {
      readonly from: 'replaced';
      /** The session that brought what took its place. */
      readonly sessionId: string;
      readonly profileId: string;
      readonly accountId: string;
      readonly applicationId: string;
      readonly provider: string;
      readonly providerClientId: string;
      readonly subject: string;
      /** Sealed for the profile, under the account's data key. */
      readonly credentialSealed: string;
    };

/** The lane that a thing to give back waits in: one for each connection, so that none waits for another. */
export function giveBackLane(what: GiveBack): string {
  if (what.from === 'profile') return `profile:${what.profileId}`;
  return what.from === 'pending' ? `connection:${what.sessionId}` : `${what.from}:${what.sessionId}`;
}

/** The kind of work that gives something back. */
export const GIVE_BACK = 'give_back';

/** The work item that gives something back once it is due. */
export function giveBackWork(what: GiveBack, nowMs: number, dueAtMs: number = nowMs): NewWorkItem {
  return { laneId: giveBackLane(what), kind: GIVE_BACK, payload: what, nowMs, dueAtMs };
}
