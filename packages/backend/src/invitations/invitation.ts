import { domainToASCII } from 'node:url';
import ical, {
  escape,
  foldLines,
  ICalAttendeeRole,
  ICalAttendeeStatus,
  ICalAttendeeType,
  ICalCalendarMethod,
  type ICalDayJsStub,
  ICalEventBusyStatus,
  ICalEventClass,
  type ICalEventData,
  ICalEventStatus,
  ICalEventTransparency,
} from 'ical-generator';
import { oneLine, plainLines, webAddress } from '../mail/mail-text.ts';
import { checkInvitedEvent } from './check-invited-event.ts';
import type { InvitationMethod, InvitedEvent } from './invited-event.ts';
import { meetingOf } from './meeting.ts';
import { defineZone, wallClockOf, type WallClock } from './wall-clock.ts';

/** Names the writer of the object: [RFC 5545 §3.7.3](https://www.rfc-editor.org/rfc/rfc5545#section-3.7.3). */
const PRODUCT = { company: 'Calendar Connect', product: 'Invitations', language: 'EN' };

/** Outlook and Exchange know four; what they do not know is the nearest that does not say more time is free. */
const BUSY_STATUS = {
  busy: ICalEventBusyStatus.BUSY,
  tentative: ICalEventBusyStatus.TENTATIVE,
  out_of_office: ICalEventBusyStatus.OOF,
  working_elsewhere: ICalEventBusyStatus.FREE,
  free: ICalEventBusyStatus.FREE,
} as const;

/**
 * Writes an event as an iCalendar object for its guests: with lines of at most 75 octets that end in CRLF, in UTF-8. The same event gives the
 * same text. `takesPlace` says of a CANCEL that it is for single guests and the event goes on without them. There is no alarm in it: whether
 * and when to be reminded is the guest's own.
 *
 * Load this module when it is first used: what writes calendars and knows time zones is large.
 *
 * @throws RangeError naming the field where the event cannot be written: a sequence below 0, an end before its start, no or no single address
 * @see [RFC 5546 §3.2.2, REQUEST](https://www.rfc-editor.org/rfc/rfc5546#section-3.2.2) and
 * [§3.2.5, CANCEL](https://www.rfc-editor.org/rfc/rfc5546#section-3.2.5)
 */
export function writeInvitation(
  method: InvitationMethod,
  event: InvitedEvent,
  { takesPlace = false }: { readonly takesPlace?: boolean } = {},
): string {
  checkInvitedEvent(event);
  const times = timesOf(event);
  const calendar = ical({ prodId: PRODUCT, scale: 'GREGORIAN', method: ICalCalendarMethod[method] });
  if (times.vtimezone !== undefined) {
    const { vtimezone } = times;
    calendar.timezone({ name: null, generator: () => vtimezone });
  }
  calendar.createEvent({ ...times.data, ...describe(event), ...attend(method, event), status: statusOf(method, { event, takesPlace }) });
  return withAddresses(`${calendar.toString()}\r\n`, event);
}

function timesOf({ time, timeZone }: InvitedEvent): { data: Pick<ICalEventData, 'start' | 'end'>; vtimezone?: string } {
  if (time.allDay) {
    const data = { allDay: true, start: new Date(time.startDate), end: new Date(time.endDate) };
    return { data };
  }
  const { startMs, endMs } = time;
  const zone = defineZone(timeZone);
  const start = zone && wallClockOf(startMs, zone);
  const end = zone && wallClockOf(endMs, zone);
  // DTEND is after DTSTART or absent: https://www.rfc-editor.org/rfc/rfc5545#section-3.8.2.2
  const hasEnd = endMs > startMs;
  if (zone === undefined || start === undefined || end === undefined) {
    return { data: { start: new Date(startMs), ...(hasEnd && { end: new Date(endMs) }) } };
  }
  const data = { timezone: zone.tzid, start: asLibraryReads(startMs, start), ...(hasEnd && { end: asLibraryReads(endMs, end) }) };
  return { data, vtimezone: zone.vtimezone };
}

/** The library takes times in a zone from date libraries only, and reads a `Date` by the clocks of this process. This is what it asks of Day.js. */
function asLibraryReads(instantMs: number, { date, time }: WallClock): ICalDayJsStub {
  return {
    format: (pattern) => (pattern === 'YYYYMMDD' ? date : time),
    isValid: () => true,
    toDate: () => new Date(instantMs),
    toJSON: () => new Date(instantMs).toISOString(),
  };
}

function describe(event: InvitedEvent) {
  const { showAs = 'busy', isPrivate = false } = event;
  const meeting = meetingOf(event);
  const busyStatus = BUSY_STATUS[showAs];
  const description = [plainLines(event.description ?? ''), meeting && `${meeting.service}: ${meeting.address}`]
    .filter((part) => part !== undefined && part !== '')
    .join('\n\n');
  // Whoever looks for the meeting looks where it is: all calendars show the location, and few anything else.
  const location = oneLine(event.location ?? '') || meeting?.address;
  return {
    id: escape(event.uid, false),
    sequence: event.sequence,
    stamp: new Date(event.stampMs),
    created: new Date(event.createdMs),
    lastModified: new Date(event.stampMs),
    summary: oneLine(event.title),
    description: description || null,
    location: location || null,
    transparency: busyStatus === ICalEventBusyStatus.FREE ? ICalEventTransparency.TRANSPARENT : ICalEventTransparency.OPAQUE,
    class: isPrivate ? ICalEventClass.PRIVATE : ICalEventClass.PUBLIC,
    busystatus: busyStatus,
    // Exchange shows the guest as tentative until they answer, and then this.
    x: { 'X-MICROSOFT-CDO-INTENDEDSTATUS': busyStatus },
  } satisfies Partial<ICalEventData>;
}

function attend(method: InvitationMethod, { organizer, attendees }: InvitedEvent) {
  return {
    organizer: { name: asParameter(organizer.name) || organizer.email, email: mailtoOf(organizer.email) },
    attendees: attendees.map(({ email, name = '' }) => ({
      email: mailtoOf(email),
      name: asParameter(name) || email,
      type: ICalAttendeeType.INDIVIDUAL,
      role: ICalAttendeeRole.REQ,
      // There is nothing to answer to a cancellation.
      ...(method === 'REQUEST' && { status: ICalAttendeeStatus.NEEDSACTION, rsvp: true }),
    })),
  } satisfies Partial<ICalEventData>;
}

/**
 * A text as a parameter can hold it. A backslash means nothing there (https://www.rfc-editor.org/rfc/rfc5545#section-3.2), but the library doubles it,
 * and readers take what follows for escaped: the end of the value, and with it the address behind.
 */
function asParameter(text: string): string {
  return oneLine(text).replaceAll('\\', '/');
}

/** Without a status the event takes place without those whom a CANCEL names: https://www.rfc-editor.org/rfc/rfc5546#section-3.2.5 */
function statusOf(method: InvitationMethod, { event, takesPlace }: { event: InvitedEvent; takesPlace: boolean }): ICalEventStatus | null {
  if (method === 'CANCEL') return takesPlace ? null : ICalEventStatus.CANCELLED;
  return event.showAs === 'tentative' ? ICalEventStatus.TENTATIVE : ICalEventStatus.CONFIRMED;
}

/** The address as a URI holds it: [RFC 6068 §2](https://www.rfc-editor.org/rfc/rfc6068#section-2). */
function mailtoOf(address: string): string {
  const at = address.lastIndexOf('@');
  const name = encodeURI(address.slice(0, at)).replace(/[/?#&=]/g, encodeURIComponent);
  return `${name}@${domainToASCII(address.slice(at + 1))}`;
}

/**
 * Puts in what the library does not write as it should: it escapes a URL as if it were a text, and knows no CONFERENCE.
 *
 * @see [RFC 7986 §5.11](https://www.rfc-editor.org/rfc/rfc7986#section-5.11)
 */
function withAddresses(invitation: string, event: InvitedEvent): string {
  const page = webAddress(event.url ?? '');
  const meeting = meetingOf(event);
  const lines = [
    ...(page === undefined ? [] : [`URL:${page}`]),
    ...(meeting?.link === undefined
      ? []
      : [`CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL="${escape(asParameter(meeting.service), true)}":${meeting.link}`]),
  ];
  // At the beginning of a line, where no text can put it: a title may well be “END:VEVENT”.
  return invitation.replace('\r\nEND:VEVENT\r\n', (end) => ['', ...lines.map(foldLines)].join('\r\n') + end);
}
