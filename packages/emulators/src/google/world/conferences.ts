import { meetingUri } from '../../meet/meeting-code.ts';

/** How a Meet conference is named in the Calendar API. @see {@link https://developers.google.com/workspace/calendar/api/v3/reference/events#conferenceData} */
export const MEET_SOLUTION = 'hangoutsMeet';

/** A conference that Google was asked to make. */
export interface MadeConference {
  readonly kind: 'made';
  readonly requestId: string;
  readonly meetingCode: string;
  /** It is pending until then. Milliseconds since 1970, or Infinity. */
  readonly readyMs: number;
  readonly failed: boolean;
}

/** A conference that a client said the details of. */
export interface GivenConference {
  readonly kind: 'given';
  readonly data: Readonly<Record<string, unknown>>;
  /** For Meet conferences. */
  readonly hangoutLink: string | undefined;
}

/** The conference of an event. */
export type StoredConference = MadeConference | GivenConference;

/** Writes a conference as the fields of an event. A conference that is pending or failed has no address. */
export function viewConference(conference: StoredConference | undefined, nowMs: number): object {
  if (conference === undefined) return {};
  if (conference.kind === 'given') {
    const { data, hangoutLink } = conference;
    return { conferenceData: data, ...(hangoutLink === undefined ? {} : { hangoutLink }) };
  }
  const { requestId, meetingCode, readyMs, failed } = conference;
  const statusCode = failed ? 'failure' : nowMs < readyMs ? 'pending' : 'success';
  const createRequest = { requestId, conferenceSolutionKey: { type: MEET_SOLUTION }, status: { statusCode } };
  if (statusCode !== 'success') return { conferenceData: { createRequest } };
  const uri = meetingUri(meetingCode);
  return {
    hangoutLink: uri,
    conferenceData: {
      createRequest,
      entryPoints: [{ entryPointType: 'video', uri, label: uri.slice('https://'.length) }],
      conferenceSolution: {
        key: { type: MEET_SOLUTION },
        name: 'Google Meet',
        iconUri: 'https://fonts.gstatic.com/s/i/productlogos/meet_2020q4/v6/web-512dp/logo_meet_2020q4_color_2x_web_512dp.png',
      },
      conferenceId: meetingCode,
    },
  };
}
