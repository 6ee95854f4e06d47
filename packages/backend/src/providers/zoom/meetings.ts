import { z } from 'zod';
import type { Answer } from '../answer.ts';
import type { FailedCall, MeetingFailure } from '../meeting-failure.ts';
import { meetingChanged, meetingDeleted, meetingRefused, meetingUnavailable } from '../meeting-failure.ts';
import type { Meeting, MeetingDraft, MeetingOutcome, Meetings } from '../meetings.ts';
import { apiAddress, askApi } from '../oauth2/ask-api.ts';
import type { ZoomSettings } from './manifest.ts';

/** [Create a meeting](https://developers.zoom.us/docs/api/meetings/#tag/meetings/POST/users/{userId}/meetings). `start_url` makes whoever has it the host, and is not read. */
const CREATED = z.object({
  id: z.union([z.number().int().positive().transform(String), z.string().min(1)]),
  join_url: z.url({ protocol: /^https?$/ }),
  password: z.string().nullish().catch(undefined),
});

const ERROR = z.object({ code: z.number() });

/** A meeting with a fixed time, once. */
const SCHEDULED = 2;
const MAX_TOPIC_CHARACTERS = 200;

/** The grant does not reach so far, or the plan or the account does not allow it. [Error codes](https://developers.zoom.us/docs/api/errors/) */
const FORBIDDEN: ReadonlyMap<number, string> = new Map([
  [200, 'the plan or the account does not allow it'],
  [1001, 'the login is no user of Zoom any longer'],
  [1010, 'the login is no user of this account any longer'],
  [3003, 'the login is not the host of this meeting'],
  [4700, 'the grant does not cover this call'],
  [4711, 'the grant does not cover this call'],
]);

/** There is no such meeting, or it is over and forgotten. */
const MEETING_NOT_FOUND = 3001;
/** A field is not as Zoom wants it. */
const VALIDATION_FAILED = 300;

/** The part of Zoom that makes meetings, of which the person may create or change a hundred a day. */
export function createZoomMeetings(settings: ZoomSettings): Meetings {
  const address = apiAddress(settings.endpoints.api);
  return {
    async create({ accessToken }, meeting) {
      const answer = await askWithZone(meeting, (body) =>
        askApi(settings, accessToken, { method: 'POST', url: address`/v2/users/me/meetings`, body }),
      );
      return readCreated({ what: 'Zoom’s creation of a meeting', answer });
    },
    async update({ accessToken }, meetingId, meeting) {
      const answer = await askWithZone(meeting, (body) =>
        askApi(settings, accessToken, { method: 'PATCH', url: address`/v2/meetings/${meetingId}`, body }),
      );
      return meetingChanged({ what: 'Zoom’s change of a meeting', answer }, zoomFailure);
    },
    async delete({ accessToken }, meetingId) {
      const answer = await askApi(settings, accessToken, { method: 'DELETE', url: address`/v2/meetings/${meetingId}` });
      return meetingDeleted({ what: 'Zoom’s deletion of a meeting', answer }, zoomFailure);
    },
  };
}

/** Zoom has a list of zones of its own, without the newer names. What it refused was not made, and the moment is the same in any zone. */
async function askWithZone(meeting: MeetingDraft, send: (body: object) => Promise<Answer>): Promise<Answer> {
  const body = toZoomMeeting(meeting);
  const answer = await send({ ...body, timezone: meeting.timeZone });
  return codeOf(answer) === VALIDATION_FAILED && meeting.timeZone !== 'UTC' ? send({ ...body, timezone: 'UTC' }) : answer;
}

function toZoomMeeting({ title, startMs, endMs }: MeetingDraft): object {
  return {
    topic: title.slice(0, MAX_TOPIC_CHARACTERS),
    type: SCHEDULED,
    start_time: `${new Date(startMs).toISOString().slice(0, 19)}Z`,
    duration: Math.max(1, Math.ceil((endMs - startMs) / 60_000)),
  };
}

function readCreated(call: FailedCall): MeetingOutcome<Meeting> {
  const { answer } = call;
  const { data } = CREATED.safeParse(answer.answered && answer.status < 300 ? answer.body : undefined);
  if (data === undefined) return zoomFailure(call);
  return { outcome: 'ok', value: { meetingId: data.id, joinUrl: data.join_url, password: data.password || undefined } };
}

/**
 * What a refusal means. Throttling (429, per second and per day), faults of Zoom's and everything unknown are `unavailable`: only what
 * surely concerns this person's grant may cost them the connection.
 */
function zoomFailure({ what, answer }: FailedCall): MeetingFailure {
  const code = codeOf(answer);
  const call: FailedCall = { what, answer, code: code === undefined ? undefined : `code ${code}` };
  if (!answer.answered || code === undefined || answer.status === 429 || answer.status >= 500) return meetingUnavailable(call);
  const forbidden = FORBIDDEN.get(code);
  if (answer.status !== 401 && code === MEETING_NOT_FOUND) return meetingRefused('not_found', call, 'there is no such meeting');
  if (forbidden !== undefined && (answer.status !== 401 || code !== 200)) return meetingRefused('forbidden', call, forbidden);
  if (answer.status === 401) return { outcome: 'unauthorized' };
  if (answer.status === 403) return meetingRefused('forbidden', call, 'the person may not do this');
  return answer.status === 400 ? meetingRefused('invalid', call, 'the meeting is not taken as it is') : meetingUnavailable(call);
}

function codeOf(answer: Answer): number | undefined {
  return answer.answered && answer.status >= 400 ? ERROR.safeParse(answer.body).data?.code : undefined;
}
