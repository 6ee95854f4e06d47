import type { CalendarOutcome, CalendarReader, ProviderCalendar } from '../calendar-reader.ts';
import { deleteEvent, updateEvent } from '../ews/events-change.ts';
import { createEvent } from '../ews/events-create.ts';
import { listEvents } from '../ews/events-list.ts';
import { listCalendars } from '../ews/folders.ts';
import { readFreeBusy } from '../ews/free-busy.ts';
import { modeOf } from '../mode-of.ts';
import { type AccountCallParts, createAccountCall } from './account-calls.ts';
import { EXCHANGE_MODES } from './manifest.ts';
import { readAvailability } from './operations/availability.ts';
import { PRIMARY_CALENDAR_ID } from './operations/exchange-caller.ts';

/** What reading and changing calendars takes. */
export type ExchangeCalendarSettings = AccountCallParts;

/** Without a question to the server: the names and ids of folders are more than free/busy times. */
const FREE_BUSY_CALENDARS: CalendarOutcome<readonly ProviderCalendar[]> = {
  outcome: 'ok',
  value: [{ providerCalendarId: PRIMARY_CALENDAR_ID, name: undefined, primary: true, readonly: true, integratedConferencing: false }],
};

/**
 * Reads and changes calendars on an organisation's own Exchange, from 2007 SP1 to SE. Each call has a connection of its own, which one login
 * opens and nobody else uses.
 *
 * Folders, views, items, changes of them and availability are written and read by hand, here and in `ews/`, and not by `ews-javascript-api`
 * 0.15.3, which was tried for each of them. It escapes no character of a text, an address or an id, so that a title can end its element and go on
 * as a request of its own; for availability it sends no zone, which Exchange 2007 demands, and asks for `Detailed` where `FreeBusy` was said. The
 * tests have it read what we wrote and write what we read, as a second opinion.
 *
 * What holds no text of a person's goes by it, in `library/`: the changes of a calendar (`SyncFolderItems`) and the rooms of an organisation. It goes
 * over the connection that these calls have, its answers are read here first, and it is loaded only then: that takes most of a second and 60 MB.
 */
export function createExchangeCalendar(settings: ExchangeCalendarSettings): CalendarReader {
  const by = createAccountCall(settings);
  return {
    async listCalendars(credential, mode) {
      modeOf('exchange', { modes: EXCHANGE_MODES }, mode);
      return mode === 'full' ? by(credential, listCalendars) : FREE_BUSY_CALENDARS;
    },
    async freeBusy(credential, query) {
      modeOf('exchange', { modes: EXCHANGE_MODES }, query.mode);
      return by(credential, (caller, mailbox) =>
        query.mode === 'full' ? readFreeBusy(caller, query) : readAvailability(caller, mailbox, query),
      );
    },
    listEvents: (credential, query) => by(credential, (caller) => listEvents(caller, query)),
    createEvent: (credential, request) => by(credential, (caller) => createEvent(caller, request)),
    updateEvent: (credential, request) => by(credential, (caller) => updateEvent(caller, request)),
    deleteEvent: (credential, request) => by(credential, (caller) => deleteEvent(caller, request)),
  };
}
