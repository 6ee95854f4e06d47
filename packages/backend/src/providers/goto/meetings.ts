import { z } from 'zod';
import type { Answer } from '../answer.ts';
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
import type { GoToSettings } from './manifest.ts';

/** [Create meeting](https://developer.goto.com/GoToMeetingV1#operation/createMeeting): a list of one. */
const CREATED = z.tuple([
  z.object({
    meetingid: z.union([z.number().int().positive().transform(String), z.string().min(1)]),
    joinURL: z.url({ protocol: /^https?$/ }),
  }),
]);

/** What GoTo's APIs write of a refusal, and what the gateway before them does. */
const ERROR = z.union([
  z.object({ int_err_code: z.string().min(1) }).transform(({ int_err_code: code }) => code),
  z.object({ errorCode: z.string().min(1) }).transform(({ errorCode: code }) => code),
  z.object({ error: z.object({ message: z.string() }) }).transform(() => 'error'),
]);

/** The gateway's word for an access token that is none, or none any longer; it comes with 403. */
const INVALID_TOKEN = /^(?:InvalidToken|TokenExpired|ExpiredToken)$/i;
const MAX_SUBJECT_CHARACTERS = 100;

/** The part of GoTo that makes meetings. */
export function createGoToMeetings(settings: GoToSettings): Meetings {
  const address = apiAddress(settings.endpoints.api);
  return {
    async create({ accessToken }, meeting) {
      const body = toGoToMeeting(meeting);
      const answer = await askApi(settings, accessToken, { method: 'POST', url: address`/G2M/rest/meetings`, body });
      return readCreated({ what: 'GoTo’s creation of a meeting', answer });
    },
    async update({ accessToken }, meetingId, meeting) {
      const body = toGoToMeeting(meeting);
      const answer = await askApi(settings, accessToken, { method: 'PUT', url: address`/G2M/rest/meetings/${meetingId}`, body });
      return meetingChanged({ what: 'GoTo’s change of a meeting', answer }, goToFailure);
    },
    async delete({ accessToken }, meetingId) {
      const answer = await askApi(settings, accessToken, { method: 'DELETE', url: address`/G2M/rest/meetings/${meetingId}` });
      return meetingDeleted({ what: 'GoTo’s deletion of a meeting', answer }, goToFailure);
    },
  };
}

/** All of it has to be there, `timezonekey` too, which no longer means anything. Times are in UTC. */
function toGoToMeeting({ title, startMs, endMs }: MeetingDraft): object {
  const at = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
  return {
    subject: title.slice(0, MAX_SUBJECT_CHARACTERS),
    starttime: at(startMs),
    endtime: at(endMs),
    passwordrequired: false,
    conferencecallinfo: 'Hybrid',
    timezonekey: '',
    meetingtype: 'scheduled',
  };
}

function readCreated(call: FailedCall): MeetingOutcome<Meeting> {
  const { answer } = call;
  const { data } = CREATED.safeParse(answer.answered && answer.status < 300 ? answer.body : undefined);
  if (data === undefined) return goToFailure(call);
  const [{ meetingid: meetingId, joinURL: joinUrl }] = data;
  return { outcome: 'ok', value: { meetingId, joinUrl, password: undefined } };
}

/**
 * What a refusal means. Throttling, faults of GoTo's and everything unknown are `unavailable`: only what surely concerns this person's
 * grant may cost them the connection.
 */
function goToFailure({ what, answer }: FailedCall): MeetingFailure {
  const code = codeOf(answer);
  const call: FailedCall = { what, answer, code };
  if (!answer.answered || code === undefined) return meetingUnavailable(call);
  switch (answer.status) {
    case 400:
      return meetingRefused('invalid', call, 'the meeting is not taken as it is');
    case 401:
      return { outcome: 'unauthorized' };
    case 403:
      return INVALID_TOKEN.test(code)
        ? { outcome: 'unauthorized' }
        : meetingRefused('forbidden', call, 'the grant or the licence does not allow it');
    case 404:
      return meetingRefused('not_found', call, 'there is no such meeting');
    default:
      return meetingUnavailable(call);
  }
}

function codeOf(answer: Answer): string | undefined {
  return answer.answered && answer.status >= 400 ? ERROR.safeParse(answer.body).data : undefined;
}
