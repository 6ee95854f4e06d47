const AUTH = 'https://www.googleapis.com/auth/';

/** What signing in asks for, in Google's own words. @see {@link https://developers.google.com/identity/protocols/oauth2/scopes} */
export const SIGN_IN_SCOPES: ReadonlyMap<string, string> = new Map([
  ['openid', 'Associate you with your personal info on Google'],
  [`${AUTH}userinfo.email`, 'See your primary Google Account email address'],
  [`${AUTH}userinfo.profile`, 'See your personal info, including any personal info you have made publicly available'],
]);

/** What each Calendar scope permits. @see {@link https://developers.google.com/workspace/calendar/api/auth} */
export const CALENDAR_SCOPES: ReadonlyMap<string, string> = new Map([
  [`${AUTH}calendar`, 'See, edit, share, and permanently delete all the calendars you can access using Google Calendar'],
  [`${AUTH}calendar.readonly`, 'See and download any calendar you can access using your Google Calendar'],
  [`${AUTH}calendar.acls`, 'See and change the sharing permissions of Google calendars you own'],
  [`${AUTH}calendar.acls.readonly`, 'See the sharing permissions of Google calendars you own'],
  [`${AUTH}calendar.app.created`, 'Make secondary Google calendars, and see, create, change, and delete events on them'],
  [`${AUTH}calendar.calendarlist`, 'See, add, and remove Google calendars you are subscribed to'],
  [`${AUTH}calendar.calendarlist.readonly`, 'See the list of Google calendars you are subscribed to'],
  [`${AUTH}calendar.calendars`, 'See and change the properties of Google calendars you have access to, and create secondary calendars'],
  [
    `${AUTH}calendar.calendars.readonly`,
    'See the title, description, default time zone, and other properties of Google calendars you have access to',
  ],
  [`${AUTH}calendar.events`, 'View and edit events on all your calendars'],
  [`${AUTH}calendar.events.freebusy`, 'See the availability on Google calendars you have access to'],
  [`${AUTH}calendar.events.owned`, 'See, create, change, and delete events on Google calendars you own'],
  [`${AUTH}calendar.events.owned.readonly`, 'See the events on Google calendars you own'],
  [`${AUTH}calendar.events.public.readonly`, 'See the events on public calendars'],
  [`${AUTH}calendar.events.readonly`, 'View events on all your calendars'],
  [`${AUTH}calendar.freebusy`, 'View your availability in your calendars'],
  [`${AUTH}calendar.settings.readonly`, 'View your Calendar settings'],
]);

/** What each scope of the Meet API permits. @see {@link https://developers.google.com/workspace/meet/api/guides/authenticate-authorize} */
const MEET_SCOPES: ReadonlyMap<string, string> = new Map([
  [`${AUTH}meetings.space.created`, 'Create, edit, and see information about your Google Meet conferences created by the app'],
  [`${AUTH}meetings.space.readonly`, 'Read information about any of your Google Meet conferences'],
]);

/** The short names that Google takes in a request and spells out in its answers. */
const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ['email', `${AUTH}userinfo.email`],
  ['profile', `${AUTH}userinfo.profile`],
]);

/** Spells a scope as Google's token answers do: `email` becomes `https://www.googleapis.com/auth/userinfo.email`. */
export function canonicalScope(scope: string): string {
  return SHORT_NAMES.get(scope) ?? scope;
}

/** Says whether the emulator knows this scope, in its canonical spelling. */
export function isKnownScope(scope: string): boolean {
  return SIGN_IN_SCOPES.has(scope) || CALENDAR_SCOPES.has(scope) || MEET_SCOPES.has(scope);
}

/** Says in words what a scope permits; the scope itself when there are no words. */
export function scopeText(scope: string): string {
  return SIGN_IN_SCOPES.get(scope) ?? CALENDAR_SCOPES.get(scope) ?? MEET_SCOPES.get(scope) ?? scope;
}

/**
 * Spells granted scopes as the callback does: short names beside the long ones they stand for.
 * Seen in callbacks of 2026, as in `email https://www.googleapis.com/auth/userinfo.email openid`.
 */
export function callbackScope(granted: readonly string[]): string {
  const short = [...SHORT_NAMES].filter(([, long]) => granted.includes(long)).map(([name]) => name);
  return [...short, ...granted].join(' ');
}
