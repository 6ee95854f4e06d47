import type { Context } from 'hono';
import { newMeetingCode } from '../../meet/meeting-code.ts';
import type { GoogleParts } from '../parts.ts';
import { MEET_SOLUTION, type StoredConference } from '../world/conferences.ts';
import type { GoogleCalendar } from '../world/world.ts';
import { invalid } from './api-error.ts';
import type { CalendarEnv } from './caller.ts';
import { isJsonObject, type JsonObject } from './event-body.ts';

/** What is about to happen to the conference of an event. */
export interface ConferenceChange {
  readonly body: JsonObject;
  readonly calendar: GoogleCalendar;
  readonly stored: StoredConference | undefined;
  /** What a body without `conferenceData` leaves of the conference. */
  readonly absentMeans: 'stays' | 'goes';
}

/** What changing a conference uses. */
export type ConferenceDeps = Pick<GoogleParts, 'switches' | 'world'>;

/**
 * Returns the conference that an event has after a change. Without `conferenceDataVersion=1` the body's `conferenceData` is ignored.
 * @throws ApiError 400
 * @see {@link https://developers.google.com/workspace/calendar/api/guides/create-events#conferencing}
 */
export function changeConference(
  c: Context<CalendarEnv>,
  { body, calendar, stored, absentMeans }: ConferenceChange,
  deps: ConferenceDeps,
): StoredConference | undefined {
  const version = c.req.query('conferenceDataVersion') ?? '0';
  if (version !== '0' && version !== '1') {
    throw invalid('conferenceDataVersion', `Invalid integer value: '${version}'. Value must be within the range: [0, 1].`);
  }
  const data = body['conferenceData'];
  if (version === '0' || (data === undefined && absentMeans === 'stays')) return stored;
  if (data === undefined || data === null) return undefined;
  if (!isJsonObject(data)) throw invalid('conferenceData', 'Invalid value for: conferenceData');
  const email = c.get('caller').user.email;
  if (isJsonObject(data['createRequest'])) return makeConference(data['createRequest'], { calendar, stored, email }, deps);
  return takeConference(data);
}

/** Says which solutions a calendar offers to somebody. */
export function allowedSolutions(calendar: GoogleCalendar, email: string, { switches }: Pick<GoogleParts, 'switches'>): readonly string[] {
  return switches.forUser(email).meetOff ? [] : calendar.conferenceSolutions;
}

/** A `requestId` that is the last one's makes nothing new. */
function makeConference(
  { requestId, conferenceSolutionKey }: JsonObject,
  { calendar, stored, email }: Pick<ConferenceChange, 'calendar' | 'stored'> & { email: string },
  deps: ConferenceDeps,
): StoredConference {
  if (typeof requestId !== 'string' || requestId === '') {
    throw invalid('conferenceData.createRequest.requestId', 'Missing conference request id.');
  }
  if (stored?.kind === 'made' && stored.requestId === requestId) return stored;
  const type = isJsonObject(conferenceSolutionKey) ? conferenceSolutionKey['type'] : MEET_SOLUTION;
  if (type !== MEET_SOLUTION || !allowedSolutions(calendar, email, deps).includes(type)) {
    throw invalid('conferenceData', 'Invalid conference type value.');
  }
  const { meetFails, meetPendingMs } = deps.switches.forUser(email);
  return { kind: 'made', requestId, meetingCode: newMeetingCode(), readyMs: deps.world.now() + meetPendingMs, failed: meetFails };
}

/** Details that a client brings need a solution and an entry point. */
function takeConference(data: JsonObject): StoredConference {
  const { conferenceSolution, entryPoints } = data;
  if (!isJsonObject(conferenceSolution) || !Array.isArray(entryPoints) || entryPoints.length === 0) {
    throw invalid('conferenceData', 'Invalid conference data.');
  }
  const isMeet = isJsonObject(conferenceSolution['key']) && conferenceSolution['key']['type'] === MEET_SOLUTION;
  const video = entryPoints.find((entry: unknown) => isJsonObject(entry) && entry['entryPointType'] === 'video') as JsonObject | undefined;
  return { kind: 'given', data, hangoutLink: isMeet && typeof video?.['uri'] === 'string' ? video['uri'] : undefined };
}
