import type { TimeZones } from '../../time-zones.ts';
import type { DateTimeTimeZone, StoredEvent } from '../mailbox/events.ts';
import type { MicrosoftCalendar } from '../mailbox/mailboxes.ts';
import { ianaZone } from '../mailbox/zone-names.ts';
import { type BodyType, inBodyType } from './body-type.ts';

/** Who looks at an event, and how times are to be written. */
export interface Onlooker {
  readonly calendar: MicrosoftCalendar;
  /** The address of who looks. */
  readonly email: string;
  /** As the request named it. */
  readonly timeZone: string;
  /** Whether only the plain facts may be seen. */
  readonly isBasic: boolean;
  /** As the request prefers the body. */
  readonly bodyType: BodyType | undefined;
  readonly zones: TimeZones;
}

/** Returns an event's etag. */
export function eventEtag({ id, version }: StoredEvent): string {
  return `W/"${Buffer.from(`${id.slice(-8)} ${version}`).toString('base64url')}"`;
}

/** Writes an event as Graph does. @see {@link https://learn.microsoft.com/graph/api/resources/event} */
export function viewEvent(event: StoredEvent, onlooker: Onlooker): object {
  const { fields } = event;
  const isAllDay = fields.isAllDay ?? false;
  const isOrganizer = onlooker.calendar.owner.address === onlooker.email;
  return {
    '@odata.etag': eventEtag(event),
    id: event.id,
    createdDateTime: iso(event.createdMs),
    lastModifiedDateTime: iso(event.changedMs),
    changeKey: eventEtag(event).slice(3, -1),
    categories: fields.categories ?? [],
    transactionId: fields.transactionId ?? null,
    originalStartTimeZone: fields.start.timeZone,
    originalEndTimeZone: fields.end.timeZone,
    iCalUId: event.iCalUId,
    reminderMinutesBeforeStart: fields.reminderMinutesBeforeStart ?? 15,
    isReminderOn: fields.isReminderOn ?? true,
    subject: fields.subject ?? '',
    importance: 'normal',
    sensitivity: fields.sensitivity ?? 'normal',
    isAllDay,
    isCancelled: fields.isCancelled ?? false,
    isOrganizer,
    responseRequested: true,
    seriesMasterId: event.seriesMasterId ?? null,
    showAs: fields.showAs ?? 'busy',
    type: typeOf(event),
    webLink: `https://outlook.office365.com/owa/?itemid=${encodeURIComponent(event.id)}&exvsurl=1&path=/calendar/item`,
    isOnlineMeeting: event.onlineMeeting !== undefined,
    onlineMeetingProvider: event.onlineMeeting === undefined ? 'unknown' : 'teamsForBusiness',
    onlineMeetingUrl: null,
    onlineMeeting: event.onlineMeeting ?? null,
    isDraft: false,
    recurrence: fields.recurrence ?? null,
    responseStatus: { response: isOrganizer ? 'organizer' : 'none', time: '0001-01-01T00:00:00Z' },
    start: viewTime(event.startMs, { time: fields.start, isAllDay }, onlooker),
    end: viewTime(event.endMs, { time: fields.end, isAllDay }, onlooker),
    location: { displayName: fields.location?.displayName ?? '', locationType: 'default' },
    attendees: fields.attendees ?? [],
    organizer: { emailAddress: onlooker.calendar.owner },
    ...(onlooker.isBasic ? {} : viewBody(event, onlooker)),
  };
}

/** What `Calendars.ReadBasic` does not show. */
function viewBody({ fields }: StoredEvent, { bodyType }: Onlooker): object {
  const content = fields.body?.content ?? '';
  return {
    hasAttachments: false,
    bodyPreview: content.replace(/<[^>]*>/g, '').slice(0, 255),
    body: inBodyType({ contentType: fields.body?.contentType ?? 'html', content }, bodyType),
  };
}

function typeOf(event: StoredEvent): string {
  if (event.seriesMasterId !== undefined) return 'occurrence';
  return event.fields.recurrence === undefined ? 'singleInstance' : 'seriesMaster';
}

/** An event of whole days begins at midnight in whatever zone it is asked for. */
function viewTime(instantMs: number, own: { time: DateTimeTimeZone; isAllDay: boolean }, { timeZone, zones }: Onlooker): DateTimeTimeZone {
  const zone = (own.isAllDay ? ianaZone(own.time.timeZone, zones) : ianaZone(timeZone, zones)) ?? 'UTC';
  return { dateTime: `${new Date(zones.toWall(instantMs, zone)).toISOString().slice(0, 19)}.0000000`, timeZone };
}

function iso(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}.0000000Z`;
}
