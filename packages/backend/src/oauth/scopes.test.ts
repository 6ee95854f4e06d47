import { expect, test } from 'vitest';
import { DEFAULT_SCOPE, joinScopes, offersAccessModes, parseScope, scopeFor } from './scopes.ts';

test('keeps the order and drops repetitions', () => {
  expect(parseScope('read_events  create_event read_events')).toBe('read_events create_event');
});

test('accepts what old SDKs send by default', () => {
  expect(parseScope('read_account list_calendars read_events create_event delete_event')).toBe(
    'read_account list_calendars read_events create_event delete_event',
  );
});

test.each(['', ' ', 'admin', 'read_events admin', 'read_events"', 'read_events\\', 'read_events\n', `read_events ${'x'.repeat(10_000)}`])(
  'refuses %j (security A05)',
  (scope) => {
    expect(parseScope(scope)).toBeUndefined();
  },
);

test('free_busy_write switches the access-mode chooser on, and nothing else does', () => {
  expect(offersAccessModes('read_events free_busy_write')).toBe(true);
  expect(offersAccessModes('free_busy')).toBe(false);
  expect(offersAccessModes('read_write')).toBe(false);
});

test('joins scopes without losing one', () => {
  expect(joinScopes('read_write', 'free_busy_write read_write')).toBe('read_write free_busy_write');
});

test('an application that asks for nothing gets the scope it was registered with', () => {
  expect(scopeFor('read_only', undefined)).toBe('read_only');
});

test.each([
  ['read_only', 'read_events read_free_busy'],
  ['read_only', 'read_account list_calendars free_busy'],
  ['read_events', 'read_only'],
  ['read_write', 'free_busy_write'],
  ['read_write', 'create_calendar change_participation_status'],
  ['read_free_busy create_event delete_event', 'free_busy_write'],
  [DEFAULT_SCOPE, 'read_write create_calendar'],
])('registered with %j, it may ask for %j', (registered, asked) => {
  expect(scopeFor(registered, asked)).toBe(asked);
});

test.each([
  ['read_only', 'read_write'],
  ['read_only', 'read_only delete_event'],
  ['free_busy', 'read_events'],
  ['write_only', 'free_busy_write'],
  ['create_event', 'delete_event'],
  ['full_access', 'free_busy'],
  ['read_only', 'admin'],
  [DEFAULT_SCOPE, 'admin'],
])('registered with %j, it may not ask for %j (security A05)', (registered, asked) => {
  expect(scopeFor(registered, asked)).toBeUndefined();
});
