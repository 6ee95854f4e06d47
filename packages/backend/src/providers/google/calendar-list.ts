import type { AccessMode } from '@calendar-connect/protocol';
import { z } from 'zod';
import type { ProviderCalendar } from '../calendar-reader.ts';

/** [CalendarList resource](https://developers.google.com/workspace/calendar/api/v3/reference/calendarList#resource) */
const CALENDAR = z.object({
  id: z.string().min(1),
  summary: z.string().optional(),
  summaryOverride: z.string().optional(),
  primary: z.boolean().optional(),
  accessRole: z.string().optional(),
  conferenceProperties: z.object({ allowedConferenceSolutionTypes: z.array(z.string()).optional() }).optional(),
});

/** A page without `items` is an empty one; JSON that is no list at all is not. */
const CALENDAR_LIST = z
  .looseObject({ items: z.array(CALENDAR).optional(), nextPageToken: z.string().min(1).optional() })
  .refine((list) => list.items !== undefined || list.nextPageToken !== undefined || Object.keys(list).length === 0);

/** Roles that may create events. */
const WRITERS: readonly string[] = ['owner', 'writer', 'writerWithoutPrivateAccess'];

/** One page of the calendar list. */
export interface CalendarPage {
  readonly calendars: readonly ProviderCalendar[];
  readonly nextPageToken: string | undefined;
}

/** What is asked for: in free/busy mode no title leaves Google. [Partial responses](https://developers.google.com/workspace/calendar/api/guides/performance#partial-response) */
export function calendarListFields(mode: AccessMode): string {
  return mode === 'full'
    ? 'nextPageToken,items(id,summary,summaryOverride,primary,accessRole,conferenceProperties/allowedConferenceSolutionTypes)'
    : 'nextPageToken,items(id,primary)';
}

/** Reads a page; `undefined` where it is none. */
export function parseCalendarList(body: unknown, mode: AccessMode): CalendarPage | undefined {
  const { data } = CALENDAR_LIST.safeParse(body);
  if (data === undefined) return undefined;
  const toCalendar = mode === 'full' ? toFullCalendar : toFreeBusyCalendar;
  return { calendars: (data.items ?? []).map(toCalendar), nextPageToken: data.nextPageToken };
}

function toFullCalendar(entry: z.infer<typeof CALENDAR>): ProviderCalendar {
  return {
    providerCalendarId: entry.id,
    name: entry.summaryOverride ?? entry.summary,
    primary: entry.primary === true,
    readonly: !WRITERS.includes(entry.accessRole ?? ''),
    integratedConferencing: entry.conferenceProperties?.allowedConferenceSolutionTypes?.includes('hangoutsMeet') === true,
  };
}

/** A server that sends more than was asked for changes nothing: what the mode may not hold ends here. */
function toFreeBusyCalendar(entry: z.infer<typeof CALENDAR>): ProviderCalendar {
  return { providerCalendarId: entry.id, name: undefined, primary: entry.primary === true, readonly: true, integratedConferencing: false };
}
