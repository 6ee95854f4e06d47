import type { AccessMode } from '@calendar-connect/protocol';
import { modeOf } from '../mode-of.ts';
import type { CalendarOutcome, CalendarReader, ProviderCalendar } from '../calendar-reader.ts';
import type { Credential } from '../provider.ts';
import { apiFailure } from './api-errors.ts';
import { askCalendar, type CalendarCaller } from './calendar-api.ts';
import { calendarListFields, parseCalendarList } from './calendar-list.ts';
import { createEvent, deleteEvent, updateEvent } from './events-change.ts';
import { listEvents } from './events-list.ts';
import { readFreeBusy } from './free-busy.ts';
import type { GoogleSettings } from './options.ts';

/** The largest that Google gives. [calendarList.list](https://developers.google.com/workspace/calendar/api/v3/reference/calendarList/list) */
const PAGE_SIZE = 250;
/** Nobody has that many calendars; a list that does not end is a fault. */
const MAX_PAGES = 40;
const WHAT = 'Google’s calendar list';

/** The part of the Google provider that reads and changes calendars. */
export function createGoogleCalendar(settings: GoogleSettings): CalendarReader {
  const by = (credential: Credential): CalendarCaller => ({ settings, credential });
  return {
    listCalendars: (credential, mode) => listCalendars(by(credential), mode),
    freeBusy: (credential, query) => readFreeBusy(by(credential), query),
    listEvents: (credential, query) => listEvents(by(credential), query),
    createEvent: (credential, request) => createEvent(by(credential), request),
    updateEvent: (credential, request) => updateEvent(by(credential), request),
    deleteEvent: (credential, request) => deleteEvent(by(credential), request),
  };
}

async function listCalendars(caller: CalendarCaller, mode: AccessMode): Promise<CalendarOutcome<readonly ProviderCalendar[]>> {
  modeOf('google', caller.settings, mode);
  if (mode === 'free_busy' && caller.settings.primaryCalendarOnly) return { outcome: 'ok', value: [PRIMARY] };
  const calendars: ProviderCalendar[] = [];
  let pageToken: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await askCalendar(caller, (api) =>
      api.calendarList.list({
        maxResults: PAGE_SIZE,
        showDeleted: false,
        fields: calendarListFields(mode),
        ...(pageToken !== undefined && { pageToken }),
      }),
    );
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
