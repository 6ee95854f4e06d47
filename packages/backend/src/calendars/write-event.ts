import type { Backend } from '../backend.ts';
import { canWriteAtProvider } from '../oauth/endpoint-access.ts';
import type { AuthorizedAccount } from '../storage/questions/authorized-account.ts';
import { calendarsOf, isWritable } from './account-calendars.ts';
import { cancellingMeetings } from './cancelling-meetings.ts';
import { CalendarRefusal } from './calendar-refusal.ts';
import type { EventRequest } from './event-request.ts';
import { loadEvent } from './stored-event.ts';
import { calendarReadonly, deleteAtProvider, profileDisconnected, writeAtProvider } from './write-at-provider.ts';
import { deleteByInvitation, writeByInvitation } from './write-by-invitation.ts';
import type { WriteDeps, WriteTarget } from './write-deps.ts';

/** How often an event is begun anew that others change meanwhile. */
const MAX_ATTEMPTS = 6;

/** Which calendar of whom. */
export interface CalendarOfAccount {
  readonly account: AuthorizedAccount;
  /** As partners know it. */
  readonly calendarId: string;
}

/** Writes an event, or changes the one of the same id. Once it has answered, the event is in the calendar, or on its way by mail. @throws CalendarRefusal */
export async function writeEvent(deps: WriteDeps, named: CalendarOfAccount, request: EventRequest): Promise<void> {
  const target = targetOf(deps, named);
  if (!isWritable(target)) throw calendarReadonly();
  await begunAnew(deps, { target, eventId: request.eventId }, async (deps) => {
    const stored = await loadEvent(deps, target, request.eventId);
    return canWriteAtProvider(target.profile.accessMode)
      ? writeAtProvider(deps, { target, stored, request })
      : writeByInvitation(deps, { target, stored }, request);
  });
}

/** Deletes an event that was written through the API. What is not there is deleted. @throws CalendarRefusal */
export async function deleteEvent(deps: WriteDeps, named: CalendarOfAccount, eventId: string): Promise<void> {
  const target = targetOf(deps, named);
  await begunAnew(deps, { target, eventId }, async (deps) => {
    const stored = await loadEvent(deps, target, eventId);
    if (stored.content.event === undefined) return true;
    return canWriteAtProvider(target.profile.accessMode)
      ? deleteAtProvider(deps, target, stored)
      : deleteByInvitation(deps, target, stored);
  });
}

function targetOf(deps: Pick<Backend, 'vault' | 'log'>, { account, calendarId }: CalendarOfAccount): WriteTarget {
  const found = calendarsOf(deps, account).find((each) => each.calendarId === calendarId);
  if (found === undefined) throw new CalendarRefusal({ reason: 'not_found' });
  if (found.profile.status === 'disconnected') throw profileDisconnected();
  return { ...found, account };
}

/** One after another within this process; what another process has changed meanwhile is begun anew. */
async function begunAnew(
  deps: WriteDeps,
  { target, eventId }: { readonly target: WriteTarget; readonly eventId: string },
  attempt: (deps: WriteDeps) => Promise<boolean>,
): Promise<void> {
  const turn = await deps.turns.take(`${target.calendarId} ${eventId}`, () =>
    cancellingMeetings(deps, { target, eventId }, async (deps) => {
      for (let attempts = 0; attempts < MAX_ATTEMPTS; attempts += 1) if (await attempt(deps)) return true;
      return false;
    }),
  );
  if (turn?.done !== true) throw new CalendarRefusal({ reason: 'locked' });
}
