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
export const LEGACY_SCOPES = ['read_account', 'list_calendars', 'event_reminders', 'full_access'] as const;

/** The scope of an application that names none: free/busy and own events, with the access-mode chooser switched on. */
export const DEFAULT_SCOPE = 'free_busy_write';

const KNOWN: ReadonlySet<string> = new Set<string>([...PARTNER_SCOPES, ...LEGACY_SCOPES]);

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

/** Tells whether a scope lets the end user choose how much to share; without it a connection is always *full*. */
export function offersAccessModes(scope: string): boolean {
  return scope.split(' ').includes('free_busy_write');
}

/** The union of two scopes: what was granted once is not lost by connecting another calendar. */
export function joinScopes(first: string, second: string): string {
  return [...new Set([...first.split(' '), ...second.split(' ')])].filter((name) => name !== '').join(' ');
}
