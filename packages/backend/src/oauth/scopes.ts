/** Scopes of the partner API, by the names that Cronofy's SDKs use. */
export const PARTNER_SCOPES = [
  'create_calendar',
  'read_events',
  'create_event',
  'delete_event',
  'read_free_busy',
  'change_participation_status',
  'read_only',
  'write_only',
  'read_write',
  'free_busy',
  'free_busy_write',
] as const;

/** Scopes that old SDKs still send. They are accepted, and allow nothing that every token does not. */
const LEGACY_SCOPES = ['read_account', 'list_calendars', 'event_reminders', 'full_access'] as const;

/**
 * The scope of an application that is registered without one: free/busy and own events, with the access-mode chooser switched on.
 * It is what such an application gets when it asks for nothing, and no limit: {@link scopeFor}.
 */
export const DEFAULT_SCOPE = 'free_busy_write';

/** Every name that a scope may have: today's and those of old SDKs. */
export const SCOPE_NAMES: readonly string[] = [...PARTNER_SCOPES, ...LEGACY_SCOPES];

/** What a scope stands for, in granular names. One that is not here stands for itself only, a legacy one for nothing. */
const STANDS_FOR: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['read_events', ['read_events', 'read_free_busy']],
  ['read_only', ['read_events', 'read_free_busy']],
  ['write_only', ['create_calendar', 'create_event', 'delete_event']],
  ['read_write', ['read_events', 'read_free_busy', 'create_calendar', 'create_event', 'delete_event', 'change_participation_status']],
  ['free_busy', ['read_free_busy']],
  ['free_busy_write', ['read_free_busy', 'create_event', 'delete_event']],
  ...LEGACY_SCOPES.map((name): [string, readonly string[]] => [name, []]),
]);

const KNOWN: ReadonlySet<string> = new Set<string>(SCOPE_NAMES);

/** Longer than all known scopes together: anything above is an attack or an accident. */
const MAX_SCOPE_LENGTH = 1000;

/**
 * Reads a space-separated `scope` ([RFC 6749 §3.3](https://www.rfc-editor.org/rfc/rfc6749#section-3.3)).
 *
 * @returns the scope in the order given, without repetitions, or `undefined` where it is empty or names an unknown scope.
 */
export function parseScope(text: string): string | undefined {
  if (text.length > MAX_SCOPE_LENGTH) return undefined;
  const names = [...new Set(text.split(' ').filter((name) => name !== ''))];
  if (names.length === 0 || !names.every((name) => KNOWN.has(name))) return undefined;
  return names.join(' ');
}

/**
 * The scope of a request: the one that is asked for, where the application may ask for it, and the application's own where none is asked for.
 *
 * An application that was registered with a scope of its own may ask for nothing that this one does not allow. One that was registered
 * without may ask for any scope of the partner API, because the partner API knows no scopes at registration and SDKs send their own lists.
 *
 * @param registered The application's scope.
 * @returns `undefined` where the text is no scope, or goes beyond what the application may ask for: `invalid_scope`.
 */
export function scopeFor(registered: string, asked: string | undefined): string | undefined {
  if (asked === undefined) return registered;
  const scope = parseScope(asked);
  if (scope === undefined || registered === DEFAULT_SCOPE) return scope;
  const allowed = new Set(permissionsOf(registered));
  return permissionsOf(scope).every((permission) => allowed.has(permission)) ? scope : undefined;
}

/** What a scope allows, in granular names. */
export function permissionsOf(scope: string): readonly string[] {
  return scope.split(' ').flatMap((name) => STANDS_FOR.get(name) ?? [name]);
}

/** Tells whether a scope lets the end user choose how much to share; without it a connection is always *full*. */
export function offersAccessModes(scope: string): boolean {
  return scope.split(' ').includes('free_busy_write');
}

/** The union of two scopes: what was granted once is not lost by connecting another calendar. */
export function joinScopes(first: string, second: string): string {
  return [...new Set([...first.split(' '), ...second.split(' ')])].filter((name) => name !== '').join(' ');
}
