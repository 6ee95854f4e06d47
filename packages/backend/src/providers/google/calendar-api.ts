import { calendar, type calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';
import type { Outbound } from '../../outbound/outbound.ts';
import type { Answer } from '../answer.ts';
import type { Credential } from '../provider.ts';
import { ask } from './ask.ts';
import type { GoogleSettings } from './options.ts';

/** A page of events with long descriptions is larger than what is usual elsewhere. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** Who asks, and where. */
export interface CalendarCaller {
  readonly settings: GoogleSettings;
  readonly credential: Credential;
}

/** Lets Google's client make one request to the Calendar API, and gives what was really answered. */
export function askCalendar(
  { settings, credential }: CalendarCaller,
  call: (api: calendar_v3.Calendar) => Promise<unknown>,
): Promise<Answer> {
  return ask({ ...settings, outbound: withLargeAnswers(settings.outbound) }, undefined, (google) => {
    // The access token alone: with the refresh token at hand the client would refresh by itself, past the lease on the profile.
    google.setCredentials({ access_token: credential.accessToken });
    // `universeDomain` is said because the client would otherwise take the host from an environment variable.
    return call(calendar({ version: 'v3', auth: google, rootUrl: settings.endpoints.api, universeDomain: 'googleapis.com' }));
  });
}

function withLargeAnswers(outbound: Outbound): Outbound {
  return { fetch: (url, init) => outbound.fetch(url, { ...init, maxResponseBytes: MAX_ANSWER_BYTES }) };
}
