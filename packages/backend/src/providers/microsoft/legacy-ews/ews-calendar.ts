import type { CalendarReader } from '../../calendar-reader.ts';
import type { EwsCaller } from '../../ews/caller.ts';
import { deleteEvent, updateEvent } from '../../ews/events-change.ts';
import { createEvent } from '../../ews/events-create.ts';
import { listEvents } from '../../ews/events-list.ts';
import { listCalendars } from '../../ews/folders.ts';
import { readFreeBusy } from '../../ews/free-busy.ts';
import { modeOf } from '../../mode-of.ts';
import type { Credential } from '../../provider.ts';
import type { MicrosoftSettings } from '../options.ts';
import { createOnlineCaller } from './ask-ews.ts';

/** Reads and changes calendars in Exchange Online over Exchange Web Services, for as long as there are any. */
export function createEwsCalendar(settings: MicrosoftSettings): CalendarReader {
  const by = (credential: Credential): EwsCaller => createOnlineCaller(settings, credential);
  return {
    async listCalendars(credential, mode) {
      modeOf('microsoft', settings, mode);
      return listCalendars(by(credential));
    },
    async freeBusy(credential, query) {
      modeOf('microsoft', settings, query.mode);
      return readFreeBusy(by(credential), query);
    },
    listEvents: (credential, query) => listEvents(by(credential), query),
    createEvent: (credential, request) => createEvent(by(credential), request),
    updateEvent: (credential, request) => updateEvent(by(credential), request),
    deleteEvent: (credential, request) => deleteEvent(by(credential), request),
  };
}
