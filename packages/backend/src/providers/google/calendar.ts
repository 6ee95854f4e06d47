import type { AccessMode } from '@calendar-connect/protocol';
import { calendar } from 'googleapis/build/src/apis/calendar/index.js';
import type { CalendarOutcome, CalendarReader, Credential, ProviderCalendar } from '../provider.ts';
import { type Answer, ask } from './ask.ts';
import { apiFailure } from './api-errors.ts';
import { calendarListFields, parseCalendarList } from './calendar-list.ts';
import { modeOf } from './mode.ts';
import type { GoogleSettings } from './options.ts';

/** The largest that Google gives. [calendarList.list](https://developers.google.com/workspace/calendar/api/v3/reference/calendarList/list) */
const PAGE_SIZE = 250;
/** Nobody has that many calendars; a list that does not end is a fault. */
const MAX_PAGES = 40;
const WHAT = 'Google’s calendar list';

/** The part of the Google provider that reads calendars. */
export function createGoogleCalendar(settings: GoogleSettings): CalendarReader {
  return { listCalendars: (credential, mode) => listCalendars(settings, credential, mode) };
}

async function listCalendars(
  settings: GoogleSettings,
  credential: Credential,
  mode: AccessMode,
): Promise<CalendarOutcome<readonly ProviderCalendar[]>> {
  modeOf(settings, mode);
  if (mode === 'free_busy' && settings.primaryCalendarOnly) return { outcome: 'ok', value: [PRIMARY] };
  const calendars: ProviderCalendar[] = [];
  let pageToken: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await askForPage(settings, credential, { mode, pageToken });
    const list = answer.answered && answer.status === 200 ? parseCalendarList(answer.body, mode) : undefined;
    if (list === undefined) return apiFailure(WHAT, answer);
    calendars.push(...list.calendars);
    if (list.nextPageToken === undefined) return { outcome: 'ok', value: calendars };
    pageToken = list.nextPageToken;
  }
  return { outcome: 'unavailable', retryAfterMs: undefined, operatorHint: `${WHAT}: more than ${MAX_PAGES} pages` };
}

/** With `calendar.freebusy` alone no list may be asked for; `primary` is Google's own name for the calendar of the login. */
const PRIMARY: ProviderCalendar = {
  providerCalendarId: 'primary',
  name: undefined,
  primary: true,
  readonly: true,
  integratedConferencing: false,
};

function askForPage(
  settings: GoogleSettings,
  credential: Credential,
  { mode, pageToken }: { mode: AccessMode; pageToken: string | undefined },
): Promise<Answer> {
  return ask(settings, undefined, (google) => {
    // The access token alone: with the refresh token at hand the client would refresh by itself, past the lease on the profile.
    google.setCredentials({ access_token: credential.accessToken });
    // `universeDomain` is said because the client would otherwise take the host from an environment variable.
    const api = calendar({ version: 'v3', auth: google, rootUrl: settings.endpoints.api, universeDomain: 'googleapis.com' });
    return api.calendarList.list({
      maxResults: PAGE_SIZE,
      showDeleted: false,
      fields: calendarListFields(mode),
      ...(pageToken === undefined ? {} : { pageToken }),
    });
  });
}
