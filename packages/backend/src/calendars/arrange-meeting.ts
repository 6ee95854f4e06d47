import type { AuthorizedAccount } from '../storage/questions/authorized-account.ts';

/** A meeting to be made for an event, or to be changed with it. */
export interface MeetingRequest {
  readonly account: AuthorizedAccount;
  /** A conferencing profile of the account, or `default`: whichever it has. */
  readonly profileId: string;
  /** Stable for the event, and not used for another: a service that can tell makes one meeting by it. */
  readonly key: string;
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly startMs: number;
  /** After {@link startMs}. */
  readonly endMs: number;
  readonly timeZone: string;
  /** What was arranged for the event before: it stays the same meeting, unless it is to be made by another profile. */
  readonly standing?: StandingMeeting | undefined;
}

/** A meeting that was made, as its event remembers it. */
export interface MadeMeeting {
  readonly profileId: string;
  /** The service's own id of it. */
  readonly meetingId: string;
}

/** The same with where people meet. */
export interface StandingMeeting extends MadeMeeting {
  /** How people know the service. */
  readonly description: string;
  readonly joinUrl: string;
}

/** How arranging a meeting ended. */
export type ArrangedMeeting =
  | { readonly outcome: 'arranged'; readonly meeting: StandingMeeting }
  /** The account has no such conferencing profile; with `default`: none at all. */
  | { readonly outcome: 'none_connected' }
  /** The profile's person has to connect the service again. */
  | { readonly outcome: 'disconnected' }
  /** The service does not make this meeting, now or later. */
  | { readonly outcome: 'refused' }
  | { readonly outcome: 'unavailable'; readonly retryAfterMs: number | undefined };

/** Meetings by services that accounts connected apart from their calendars. */
export interface EventMeetings {
  /** Makes the meeting of an event, or changes it with the event. */
  arrange(request: MeetingRequest): Promise<ArrangedMeeting>;
  /** Cancels meetings that no event has any longer: durably, once it has answered. The services hear of it afterwards. */
  cancel(account: AuthorizedAccount, meetings: readonly MadeMeeting[]): Promise<void>;
}
