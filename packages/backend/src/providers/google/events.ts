import { z } from 'zod';
import type { ParticipationStatus, ProviderEvent, Sensitivity, ShowAs } from '../calendar-reader.ts';
import { GOOGLE_TIME, parseGoogleSpan } from './events-times.ts';

/** What is read of an event. [Partial responses](https://developers.google.com/workspace/calendar/api/guides/performance#partial-response) */
export const EVENT_FIELDS: string = [
  'id',
  'etag',
  'iCalUID',
  'recurringEventId',
  'status',
  'summary',
  'description',
  'location',
  'start',
  'end',
  'transparency',
  'visibility',
  'eventType',
  'organizer',
  'attendees(email,displayName,responseStatus,self)',
  'hangoutLink',
  'conferenceData/createRequest/status/statusCode',
  'created',
  'updated',
].join(',');

/** What an event may lack, or have in a form that we do not know, without being the less an event. */
const text = z.string().nullish().catch(undefined);
const person = z.object({ email: text, displayName: text, self: z.boolean().nullish().catch(undefined) });

/** [event](https://developers.google.com/workspace/calendar/api/v3/reference/events#resource). Only without its id and its times it is none. */
const EVENT = z.object({
  id: z.string().min(1),
  etag: text,
  iCalUID: text,
  recurringEventId: text,
  status: text,
  summary: text,
  description: text,
  location: text,
  start: GOOGLE_TIME,
  end: GOOGLE_TIME,
  transparency: text,
  visibility: text,
  eventType: text,
  organizer: person.nullish().catch(undefined),
  attendees: z
    .array(person.extend({ responseStatus: text }))
    .nullish()
    .catch(undefined),
  hangoutLink: text,
  conferenceData: z
    .object({ createRequest: z.object({ status: z.object({ statusCode: text }).nullish() }).nullish() })
    .nullish()
    .catch(undefined),
  created: text,
  updated: text,
});

type GoogleEvent = z.infer<typeof EVENT>;

/** Reads an event, or an occurrence of one; `undefined` where it is none. */
export function parseGoogleEvent(entry: unknown, providerCalendarId: string): ProviderEvent | undefined {
  const { data } = EVENT.safeParse(entry);
  const time = data && parseGoogleSpan(data.start, data.end);
  if (data === undefined || time === undefined) return undefined;
  return {
    providerEventId: data.id,
    providerCalendarId,
    uid: filled(data.iCalUID),
    seriesId: filled(data.recurringEventId),
    etag: filled(data.etag),
    title: filled(data.summary),
    description: filled(data.description),
    location: filled(data.location),
    time,
    timeZone: data.start.timeZone,
    showAs: showAsOf(data),
    sensitivity: sensitivityOf(data),
    cancelled: data.status === 'cancelled',
    organizer: data.organizer ? toPerson(data.organizer) : undefined,
    attendees: (data.attendees ?? []).map((attendee) => ({ ...toPerson(attendee), status: toParticipation(attendee.responseStatus) })),
    participation: participationOf(data),
    meetingUrl: filled(data.hangoutLink),
    ...conferencingOf(data),
    createdMs: instantOf(data.created),
    updatedMs: instantOf(data.updated),
  };
}

/** Google has only "blocks time" and "does not"; the rest shows by the kind of the event and by what its owner answered. */
function showAsOf(event: GoogleEvent): ShowAs {
  if (event.eventType === 'workingLocation') return 'working_elsewhere';
  const answered = participationOf(event);
  if (event.transparency === 'transparent' || answered === 'declined') return 'free';
  if (event.eventType === 'outOfOffice') return 'out_of_office';
  return event.status === 'tentative' || answered === 'tentative' ? 'tentative' : 'busy';
}

/** `confidential` is Google's older word for private. One we do not know is taken for the strictest. */
function sensitivityOf({ visibility }: GoogleEvent): Sensitivity {
  const word = filled(visibility) ?? 'default';
  if (word === 'default' || word === 'public') return 'normal';
  return word === 'private' ? 'private' : 'confidential';
}

/** What was asked for and is there says nothing more. [conferenceData](https://developers.google.com/workspace/calendar/api/v3/reference/events#conferenceData.createRequest.status) */
function conferencingOf({ hangoutLink, conferenceData }: GoogleEvent): Pick<ProviderEvent, 'conferencingState'> {
  const statusCode = conferenceData?.createRequest?.status?.statusCode;
  if (filled(hangoutLink) !== undefined || (statusCode !== 'pending' && statusCode !== 'failure')) return {};
  return { conferencingState: statusCode === 'pending' ? 'pending' : 'failed' };
}

function participationOf({ attendees, organizer }: GoogleEvent): ParticipationStatus {
  const own = attendees?.find(({ self }) => self === true);
  if (own !== undefined) return toParticipation(own.responseStatus);
  return organizer?.self === true ? 'accepted' : 'unknown';
}

function toParticipation(status: string | null | undefined): ParticipationStatus {
  if (status === 'needsAction') return 'needs_action';
  return status === 'accepted' || status === 'declined' || status === 'tentative' ? status : 'unknown';
}

function toPerson({ email, displayName }: z.infer<typeof person>): { email: string | undefined; name: string | undefined } {
  return { email: filled(email), name: filled(displayName) };
}

function filled(value: string | null | undefined): string | undefined {
  return value === null || value === '' ? undefined : value;
}

function instantOf(dateTime: string | null | undefined): number | undefined {
  const ms = Date.parse(dateTime ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}
