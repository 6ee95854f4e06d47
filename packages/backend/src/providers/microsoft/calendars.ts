import type { AccessMode } from '@calendar-connect/protocol';
import { z } from 'zod';
import { modeOf } from '../mode-of.ts';
import type { CalendarOutcome, ProviderCalendar } from '../calendar-reader.ts';
import { graphFailure } from './graph-errors.ts';
import { readPages } from './graph-pages.ts';
import { askGraph, type GraphCaller } from './graph.ts';

const PAGE_SIZE = 100;
/** Nobody has that many calendars; a list that does not end is a fault. */
const MAX_PAGES = 40;

/** [calendar](https://learn.microsoft.com/graph/api/resources/calendar) */
const CALENDAR = z.object({
  id: z.string().min(1),
  name: z.string().nullish(),
  isDefaultCalendar: z.boolean().nullish(),
  canEdit: z.boolean().nullish(),
  allowedOnlineMeetingProviders: z.array(z.string()).nullish(),
});

/** What is asked for: in free/busy mode no title leaves Microsoft. */
function fieldsOf(mode: AccessMode): string {
  return mode === 'full' ? 'id,name,isDefaultCalendar,canEdit,allowedOnlineMeetingProviders' : 'id,isDefaultCalendar';
}

/** Lists the calendars of a mailbox. @see [List calendars](https://learn.microsoft.com/graph/api/user-list-calendars) */
export function listCalendars(caller: GraphCaller, mode: AccessMode): Promise<CalendarOutcome<readonly ProviderCalendar[]>> {
  modeOf('microsoft', caller.settings, mode);
  const toCalendar = mode === 'full' ? toFullCalendar : toFreeBusyCalendar;
  return readPages(caller, {
    what: 'Microsoft’s list of calendars',
    request: { path: '/me/calendars', query: { $select: fieldsOf(mode) } },
    pageSize: PAGE_SIZE,
    mostPages: MAX_PAGES,
    parse(entry) {
      const { data } = CALENDAR.safeParse(entry);
      return data && [toCalendar(data)];
    },
    fail: graphFailure,
  });
}

function toFullCalendar(calendar: z.infer<typeof CALENDAR>): ProviderCalendar {
  return {
    providerCalendarId: calendar.id,
    name: calendar.name ?? undefined,
    primary: calendar.isDefaultCalendar === true,
    readonly: calendar.canEdit !== true,
    integratedConferencing: calendar.allowedOnlineMeetingProviders?.includes('teamsForBusiness') === true,
  };
}

/** A server that sends more than was asked for changes nothing: what the mode may not hold ends here. */
function toFreeBusyCalendar({ id, isDefaultCalendar }: z.infer<typeof CALENDAR>): ProviderCalendar {
  return { providerCalendarId: id, name: undefined, primary: isDefaultCalendar === true, readonly: true, integratedConferencing: false };
}

/** The calendar that a mailbox opens with, and the address it answers to. */
export interface PrimaryCalendar {
  readonly id: string;
  readonly address: string | undefined;
}

const PRIMARY = z.object({ id: z.string().min(1), owner: z.object({ address: z.string().min(1) }).nullish() });

/** Finds the primary calendar. @see [Get calendar](https://learn.microsoft.com/graph/api/calendar-get) */
export async function findPrimaryCalendar(caller: GraphCaller): Promise<CalendarOutcome<PrimaryCalendar>> {
  const answer = await askGraph(caller, { path: '/me/calendar', query: { $select: 'id,owner' } });
  const { data } = PRIMARY.safeParse(answer.answered && answer.status === 200 ? answer.body : undefined);
  if (data === undefined) return graphFailure('Microsoft’s primary calendar', answer);
  return { outcome: 'ok', value: { id: data.id, address: data.owner?.address } };
}
