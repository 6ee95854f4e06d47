import { type ContentLine, readContentLines, unescapeText } from './content-line.ts';

/** The organiser or an attendee. */
export interface CalendarAddress {
  /** As it stands there, such as `mailto:amira@partner.example`. */
  readonly value: string;
  /** `CN` */
  readonly name: string | undefined;
  /** `PARTSTAT`, such as `NEEDS-ACTION`. */
  readonly participation: string | undefined;
  /** `RSVP` */
  readonly isAskedToReply: boolean;
}

/** A date or a time as iCalendar writes it. */
export interface CalendarTime {
  /** `20261102T090000`, `20261102T080000Z` (UTC) or `20261102` (a whole day). */
  readonly value: string;
  readonly tzid: string | undefined;
}

/** What a `VEVENT` says, as far as invitations go by it. What it does not say is `undefined`. */
export interface CalendarEvent {
  readonly uid: string | undefined;
  readonly sequence: number | undefined;
  readonly dtstamp: string | undefined;
  readonly recurrenceId: CalendarTime | undefined;
  readonly organizer: CalendarAddress | undefined;
  readonly attendees: readonly CalendarAddress[];
  readonly start: CalendarTime | undefined;
  readonly end: CalendarTime | undefined;
  /** Such as `PT1H`, where there is no end. */
  readonly duration: string | undefined;
  readonly status: string | undefined;
  readonly recurrenceRule: string | undefined;
  readonly summary: string | undefined;
  readonly location: string | undefined;
}

/** The `text/calendar` part of a mail: [RFC 6047 §2.4](https://www.rfc-editor.org/rfc/rfc6047#section-2.4) */
export interface CalendarPart {
  /** The `METHOD` of the calendar, such as `REQUEST`. */
  readonly method: string | undefined;
  /** The `method` of the part's `Content-Type`, which has to be the same. */
  readonly contentTypeMethod: string | undefined;
  readonly events: readonly CalendarEvent[];
  /** The iCalendar text, decoded, with CRLF at the end of each line. */
  readonly source: string;
}

/** Reads a calendar part for people and tests. It refuses nothing: what cannot be read is left out. */
export function readCalendar(source: string, contentTypeMethod: string | undefined): CalendarPart {
  const properties: ContentLine[] = [];
  const events: ContentLine[][] = [];
  const open: string[] = [];
  for (const line of readContentLines(source)) {
    if (line.name === 'BEGIN') {
      open.push(line.value.toUpperCase());
      if (open.join() === 'VCALENDAR,VEVENT') events.push([]);
    } else if (line.name === 'END') open.pop();
    // An alarm inside of an event has a summary and attendees of its own.
    else if (open.join() === 'VCALENDAR,VEVENT') events.at(-1)?.push(line);
    else if (open.join() === 'VCALENDAR') properties.push(line);
  }
  const method = properties.find(({ name }) => name === 'METHOD')?.value.toUpperCase();
  return { method, contentTypeMethod, events: events.map(readEvent), source };
}

function readEvent(lines: readonly ContentLine[]): CalendarEvent {
  const first = (name: string): ContentLine | undefined => lines.find((line) => line.name === name);
  const text = (name: string): string | undefined => {
    const line = first(name);
    return line && unescapeText(line.value);
  };
  const time = (name: string): CalendarTime | undefined => {
    const line = first(name);
    return line && { value: line.value, tzid: line.parameters.get('TZID') };
  };
  const sequence = first('SEQUENCE')?.value;
  const organizer = first('ORGANIZER');
  return {
    uid: text('UID'),
    sequence: sequence !== undefined && /^\d+$/.test(sequence) ? Number(sequence) : undefined,
    dtstamp: first('DTSTAMP')?.value,
    recurrenceId: time('RECURRENCE-ID'),
    organizer: organizer && readAddress(organizer),
    attendees: lines.filter(({ name }) => name === 'ATTENDEE').map(readAddress),
    start: time('DTSTART'),
    end: time('DTEND'),
    duration: first('DURATION')?.value,
    status: first('STATUS')?.value,
    recurrenceRule: first('RRULE')?.value,
    summary: text('SUMMARY'),
    location: text('LOCATION'),
  };
}

function readAddress({ value, parameters }: ContentLine): CalendarAddress {
  return {
    value,
    name: parameters.get('CN'),
    participation: parameters.get('PARTSTAT'),
    isAskedToReply: parameters.get('RSVP')?.toUpperCase() === 'TRUE',
  };
}
