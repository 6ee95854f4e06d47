import type { AuthorizedAccount } from '../storage/questions/authorized-account.ts';
import { calendarsOf } from './account-calendars.ts';
import { invalidField } from './calendar-refusal.ts';
import { openEvent } from './stored-event.ts';
import { deleteEvent } from './write-event.ts';
import type { WriteDeps } from './write-deps.ts';

/**
 * Deletes all events of an account that were written through the API, or those in some of its calendars. Where it ends halfway, the same request
 * again deletes the rest.
 *
 * @throws CalendarRefusal
 */
export async function deleteEvents(deps: WriteDeps, account: AuthorizedAccount, calendarIds: readonly string[] | undefined): Promise<void> {
  const known = calendarsOf(deps, account).map(({ calendarId }) => calendarId);
  if (calendarIds?.some((id) => !known.includes(id))) {
    throw invalidField('calendar_ids', 'invalid_calendar_ids', 'calendar_ids must be ids from /v1/calendars of this account');
  }
  const rows = await deps.store.managedEventsOf(account.accountId);
  for (const row of rows.filter(({ calendarId }) => (calendarIds ?? known).includes(calendarId))) {
    const { event } = openEvent(deps, { account }, row).content;
    if (event !== undefined) await deleteEvent(deps, { account, calendarId: row.calendarId }, event.eventId);
  }
}
