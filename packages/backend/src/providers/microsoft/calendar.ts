import type { CalendarReader } from '../calendar-reader.ts';
import type { Credential } from '../provider.ts';
import { listCalendars } from './calendars.ts';
import { createEvent, deleteEvent, updateEvent } from './events-change.ts';
import { listEvents } from './events-list.ts';
import { readFreeBusy } from './free-busy.ts';
import type { GraphCaller } from './graph.ts';
import { readByGrant } from './legacy-ews/read-by-grant.ts';
import type { MicrosoftSettings } from './options.ts';

/** The part of the Microsoft provider that reads and changes calendars, over Microsoft Graph, or over EWS where that was granted. */
export function createMicrosoftCalendar(settings: MicrosoftSettings): CalendarReader {
  const by = (credential: Credential): GraphCaller => ({ settings, credential });
  return readByGrant(settings, {
    listCalendars: (credential, mode) => listCalendars(by(credential), mode),
    freeBusy: (credential, query) => readFreeBusy(by(credential), query),
    listEvents: (credential, query) => listEvents(by(credential), query),
    createEvent: (credential, request) => createEvent(by(credential), request),
    updateEvent: (credential, request) => updateEvent(by(credential), request),
    deleteEvent: (credential, request) => deleteEvent(by(credential), request),
  });
}
