import type { MadeMeeting } from './arrange-meeting.ts';
import { standingMeeting } from './event-meeting.ts';
import { loadEvent } from './stored-event.ts';
import type { WriteDeps, WriteTarget } from './write-deps.ts';

/** An event of a calendar. */
interface NamedEvent {
  readonly target: WriteTarget;
  readonly eventId: string;
}

/**
 * Changes an event, and cancels the meetings that it leaves behind: the one it had and has no longer, and those that were made for it while
 * somebody else was quicker, or before it was refused. What cannot be told from here, because the process died, stays at the service.
 */
export async function cancellingMeetings(
  deps: WriteDeps,
  named: NamedEvent,
  change: (deps: WriteDeps) => Promise<boolean>,
): Promise<boolean> {
  const { eventMeetings } = deps;
  const seen: MadeMeeting[] = [];
  await note(seen, deps, named);
  const arrange: typeof eventMeetings.arrange = async (request) => {
    const arranged = await eventMeetings.arrange(request);
    if (arranged.outcome === 'arranged') seen.push(arranged.meeting);
    return arranged;
  };
  try {
    return await change({ ...deps, eventMeetings: { ...eventMeetings, arrange } });
  } finally {
    if (seen.length > 0) await cancelAbandoned(deps, named, seen);
  }
}

async function note(seen: MadeMeeting[], deps: WriteDeps, { target, eventId }: NamedEvent): Promise<void> {
  const standing = standingMeeting((await loadEvent(deps, target, eventId)).content.event);
  if (standing !== undefined) seen.push(standing);
}

async function cancelAbandoned(deps: WriteDeps, named: NamedEvent, seen: readonly MadeMeeting[]): Promise<void> {
  const kept: MadeMeeting[] = [];
  await note(kept, deps, named);
  const abandoned = new Map(seen.map((meeting) => [nameOf(meeting), meeting]));
  for (const meeting of kept) abandoned.delete(nameOf(meeting));
  if (abandoned.size > 0) await deps.eventMeetings.cancel(named.target.account, [...abandoned.values()]);
}

function nameOf({ profileId, meetingId }: MadeMeeting): string {
  return `${profileId} ${meetingId}`;
}
