import { z } from 'zod';
import {
  type FailedCall,
  meetingChanged,
  meetingDeleted,
  type MeetingFailure,
  meetingRefused,
  meetingUnavailable,
} from '../meeting-failure.ts';
import type { Meeting, MeetingDraft, MeetingOutcome, Meetings } from '../meetings.ts';
import { apiAddress, askApi } from '../oauth2/ask-api.ts';
import type { WebexSettings } from './manifest.ts';

/** [Create a meeting](https://developer.webex.com/docs/api/v1/meetings/create-a-meeting). `hostKey` makes whoever has it the host, and is not read. */
const CREATED = z.object({
  id: z.string().min(1),
  webLink: z.url({ protocol: /^https?$/ }),
  password: z.string().nullish().catch(undefined),
});

/** [API errors](https://developer.webex.com/docs/basics#api-errors) */
const ERROR = z.object({ message: z.string(), trackingId: z.string().optional().catch(undefined) });

const MAX_TITLE_CHARACTERS = 128;
const MIN_MS = 10 * 60_000;
const MAX_MS = (24 * 60 - 1) * 60_000;

/** The part of Webex that makes meetings, of which the person may create a hundred a day. */
export function createWebexMeetings(settings: WebexSettings): Meetings {
  const address = apiAddress(settings.endpoints.api);
  return {
    async create({ accessToken }, meeting) {
      // Webex would mail the host, who hears of the event already.
      const body = { ...toWebexMeeting(meeting), sendEmail: false };
      const answer = await askApi(settings, accessToken, { method: 'POST', url: address`/v1/meetings`, body });
      return readCreated({ what: 'Webex’ creation of a meeting', answer });
    },
    async update({ accessToken }, meetingId, meeting) {
      const body = { ...toWebexMeeting(meeting), sendEmail: false };
      const answer = await askApi(settings, accessToken, { method: 'PATCH', url: address`/v1/meetings/${meetingId}`, body });
      return meetingChanged({ what: 'Webex’ change of a meeting', answer }, webexFailure, isMeeting);
    },
    async delete({ accessToken }, meetingId) {
      const answer = await askApi(settings, accessToken, {
        method: 'DELETE',
        url: `${address`/v1/meetings/${meetingId}`}?sendEmail=false`,
      });
      return meetingDeleted({ what: 'Webex’ deletion of a meeting', answer }, webexFailure);
    },
  };
}

/** Webex takes ten minutes to a minute less than a day; the address is good outside of them, so a time that does not fit is made to. */
function toWebexMeeting({ title, startMs, endMs, timeZone }: MeetingDraft): object {
  const at = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
  const lengthMs = Math.min(Math.max(endMs - startMs, MIN_MS), MAX_MS);
  return { title: title.slice(0, MAX_TITLE_CHARACTERS), start: at(startMs), end: at(startMs + lengthMs), timezone: timeZone };
}

function isMeeting(body: unknown): boolean {
  return CREATED.pick({ id: true }).safeParse(body).success;
}

function readCreated(call: FailedCall): MeetingOutcome<Meeting> {
  const { answer } = call;
  const { data } = CREATED.safeParse(answer.answered && answer.status < 300 ? answer.body : undefined);
  if (data === undefined) return webexFailure(call);
  return { outcome: 'ok', value: { meetingId: data.id, joinUrl: data.webLink, password: data.password || undefined } };
}

/**
 * What a refusal means. Throttling (429, 423), faults of Webex' and everything unknown are `unavailable`: only what surely concerns this
 * person's grant may cost them the connection.
 */
function webexFailure(call: FailedCall): MeetingFailure {
  const { answer } = call;
  if (!answer.answered || !ERROR.safeParse(answer.body).success) return meetingUnavailable(call);
  switch (answer.status) {
    case 400:
    case 405:
    case 409:
    case 415:
      return meetingRefused('invalid', call, 'the meeting is not taken as it is, such as one in the past');
    case 401:
      return { outcome: 'unauthorized' };
    case 403:
      return meetingRefused('forbidden', call, 'the grant, the licence or the site does not allow it');
    case 404:
      return meetingRefused('not_found', call, 'there is no such meeting');
    default:
      return meetingUnavailable(call);
  }
}
