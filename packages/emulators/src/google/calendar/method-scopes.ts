const AUTH = 'https://www.googleapis.com/auth/';

const READ_EVENTS = [
  'calendar',
  'calendar.readonly',
  'calendar.events',
  'calendar.events.readonly',
  'calendar.events.owned',
  'calendar.events.owned.readonly',
  'calendar.events.public.readonly',
  'calendar.app.created',
  'calendar.events.freebusy',
];
const WRITE_EVENTS = ['calendar', 'calendar.events', 'calendar.events.owned', 'calendar.app.created'];
const READ_CALENDAR_LIST = ['calendar', 'calendar.readonly', 'calendar.calendarlist', 'calendar.calendarlist.readonly'];

/** The methods of the Calendar API that the emulator knows. */
export const CALENDAR_METHODS = [
  'calendarList.list',
  'calendarList.get',
  'calendars.get',
  'events.list',
  'events.get',
  'events.instances',
  'events.insert',
  'events.update',
  'events.patch',
  'events.delete',
  'freebusy.query',
  'settings.get',
] as const;

/** One of {@link CALENDAR_METHODS}. */
export type CalendarMethod = (typeof CALENDAR_METHODS)[number];

/**
 * The scopes that let an app call each method; any one of them is enough.
 * Taken from the method descriptions in Google's own client library, `@googleapis/calendar` 20.0.1.
 */
const METHOD_SCOPES: Readonly<Record<CalendarMethod, readonly string[]>> = {
  'calendarList.list': READ_CALENDAR_LIST,
  'calendarList.get': [...READ_CALENDAR_LIST, 'calendar.app.created'],
  'calendars.get': ['calendar', 'calendar.readonly', 'calendar.calendars', 'calendar.calendars.readonly', 'calendar.app.created'],
  'events.list': READ_EVENTS,
  'events.get': READ_EVENTS,
  'events.instances': READ_EVENTS,
  'events.insert': WRITE_EVENTS,
  'events.update': WRITE_EVENTS,
  'events.patch': WRITE_EVENTS,
  'events.delete': WRITE_EVENTS,
  // Not `calendar.events`: who may edit events may still not ask for free/busy.
  'freebusy.query': ['calendar', 'calendar.readonly', 'calendar.freebusy', 'calendar.events.freebusy'],
  'settings.get': ['calendar', 'calendar.readonly', 'calendar.settings.readonly'],
};

/** How much the granted scopes show of a calendar. */
export type View = 'full' | 'busy' | 'none';

/** Returns the short names of those granted scopes that permit the method. */
export function permittingScopes(method: CalendarMethod, granted: readonly string[]): string[] {
  return METHOD_SCOPES[method].filter((name) => granted.includes(`${AUTH}${name}`));
}

/**
 * Says what the scopes that permit a call show of one calendar. Some reach only calendars one owns, or public ones, or ones the app
 * made (of which there are none here), and one shows only when somebody is busy.
 */
export function viewOf(permitting: readonly string[], calendar: { readonly isOwned: boolean; readonly isPublic: boolean }): View {
  const reaches = (name: string): boolean => {
    if (name === 'calendar.app.created' || name === 'calendar.events.freebusy') return false;
    if (name.startsWith('calendar.events.owned')) return calendar.isOwned;
    return name === 'calendar.events.public.readonly' ? calendar.isPublic : true;
  };
  if (permitting.some(reaches)) return 'full';
  return permitting.includes('calendar.events.freebusy') ? 'busy' : 'none';
}
