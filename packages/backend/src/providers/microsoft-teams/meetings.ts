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
import { graphErrorOf, isThrottled } from '../microsoft/graph-errors.ts';
import { askGraph, graphPath } from '../microsoft/graph.ts';
import type { MicrosoftSettings } from '../microsoft/options.ts';
import type { Credential } from '../provider.ts';

/** [onlineMeeting](https://learn.microsoft.com/graph/api/resources/onlinemeeting) */
const CREATED = z.object({
  id: z.string().min(1),
  joinWebUrl: z.url({ protocol: /^https?$/ }),
  joinMeetingIdSettings: z.object({ passcode: z.string().nullish() }).nullish().catch(undefined),
});

/** The part of Microsoft Teams that makes meetings. They stand in no calendar. @see [Create onlineMeeting](https://learn.microsoft.com/graph/api/application-post-onlinemeetings) */
export function createTeamsMeetings(settings: MicrosoftSettings): Meetings {
  const by = (credential: Credential) => ({ settings, credential });
  return {
    async create(credential, meeting) {
      const answer = await askGraph(by(credential), { method: 'POST', path: '/me/onlineMeetings', body: toOnlineMeeting(meeting) });
      return readCreated({ what: 'Microsoft’s creation of an online meeting', answer });
    },
    async update(credential, meetingId, meeting) {
      const path = graphPath`/me/onlineMeetings/${meetingId}`;
      const answer = await askGraph(by(credential), { method: 'PATCH', path, body: toOnlineMeeting(meeting) });
      return meetingChanged({ what: 'Microsoft’s change of an online meeting', answer }, teamsFailure, isMeeting);
    },
    async delete(credential, meetingId) {
      const answer = await askGraph(by(credential), { method: 'DELETE', path: graphPath`/me/onlineMeetings/${meetingId}` });
      return meetingDeleted({ what: 'Microsoft’s deletion of an online meeting', answer }, teamsFailure);
    },
  };
}

/** Graph takes no start without an end. There is no zone: an online meeting stands in no calendar. */
function toOnlineMeeting({ title, startMs, endMs }: MeetingDraft): object {
  return { subject: title, startDateTime: new Date(startMs).toISOString(), endDateTime: new Date(endMs).toISOString() };
}

function isMeeting(body: unknown): boolean {
  return CREATED.pick({ id: true }).safeParse(body).success;
}

function readCreated(call: FailedCall): MeetingOutcome<Meeting> {
  const { answer } = call;
  const { data } = CREATED.safeParse(answer.answered && answer.status < 300 ? answer.body : undefined);
  if (data === undefined) return teamsFailure(call);
  const password = data.joinMeetingIdSettings?.passcode || undefined;
  return { outcome: 'ok', value: { meetingId: data.id, joinUrl: data.joinWebUrl, password } };
}

/**
 * What a refusal means. Throttling, faults of Microsoft's and everything unknown are `unavailable`: only what surely concerns this person's
 * grant may cost them the connection.
 */
function teamsFailure({ what, answer }: FailedCall): MeetingFailure {
  const code = graphErrorOf(answer);
  const call: FailedCall = { what, answer, code };
  if (!answer.answered || code === undefined || isThrottled(code)) return meetingUnavailable(call);
  switch (answer.status) {
    case 400:
    case 422:
      return meetingRefused('invalid', call, 'the meeting is not taken as it is');
    case 401:
      return { outcome: 'unauthorized' };
    case 403:
      return meetingRefused('forbidden', call, 'the grant, the licence or the organisation’s policy does not allow it');
    case 404:
      return meetingRefused('not_found', call, 'there is no such meeting');
    default:
      return meetingUnavailable(call);
  }
}
