import { hasIntegratedConferencing } from './account-calendars.ts';
import type { StandingMeeting } from './arrange-meeting.ts';
import { CalendarRefusal, invalidField } from './calendar-refusal.ts';
import { rangeOf } from './local-time.ts';
import type { EventContent, EventMeeting } from './managed-content.ts';
import type { WriteDeps, WriteTarget } from './write-deps.ts';

/** An event whose meeting is to be decided. */
export interface EventToMeet {
  /** As it is to be. */
  readonly event: EventContent;
  /** As it was; absent where it is new. */
  readonly before: EventContent | undefined;
  /** Whether this request says where to meet. */
  readonly isAsked: boolean;
  /** Stable for the event. */
  readonly key: string;
}

/** Decides where the people of an event meet, and makes the meeting where it is made elsewhere. Nobody joins what is over. @throws CalendarRefusal */
export async function meetingOf(deps: WriteDeps, target: WriteTarget, meet: EventToMeet): Promise<EventMeeting | undefined> {
  const { event, before } = meet;
  if (rangeOf(event.time, event.timeZone ?? 'UTC').toMs <= deps.now()) return undefined;
  const asked = event.conferencing ?? { kind: 'none' };
  switch (asked.kind) {
    case 'none':
      return undefined;
    case 'explicit':
      return { description: asked.description, joinUrl: asked.joinUrl };
    case 'integrated':
      if (hasIntegratedConferencing(target)) return 'integrated';
      if (meet.isAsked) throw noIntegrated();
      return undefined;
    case 'default':
    case 'profile': {
      // Asked for again with nothing changed it is the meeting that it was; where there was none, one may have been connected since.
      const isKnown = before !== undefined && isSameMeeting(before, event);
      if (isKnown && (before.meeting !== undefined || !meet.isAsked)) return before.meeting;
      return arranged(deps, target, { ...meet, profileId: asked.kind === 'default' ? 'default' : asked.profileId });
    }
  }
}

/** The meeting of an event, where a service made it that the account connected apart. */
export function standingMeeting(event: EventContent | undefined): StandingMeeting | undefined {
  const meeting = event?.meeting;
  return typeof meeting === 'object' && 'meetingId' in meeting ? meeting : undefined;
}

function isSameMeeting(before: EventContent, event: EventContent): boolean {
  const meeting = ({ conferencing, title, time }: EventContent): string => JSON.stringify([conferencing, title, time]);
  return meeting(before) === meeting(event);
}

async function arranged(
  deps: WriteDeps,
  target: WriteTarget,
  { event, before, key, profileId, isAsked }: EventToMeet & { readonly profileId: string },
): Promise<EventMeeting | undefined> {
  const timeZone = event.timeZone ?? 'UTC';
  const { fromMs, toMs } = rangeOf(event.time, timeZone);
  const request = { account: target.account, profileId, key, title: event.title, startMs: fromMs, endMs: toMs, timeZone };
  const made = await deps.eventMeetings.arrange({ ...request, standing: standingMeeting(before) });
  // Who changes something else of the event does not hear of it: people find each other at the address that they have.
  const left = isAsked || made.outcome === 'arranged' || made.outcome === 'unavailable' ? undefined : before?.meeting;
  if (left !== undefined) return left;
  switch (made.outcome) {
    case 'arranged':
      return made.meeting;
    case 'none_connected':
      if (profileId !== 'default')
        throw refused('conferencing_profile_not_found', 'expected a connected conferencing profile of this account');
      return hasIntegratedConferencing(target) ? 'integrated' : undefined;
    case 'disconnected':
      throw refused('conferencing_profile_disconnected', 'the person has to connect the conferencing service again');
    case 'refused':
      throw refused('conferencing_refused', 'the conferencing service does not make this meeting: try another, or none');
    case 'unavailable':
      throw new CalendarRefusal({ reason: 'unavailable', retryAfterMs: made.retryAfterMs });
  }
}

function refused(key: string, description: string): CalendarRefusal {
  return invalidField('conferencing', key, `conferencing.profile_id: ${description}`);
}

function noIntegrated(): CalendarRefusal {
  return refused(
    'integrated_conferencing_not_available',
    'this calendar has no conferencing of its own, or the access mode cannot use it; see calendar_integrated_conferencing_available. Use explicit, or a connected conferencing profile',
  );
}
