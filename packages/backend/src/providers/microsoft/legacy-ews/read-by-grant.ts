import type { CalendarReader } from '../../calendar-reader.ts';
import type { Credential } from '../../provider.ts';
import type { MicrosoftSettings } from '../options.ts';
import { isEwsOver, isForEws } from './legacy-ews.ts';

/** What everybody hears who is still connected by EWS when it is gone. */
const OVER = {
  outcome: 'forbidden',
  operatorHint:
    'connected by Exchange Web Services, which Microsoft switched off in Exchange Online on 2027-04-01: connecting again moves to Microsoft Graph',
} as const;

/**
 * Reads and changes calendars by the API that was granted, Graph or EWS. What EWS takes is loaded when somebody needs it, and nothing is
 * asked of it once it is gone.
 */
export function readByGrant(settings: MicrosoftSettings, graph: CalendarReader): CalendarReader {
  let ews: Promise<CalendarReader> | undefined;
  const loadEws = (): Promise<CalendarReader> => {
    ews ??= import('./ews-calendar.ts').then((part) => part.createEwsCalendar(settings));
    ews.catch(() => (ews = undefined));
    return ews;
  };
  const by = async <T>(credential: Credential, call: (reader: CalendarReader) => Promise<T>): Promise<T | typeof OVER> => {
    if (!isForEws(credential)) return call(graph);
    return isEwsOver(settings.now()) ? OVER : call(await loadEws());
  };
  return {
    listCalendars: (credential, mode) => by(credential, (reader) => reader.listCalendars(credential, mode)),
    freeBusy: (credential, query) => by(credential, (reader) => reader.freeBusy(credential, query)),
    listEvents: (credential, query) => by(credential, (reader) => reader.listEvents(credential, query)),
    createEvent: (credential, request) => by(credential, (reader) => reader.createEvent(credential, request)),
    updateEvent: (credential, request) => by(credential, (reader) => reader.updateEvent(credential, request)),
    deleteEvent: (credential, request) => by(credential, (reader) => reader.deleteEvent(credential, request)),
  };
}
