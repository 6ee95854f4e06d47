import type { Backend } from '../backend.ts';
import type { EventMeetings } from '../calendars/arrange-meeting.ts';
import { arrangeMeeting } from './arrange-meeting.ts';
import type { ServiceDeps } from './ask-service.ts';
import { cancelMeetingWork } from './cancel-meetings.ts';

/** Makes the {@link EventMeetings} of a backend. */
export function createEventMeetings(deps: ServiceDeps & Pick<Backend, 'work'>): EventMeetings {
  return {
    arrange: (request) => arrangeMeeting(deps, request),
    cancel: async (account, meetings) => {
      for (const meeting of meetings) await deps.store.addWork(cancelMeetingWork(deps, account, meeting));
      deps.work.nudge();
    },
  };
}
