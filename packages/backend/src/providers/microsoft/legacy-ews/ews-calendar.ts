import type { CalendarReader } from '../../calendar-reader.ts';
import type { Credential } from '../../provider.ts';
import type { MicrosoftSettings } from '../options.ts';
import type { EwsCaller } from './ask-ews.ts';
import { deleteEvent, updateEvent } from './events-change.ts';
import { createEvent } from './events-create.ts';
import { listEvents } from './events-list.ts';
import { listCalendars } from './folders.ts';
import { readFreeBusy } from './free-busy.ts';

/** Reads and changes calendars in Exchange Online over Exchange Web Services, for as long as there are any. */
export function createEwsCalendar(settings: MicrosoftSettings): CalendarReader {
  const by = (credential: Credential): EwsCaller => ({ settings, credential });
  return {
    listCalendars: (credential, mode) => listCalendars(by(credential), mode),
    freeBusy: (credential, query) => readFreeBusy(by(credential), query),
    listEvents: (credential, query) => listEvents(by(credential), query),
    createEvent: (credential, request) => createEvent(by(credential), request),
    updateEvent: (credential, request) => updateEvent(by(credential), request),
    deleteEvent: (credential, request) => deleteEvent(by(credential), request),
  };
}
