import type { EventConferencing, EventDraft, TimeSpan } from '../providers/calendar-reader.ts';

/** What happened to an event, as somebody at it is told. `uninvited`: it takes place, without them. */
export const INVITATION_KINDS = ['invited', 'changed', 'cancelled', 'uninvited'] as const;

/** One of {@link INVITATION_KINDS}. */
export type InvitationKind = (typeof INVITATION_KINDS)[number];

/** What an invitation asks of a calendar: [RFC 5546 §1.4](https://www.rfc-editor.org/rfc/rfc5546#section-1.4). */
export type InvitationMethod = 'REQUEST' | 'CANCEL';

/** Somebody at an event. */
export interface Invitee {
  /** One address, without a name. */
  readonly email: string;
  readonly name?: string | undefined;
}

/** An event as its guests are to know it. Texts may hold anything; they are made harmless where they are written. */
export interface InvitedEvent {
  /** Of the event for ever, whatever becomes of it: 1 to 255 characters, each of which can be printed. Whoever knows it can cancel the event. */
  readonly uid: string;
  /**
   * Which version of the event this is: 0 for the first invitation, and one more with every change and with the cancellation. Calendars
   * ignore what has a lower one than they know ([RFC 5546 §2.1.4](https://www.rfc-editor.org/rfc/rfc5546#section-2.1.4)).
   */
  readonly sequence: number;
  readonly title: string;
  /** Plain text. */
  readonly description?: string | undefined;
  readonly location?: string | undefined;
  /** A page about the event. Left out unless it is one of the web. */
  readonly url?: string | undefined;
  readonly time: TimeSpan;
  /** The IANA zone to show it in; it never moves the event. Without one, or with one that nobody knows, it is shown in UTC. */
  readonly timeZone?: string | undefined;
  /** Default `busy`. */
  readonly showAs?: EventDraft['showAs'];
  /** Others who may see the calendar of a guest are not to see what the event is about. Default: no. */
  readonly isPrivate?: boolean | undefined;
  /** Whom answers are sent to. */
  readonly organizer: { readonly name: string; readonly email: string };
  /** All guests where they are invited; where they are cancelled or uninvited, those that this concerns. */
  readonly attendees: readonly Invitee[];
  /** Where people meet online. */
  readonly conferencing?: Exclude<EventConferencing, string> | undefined;
  /** When the event was made. Milliseconds since 1970, as the next. */
  readonly createdMs: number;
  /** When this version was made: the same when it is sent again. Of two with one sequence calendars take the later. */
  readonly stampMs: number;
}

/** Which method tells a calendar what happened. */
export function methodOf(kind: InvitationKind): InvitationMethod {
  return kind === 'invited' || kind === 'changed' ? 'REQUEST' : 'CANCEL';
}
