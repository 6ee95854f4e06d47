import { z } from 'zod';
import type { ProviderEvent } from '../calendar-reader.ts';
import { ianaZoneOf } from '../windows-zones.ts';
import { PARTICIPATION_OF, parseSensitivity, SHOW_AS_OF } from './events-fields.ts';
import { GRAPH_TIME, parseGraphSpan } from './graph-times.ts';
import { TEAMS, withoutJoinText } from './online-meeting.ts';

/** What is read of an event. */
export const EVENT_FIELDS: string = [
  'id',
  'iCalUId',
  'seriesMasterId',
  'subject',
  'body',
  'location',
  'start',
  'end',
  'isAllDay',
  'originalStartTimeZone',
  'showAs',
  'sensitivity',
  'isCancelled',
  'organizer',
  'attendees',
  'responseStatus',
  'onlineMeeting',
  'isOnlineMeeting',
  'onlineMeetingProvider',
  'createdDateTime',
  'lastModifiedDateTime',
].join(',');

/** Without it bodies are HTML. [Prefer: outlook.body-content-type](https://learn.microsoft.com/graph/api/event-get#request-headers) */
export const PLAIN_TEXT = 'outlook.body-content-type="text"';

/** What an event may lack, or have in a form that we do not know, without being the less an event. */
const text = z.string().nullish().catch(undefined);
const response = z.object({ response: text }).nullish().catch(undefined);
const person = z
  .object({ emailAddress: z.object({ name: text, address: text }) })
  .nullish()
  .catch(undefined);

/** [event](https://learn.microsoft.com/graph/api/resources/event). Only without its id and its times it is none. */
const EVENT = z.object({
  '@odata.etag': text,
  id: z.string().min(1),
  iCalUId: text,
  seriesMasterId: text,
  subject: text,
  body: z.object({ content: text }).nullish().catch(undefined),
  location: z.object({ displayName: text }).nullish().catch(undefined),
  start: GRAPH_TIME,
  end: GRAPH_TIME,
  isAllDay: z.boolean().nullish(),
  originalStartTimeZone: text,
  showAs: text,
  sensitivity: text,
  isCancelled: z.boolean().nullish(),
  organizer: person,
  attendees: z
    .array(z.object({ status: response, emailAddress: z.object({ name: text, address: text }) }))
    .nullish()
    .catch(undefined),
  responseStatus: response,
  onlineMeeting: z.object({ joinUrl: text }).nullish().catch(undefined),
  isOnlineMeeting: z.boolean().nullish().catch(undefined),
  onlineMeetingProvider: text,
  createdDateTime: text,
  lastModifiedDateTime: text,
});

/** Reads an event, or an occurrence of one; `undefined` where it is none. */
export function parseGraphEvent(entry: unknown, providerCalendarId: string): ProviderEvent | undefined {
  const { data } = EVENT.safeParse(entry);
  const time = data && parseGraphSpan({ ...data, isAllDay: data.isAllDay ?? false });
  if (data === undefined || time === undefined) return undefined;
  return {
    providerEventId: data.id,
    providerCalendarId,
    uid: filled(data.iCalUId),
    seriesId: filled(data.seriesMasterId),
    etag: filled(data['@odata.etag']),
    title: filled(data.subject),
    description: filled(descriptionOf(data)),
    location: filled(data.location?.displayName),
    time,
    timeZone: ianaZoneOf(data.originalStartTimeZone ?? ''),
    showAs: SHOW_AS_OF.get(data.showAs ?? '') ?? 'unknown',
    sensitivity: parseSensitivity(filled(data.sensitivity)),
    cancelled: data.isCancelled === true,
    organizer: data.organizer ? toPerson(data.organizer) : undefined,
    attendees: (data.attendees ?? []).map((attendee) => ({ ...toPerson(attendee), status: participationOf(attendee.status) })),
    participation: participationOf(data.responseStatus),
    meetingUrl: filled(data.onlineMeeting?.joinUrl),
    ...(isToCome(data) && { conferencingState: 'pending' }),
    createdMs: instantOf(data.createdDateTime),
    updatedMs: instantOf(data.lastModifiedDateTime),
  };
}

type GraphEvent = z.infer<typeof EVENT>;

/** Without how to join, which Microsoft writes below it and which is no description. */
function descriptionOf({ body, isOnlineMeeting, onlineMeeting }: GraphEvent): string | undefined {
  const content = body?.content?.trim();
  return content !== undefined && (isOnlineMeeting === true || filled(onlineMeeting?.joinUrl) !== undefined)
    ? withoutJoinText(content)
    : content;
}

/** A Teams meeting that is made after the answer. Others' meetings show by no address either, and never will. */
function isToCome({ isOnlineMeeting, onlineMeetingProvider, onlineMeeting }: GraphEvent): boolean {
  return isOnlineMeeting === true && onlineMeetingProvider === TEAMS && filled(onlineMeeting?.joinUrl) === undefined;
}

type Person = NonNullable<z.infer<typeof person>>;

function toPerson({ emailAddress: { name, address } }: Person): { email: string | undefined; name: string | undefined } {
  return { email: filled(address), name: filled(name) };
}

function participationOf(status: z.infer<typeof response>): ProviderEvent['participation'] {
  return PARTICIPATION_OF.get(status?.response ?? '') ?? 'unknown';
}

/** Graph writes an empty string where there is nothing. */
function filled(value: string | null | undefined): string | undefined {
  return value === null || value === '' ? undefined : value;
}

function instantOf(dateTime: string | null | undefined): number | undefined {
  const ms = Date.parse(dateTime ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}
