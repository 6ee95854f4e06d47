import { keepNewest } from '../keep-newest.ts';

const MEETINGS_KEPT = 20_000;

/** What every meeting has. */
export interface StoredMeeting {
  readonly id: string;
  /** The address of who may change it. */
  readonly ownerEmail: string;
}

/** The meetings of a service. */
export interface MeetingStore<M extends StoredMeeting> {
  readonly all: () => readonly M[];
  readonly put: (meeting: M) => M;
  /** Finds a meeting of this person; those of others do not exist for them. */
  readonly find: (id: string, ownerEmail: string) => M | undefined;
  readonly delete: (id: string) => void;
}

/** Creates a store. */
export function createMeetingStore<M extends StoredMeeting>(): MeetingStore<M> {
  const meetings = new Map<string, M>();
  return {
    all: () => [...meetings.values()],
    put: (meeting) => {
      meetings.set(meeting.id, meeting);
      keepNewest(meetings, MEETINGS_KEPT);
      return meeting;
    },
    find: (id, ownerEmail) => {
      const found = meetings.get(id);
      return found?.ownerEmail === ownerEmail ? found : undefined;
    },
    delete: (id) => {
      meetings.delete(id);
    },
  };
}
