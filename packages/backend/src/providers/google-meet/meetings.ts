import { z } from 'zod';
import type { Answer } from '../answer.ts';
import { type FailedCall, meetingDeleted, type MeetingFailure, meetingRefused, meetingUnavailable } from '../meeting-failure.ts';
import type { Meeting, MeetingOutcome, Meetings } from '../meetings.ts';
import { askApi } from '../oauth2/ask-api.ts';
import type { GoogleMeetSettings } from './manifest.ts';

/** [Space](https://developers.google.com/workspace/meet/api/reference/rest/v2/spaces) */
const SPACE = z.object({
  name: z.string().regex(/^spaces\/[\w-]{1,128}$/),
  meetingUri: z.url({ protocol: /^https?$/ }),
});

/** What Google answers where there is nothing to say. */
const EMPTY = z.strictObject({});

/** [Errors of Google's APIs](https://cloud.google.com/apis/design/errors#http_mapping) */
const ERROR = z.object({
  error: z.object({
    status: z.string().optional().catch(undefined),
    details: z
      .array(z.object({ reason: z.string().optional() }))
      .optional()
      .catch(undefined),
  }),
});

/** Ours to mend, and no reason to disconnect anybody. */
const MISCONFIGURED: readonly string[] = ['SERVICE_DISABLED', 'accessNotConfigured'];

/**
 * The part of Google Meet that makes meetings.
 *
 * A space has neither title nor time, and it cannot be deleted: its address stays, and opens for whoever its owner lets in. What can be ended
 * is a conference that is going on in it.
 *
 * @see [Manage meeting spaces](https://developers.google.com/workspace/meet/api/guides/manage-meeting-spaces)
 */
export function createGoogleMeetMeetings(settings: GoogleMeetSettings): Meetings {
  const root = settings.endpoints.meet.replace(/\/+$/, '');
  return {
    async create({ accessToken }) {
      const answer = await askApi(settings, accessToken, { method: 'POST', url: `${root}/v2/spaces`, body: {} });
      return readCreated({ what: 'Google’s creation of a meeting space', answer });
    },
    update: () => Promise.resolve({ outcome: 'ok', value: undefined }),
    async delete({ accessToken }, meetingId) {
      const what = 'Google’s end of a conference';
      if (!SPACE.shape.name.safeParse(meetingId).success) return { outcome: 'ok', value: undefined };
      const answer = await askApi(settings, accessToken, { method: 'POST', url: `${root}/v2/${meetingId}:endActiveConference`, body: {} });
      // Mostly nobody is there.
      if (readError(answer)?.code === 'FAILED_PRECONDITION') return { outcome: 'ok', value: undefined };
      return meetingDeleted({ what, answer }, meetFailure, (body) => EMPTY.safeParse(body).success);
    },
  };
}

function readCreated(call: FailedCall): MeetingOutcome<Meeting> {
  const { answer } = call;
  const { data } = SPACE.safeParse(answer.answered && answer.status < 300 ? answer.body : undefined);
  if (data === undefined) return meetFailure(call);
  return { outcome: 'ok', value: { meetingId: data.name, joinUrl: data.meetingUri, password: undefined } };
}

/**
 * What a refusal means. Quotas, faults of Google's and everything unknown are `unavailable`: only what surely concerns this person's grant
 * may cost them the connection.
 */
function meetFailure({ what, answer }: FailedCall): MeetingFailure {
  const error = readError(answer);
  const call: FailedCall = { what, answer, code: error?.code };
  if (error?.isOurs === true) {
    const operatorHint = 'the Google Meet REST API is not enabled in the project of the OAuth client; see https://console.cloud.google.com';
    return { outcome: 'unavailable', retryAfterMs: undefined, operatorHint, needsOperator: true };
  }
  switch (error?.code) {
    case 'UNAUTHENTICATED':
      return { outcome: 'unauthorized' };
    case 'PERMISSION_DENIED':
      return meetingRefused('forbidden', call, 'the grant does not cover this call, or Google Meet is switched off for this person');
    case 'NOT_FOUND':
      return meetingRefused('not_found', call, 'there is no such space');
    case 'INVALID_ARGUMENT':
      return meetingRefused('invalid', call, 'the request is not taken as it is');
    default:
      return meetingUnavailable(call);
  }
}

function readError(answer: Answer): { readonly code: string | undefined; readonly isOurs: boolean } | undefined {
  if (!answer.answered || answer.status < 400 || answer.status === 429 || answer.status >= 500) return undefined;
  const { data } = ERROR.safeParse(answer.body);
  const isOurs = (data?.error.details ?? []).some(({ reason }) => MISCONFIGURED.includes(reason ?? ''));
  return data && { code: answer.status === 401 ? 'UNAUTHENTICATED' : data.error.status, isOurs };
}
