import type { AccessMode } from '@calendar-connect/protocol';
import { permissionsOf, SCOPE_NAMES } from './scopes.ts';

/**
 * How far a call reaches into a profile. `provider`: to the provider. `own_events`: to what was written through this API, of which nothing is
 * at the provider. `invitation`: people are invited by mail, and their own calendars put it in. `stored`: it tells what is stored here.
 */
export type Reach = 'provider' | 'own_events' | 'invitation' | 'stored';

/** Who may make a call, and what it reaches in each access mode of the profile that it is about. */
export interface EndpointAccess {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** As in the route. */
  readonly path: string;
  /** One of these, in granular names; any token will do where there is none. Without it the answer is 403. */
  readonly permission: 'read_free_busy' | 'create_event' | 'delete_event' | undefined;
  readonly reach: Readonly<Record<AccessMode, Reach>>;
}

const STORED: EndpointAccess['reach'] = { full: 'stored', free_busy: 'stored', no_access: 'stored' };
const WRITTEN: EndpointAccess['reach'] = { full: 'provider', free_busy: 'invitation', no_access: 'invitation' };

/** The calls of the partner API. */
export const OPERATIONS = [
  'userinfo',
  'account',
  'profiles',
  'calendars',
  'free_busy',
  'free_busy_page',
  'write_event',
  'delete_event',
  'delete_events',
  'authorize_conferencing',
  'revoke_profile',
] as const;

/** One of {@link OPERATIONS}. */
export type Operation = (typeof OPERATIONS)[number];

/**
 * What a token may do, by the one thing it carries, its scope, and what comes of it in each access mode: the only place where this is said.
 *
 * The simplified scopes of the partner API stand for granular ones ({@link permissionsOf}); scopes of old SDKs allow what every token does.
 */
export const ENDPOINT_ACCESS: Readonly<Record<Operation, EndpointAccess>> = {
  userinfo: { method: 'GET', path: '/v1/userinfo', permission: undefined, reach: STORED },
  account: { method: 'GET', path: '/v1/account', permission: undefined, reach: STORED },
  profiles: { method: 'GET', path: '/v1/profiles', permission: undefined, reach: STORED },
  calendars: { method: 'GET', path: '/v1/calendars', permission: undefined, reach: STORED },
  free_busy: {
    method: 'GET',
    path: '/v1/free_busy',
    permission: 'read_free_busy',
    reach: { full: 'provider', free_busy: 'provider', no_access: 'own_events' },
  },
  free_busy_page: {
    method: 'GET',
    path: '/v1/free_busy/pages/:page',
    permission: 'read_free_busy',
    reach: { full: 'provider', free_busy: 'provider', no_access: 'own_events' },
  },
  write_event: { method: 'POST', path: '/v1/calendars/:calendar/events', permission: 'create_event', reach: WRITTEN },
  delete_event: { method: 'DELETE', path: '/v1/calendars/:calendar/events', permission: 'delete_event', reach: WRITTEN },
  delete_events: { method: 'DELETE', path: '/v1/events', permission: 'delete_event', reach: WRITTEN },
  authorize_conferencing: {
    method: 'POST',
    path: '/v1/conferencing_service_authorizations',
    permission: undefined,
    reach: STORED,
  },
  revoke_profile: { method: 'POST', path: '/v1/profiles/:profile/revoke', permission: undefined, reach: STORED },
};

/** Tells whether a token of this scope may make the call. */
export function allows(scope: string, operation: Operation): boolean {
  const { permission } = ENDPOINT_ACCESS[operation];
  return permission === undefined || permissionsOf(scope).includes(permission);
}

/** What the call reaches in a profile of this mode. */
export function reachOf(operation: Operation, mode: AccessMode): Reach {
  return ENDPOINT_ACCESS[operation].reach[mode];
}

/** Whether the calendar's own conferencing can be had: it is made together with an event at the provider. */
export function canWriteAtProvider(mode: AccessMode): boolean {
  return reachOf('write_event', mode) === 'provider';
}

/** The scopes that allow a call, each by itself. */
export function scopesFor(operation: Operation): readonly string[] {
  return SCOPE_NAMES.filter((name) => allows(name, operation));
}
