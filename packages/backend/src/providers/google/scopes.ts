import { GOOGLE_SCOPE_PREFIX } from './manifest.ts';

/** Google asks for these by their short names and answers with the long ones. [OAuth 2.0 scopes](https://developers.google.com/identity/protocols/oauth2/scopes#oauth2) */
const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  [`${GOOGLE_SCOPE_PREFIX}userinfo.email`, 'email'],
  [`${GOOGLE_SCOPE_PREFIX}userinfo.profile`, 'profile'],
]);

/**
 * Scopes that allow everything the key allows. An answer may name one of them instead of what was asked: the person's boxes are then
 * ticked all the same. It never widens what is asked for, and never what is done with a token.
 *
 * @see [Calendar API scopes](https://developers.google.com/workspace/calendar/api/auth), and the scopes of each method in the [reference](https://developers.google.com/workspace/calendar/api/v3/reference)
 * @see [Granular permissions](https://developers.google.com/identity/protocols/oauth2/resources/granular-permissions)
 */
const ALSO_GRANTED_BY: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    'calendar.events': ['calendar'],
    'calendar.calendarlist.readonly': ['calendar', 'calendar.readonly', 'calendar.calendarlist'],
    'calendar.freebusy': ['calendar', 'calendar.readonly', 'calendar.events.freebusy'],
    'calendar.events.freebusy': ['calendar', 'calendar.readonly'],
  }).map(([scope, wider]) => [GOOGLE_SCOPE_PREFIX + scope, wider.map((name) => GOOGLE_SCOPE_PREFIX + name)]),
);

/** The scopes of an answer, spelt as they are asked for, each once. */
export function parseScopes(scope: string): readonly string[] {
  const names = scope.split(' ').filter((name) => name !== '');
  return [...new Set(names.map((name) => SHORT_NAMES.get(name) ?? name))];
}

/** Which of the asked scopes the granted ones do not amount to. */
export function missingScopes(asked: readonly string[], granted: readonly string[]): readonly string[] {
  return asked.filter((scope) => ![scope, ...(ALSO_GRANTED_BY.get(scope) ?? [])].some((name) => granted.includes(name)));
}
