import type { Credential, Unavailable } from './provider.ts';

/** A meeting to be made, or to be changed to. */
export interface MeetingDraft {
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly startMs: number;
  /** After {@link startMs}. */
  readonly endMs: number;
  /** The IANA zone to show it in; it never moves the meeting. */
  readonly timeZone: string;
}

/** Where people meet. */
export interface Meeting {
  /** The service's own id: names the meeting to change or delete it. */
  readonly meetingId: string;
  /** Opens the meeting for whoever has it. Never the organiser's own address, which would make whoever has it the host. */
  readonly joinUrl: string;
  /** What is typed where somebody joins without the address, where the service says it. */
  readonly password: string | undefined;
}

/** How a call to a conferencing service ended. */
export type MeetingOutcome<T> =
  | { readonly outcome: 'ok'; readonly value: T }
  /** The access token was not accepted: refresh once and ask again. */
  | { readonly outcome: 'unauthorized' }
  /** The grant, the plan or the organisation's policy does not allow it: asking again changes nothing. */
  | { readonly outcome: 'forbidden'; readonly operatorHint: string }
  | { readonly outcome: 'not_found'; readonly operatorHint: string }
  /** The service does not take what was asked for. */
  | { readonly outcome: 'invalid'; readonly operatorHint: string }
  | Unavailable;

/** The part of a conferencing service that makes meetings. Loaded when first used. Nothing is refreshed and nothing repeated: that is the caller's. */
export interface Meetings {
  /** Makes a meeting. A service that cannot tell a repetition makes another one: the caller asks again only where it got no answer. */
  create(credential: Credential, meeting: MeetingDraft & { readonly idempotencyKey: string }): Promise<MeetingOutcome<Meeting>>;
  /** Changes title and time; the address stays. A service whose meetings have neither does nothing and says `ok`. */
  update(credential: Credential, meetingId: string, meeting: MeetingDraft): Promise<MeetingOutcome<undefined>>;
  /** What is gone already is deleted. */
  delete(credential: Credential, meetingId: string): Promise<MeetingOutcome<undefined>>;
}
