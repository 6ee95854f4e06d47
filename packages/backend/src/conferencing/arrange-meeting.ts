import type { NobodyToAsk, ProfileToAsk } from '../accounts/ask-with-credential.ts';
import type { ArrangedMeeting, MeetingRequest, StandingMeeting } from '../calendars/arrange-meeting.ts';
import type { MeetingDraft, MeetingOutcome } from '../providers/meetings.ts';
import { LIVING_STATUSES, type ListedProfile } from '../storage/profile-row.ts';
import { askService, type ServiceDeps } from './ask-service.ts';

/**
 * Makes the meeting of an event, or moves the one it has. Where its host deleted that one, another is made. It is the same for events in every access
 * mode: meetings know nothing of calendars.
 */
export async function arrangeMeeting(deps: ServiceDeps, request: MeetingRequest): Promise<ArrangedMeeting> {
  const profile = profileFor(request);
  if (profile === undefined) return { outcome: 'none_connected' };
  const acting = { profileId: profile.id, dataKey: request.account.dataKey };
  const { standing } = request;
  if (standing?.profileId === profile.id) {
    const moved = await askService(deps, acting, (meetings, credential) =>
      meetings.update(credential, standing.meetingId, draftOf(request)),
    );
    if (moved.outcome === 'ok') return { outcome: 'arranged', meeting: standing };
    if (moved.outcome !== 'not_found') return told(deps, { acting, what: 'meeting_not_moved' }, moved);
  }
  return make(deps, { acting, service: deps.conferencing.get(profile.provider)?.name ?? profile.providerName }, request);
}

/**
 * Whose meeting it is: the profile that is named, connected or not; by `default` the one that made the meeting before, or else the one that was
 * connected last.
 */
function profileFor({ account, profileId, standing }: MeetingRequest): ListedProfile | undefined {
  const profiles = account.profiles.filter(({ kind }) => kind === 'conferencing');
  if (profileId !== 'default') return profiles.find(({ id }) => id === profileId);
  const living = profiles.filter(({ status }) => LIVING_STATUSES.includes(status));
  return living.find(({ id }) => id === standing?.profileId) ?? living.at(-1);
}

interface Maker {
  readonly acting: ProfileToAsk;
  /** As people know it. */
  readonly service: string;
}

async function make(deps: ServiceDeps, { acting, service }: Maker, request: MeetingRequest): Promise<ArrangedMeeting> {
  const made = await askService(deps, acting, (meetings, credential) =>
    meetings.create(credential, { ...draftOf(request), idempotencyKey: request.key }),
  );
  if (made.outcome !== 'ok') return told(deps, { acting, what: 'meeting_not_made' }, made);
  const { meetingId, joinUrl } = made.value;
  const meeting: StandingMeeting = { profileId: acting.profileId, meetingId, joinUrl, description: service };
  return { outcome: 'arranged', meeting };
}

function draftOf({ title, startMs, endMs, timeZone }: MeetingRequest): MeetingDraft {
  return { title, startMs, endMs, timeZone };
}

type NotArranged = Exclude<MeetingOutcome<unknown>, { outcome: 'ok' | 'unauthorized' }> | NobodyToAsk;

/** Says to the caller how a call ended that arranged nothing, and to the operator why. */
function told(deps: ServiceDeps, at: { readonly acting: ProfileToAsk; readonly what: string }, ended: NotArranged): ArrangedMeeting {
  deps.log({
    level: ended.outcome === 'unavailable' && ended.needsOperator === true ? 'error' : 'warn',
    event: at.what,
    profile: at.acting.profileId,
    outcome: ended.outcome,
    ...('operatorHint' in ended ? { hint: ended.operatorHint } : {}),
  });
  switch (ended.outcome) {
    case 'disconnected':
      return { outcome: 'disconnected' };
    case 'unavailable':
      return { outcome: 'unavailable', retryAfterMs: ended.retryAfterMs };
    case 'no_credential':
      return { outcome: 'unavailable', retryAfterMs: undefined };
    case 'forbidden':
    case 'invalid':
    case 'not_found':
      return { outcome: 'refused' };
  }
}
