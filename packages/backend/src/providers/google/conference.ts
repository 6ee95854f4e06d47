import { createHash } from 'node:crypto';
import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';
import type { EventConferencing, ProviderEvent } from '../calendar-reader.ts';

/** With 0, the default, Google ignores conferences and drops them from what is changed. [conferenceDataVersion](https://developers.google.com/workspace/calendar/api/v3/reference/events/insert#conferenceDataVersion) */
export const CONFERENCE_DATA_VERSION = 1;

type ConferenceField = Pick<calendar_v3.Schema$Event, 'conferenceData'>;

/** The conference of a new event. Google makes one for each `requestId`. */
export function newConference(conferencing: EventConferencing | undefined, requestId: string): ConferenceField {
  return conferencing === 'integrated' ? { conferenceData: requestOf(requestId) } : {};
}

/** What is to change of the conference of an event: one that is there, or on its way, keeps its address. */
export function changedConference(conferencing: EventConferencing | undefined, before: ProviderEvent | undefined): ConferenceField {
  const isThere = before?.meetingUrl !== undefined || before?.conferencingState === 'pending';
  if (conferencing === undefined || before === undefined) return {};
  if (conferencing !== 'integrated') return isThere ? REMOVED : {};
  if (isThere) return {};
  // The etag is part of it: Google ignores a request that it had before, and this event may have lost a conference since.
  const { providerCalendarId, providerEventId, etag } = before;
  const digest = createHash('sha256').update(JSON.stringify([providerCalendarId, providerEventId, etag]));
  return { conferenceData: requestOf(digest.digest('hex')) };
}

/** Google takes a null for "none"; the type of its library knows no null here. */
const REMOVED = { conferenceData: null } as unknown as ConferenceField;

function requestOf(requestId: string): calendar_v3.Schema$ConferenceData {
  return { createRequest: { requestId, conferenceSolutionKey: { type: 'hangoutsMeet' } } };
}
