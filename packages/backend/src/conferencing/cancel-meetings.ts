import type { MadeMeeting } from '../calendars/arrange-meeting.ts';
import type { AuthorizedAccount } from '../storage/questions/authorized-account.ts';
import type { NewWorkItem } from '../storage/questions/work.ts';
import { newId } from '../vault/secrets.ts';
import type { SealContext } from '../vault/vault.ts';
import type { WorkHandler, WorkOutcome } from '../work/work.ts';
import { askService, type ServiceDeps } from './ask-service.ts';

/** The kind of work that cancels a meeting. */
export const CANCEL_MEETING = 'cancel_meeting';

/** A meeting to be cancelled. Who knows its id may find it, so that is sealed. */
type CancelledMeeting = {
  readonly accountId: string;
  readonly applicationId: string;
  readonly profileId: string;
  /** Under the account's data key, for the profile. */
  readonly meetingSealed: string;
};

function meetingPlace(meeting: { readonly profileId: string; readonly applicationId: string }): SealContext {
  return { purpose: 'conferencing.meeting/1', rowId: meeting.profileId, applicationId: meeting.applicationId };
}

/** The work of cancelling a meeting: at once, and in a lane of its own, so that no other waits for it. */
export function cancelMeetingWork(
  { vault, now }: Pick<ServiceDeps, 'vault' | 'now'>,
  account: AuthorizedAccount,
  { profileId, meetingId }: MadeMeeting,
): NewWorkItem {
  const { accountId, applicationId, dataKey } = account;
  const nowMs = now();
  const meetingSealed = vault.seal(dataKey, meetingPlace({ profileId, applicationId }), meetingId);
  const payload: CancelledMeeting = { accountId, applicationId, profileId, meetingSealed };
  return { laneId: newId('meeting:', nowMs), kind: CANCEL_MEETING, payload, nowMs, dueAtMs: nowMs };
}

/** Cancels meetings at their services. A service that is down is asked again for days. */
export function cancelMeetingHandler(deps: ServiceDeps): WorkHandler {
  return {
    handle: (payload) => cancelMeeting(deps, payload as CancelledMeeting),
    giveUp: async ({ meetingSealed: _erased, ...rest }) => rest,
  };
}

async function cancelMeeting(deps: ServiceDeps, cancelled: CancelledMeeting): Promise<WorkOutcome> {
  const { profileId } = cancelled;
  // Whoever took the authorization back keeps the meetings: nobody may touch them any longer.
  if ((await deps.store.findLivingProfile(profileId)) === undefined) return { outcome: 'done' };
  const dataKey = await deps.store.findDataKey(cancelled.accountId);
  const meetingId = deps.vault.open(dataKey, meetingPlace(cancelled), cancelled.meetingSealed);
  const ended = await askService(deps, { profileId, dataKey }, (meetings, credential) => meetings.delete(credential, meetingId));
  if (ended.outcome === 'unavailable') return { outcome: 'later', reason: ended.operatorHint, retryAfterMs: ended.retryAfterMs };
  if (ended.outcome === 'no_credential') return { outcome: 'later', reason: 'the credential cannot be renewed now' };
  if (ended.outcome !== 'ok') deps.log({ level: 'warn', event: 'meeting_not_cancelled', profile: profileId, outcome: ended.outcome });
  return { outcome: 'done' };
}
